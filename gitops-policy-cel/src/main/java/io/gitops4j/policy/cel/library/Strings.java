package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.List;

/** {@code indexOf}, {@code lastIndexOf}, {@code reverse} and {@code format} of strings; positions count code points. */
final class Strings {
    private Strings() {}

    static void register(FunctionTable table) {
        table.member(
                "indexOf",
                "string_index_of_string",
                SimpleType.INT,
                a -> indexOf((String) a[0], (String) a[1], 0),
                SimpleType.STRING,
                SimpleType.STRING);
        table.member(
                "indexOf",
                "string_index_of_string_int",
                SimpleType.INT,
                a -> indexOf((String) a[0], (String) a[1], (Long) a[2]),
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.INT);
        table.member(
                "lastIndexOf",
                "string_last_index_of_string",
                SimpleType.INT,
                a -> lastIndexOf((String) a[0], (String) a[1], Long.MAX_VALUE),
                SimpleType.STRING,
                SimpleType.STRING);
        table.member(
                "lastIndexOf",
                "string_last_index_of_string_int",
                SimpleType.INT,
                a -> lastIndexOf((String) a[0], (String) a[1], (Long) a[2]),
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.INT);
        table.member(
                "reverse",
                "string_reverse",
                SimpleType.STRING,
                a -> new StringBuilder((String) a[0]).reverse().toString(),
                SimpleType.STRING);
        table.member(
                "format",
                "string_format",
                SimpleType.STRING,
                a -> StringFormat.format((String) a[0], (List<?>) a[1]),
                SimpleType.STRING,
                ListType.create(SimpleType.DYN));
    }

    private static long indexOf(String text, String part, long from) {
        int length = text.codePointCount(0, text.length());
        if (from < 0 || from > length) {
            throw failure("index out of range: " + from);
        }
        int at = text.indexOf(part, text.offsetByCodePoints(0, (int) from));
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static long lastIndexOf(String text, String part, long from) {
        int length = text.codePointCount(0, text.length());
        if (from < 0 || (from > length && from != Long.MAX_VALUE)) {
            throw failure("index out of range: " + from);
        }
        int start = from >= length ? text.length() : text.offsetByCodePoints(0, (int) from);
        int at = text.lastIndexOf(part, start);
        return at < 0 ? -1 : text.codePointCount(0, at);
    }
}
