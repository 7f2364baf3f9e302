package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;

/** {@code find} and {@code findAll}, by RE2, so in time that grows with the text. */
final class Regexes {
    private Regexes() {}

    static void register(FunctionTable table) {
        ListType texts = ListType.create(SimpleType.STRING);
        table.member(
                "find",
                "string_find_string",
                SimpleType.STRING,
                a -> find((String) a[0], (String) a[1]),
                SimpleType.STRING,
                SimpleType.STRING);
        table.member(
                "findAll",
                "string_find_all_string",
                texts,
                a -> findAll((String) a[0], (String) a[1], -1),
                SimpleType.STRING,
                SimpleType.STRING);
        table.member(
                "findAll",
                "string_find_all_string_int",
                texts,
                a -> findAll((String) a[0], (String) a[1], (Long) a[2]),
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.INT);
    }

    private static String find(String text, String pattern) {
        Matcher matcher = compile(pattern).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> findAll(String text, String pattern, long limit) {
        List<String> found = new ArrayList<>();
        Matcher matcher = compile(pattern).matcher(text);
        while ((limit < 0 || found.size() < limit) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw failure("Illegal regex: " + e.getMessage());
        }
    }
}
