package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import com.google.common.base.Ascii;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import io.gitops4j.version.Semver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Semantic versions, strict, or mended first where the call says so ({@code v1.2} reads as {@code 1.2.0}). */
final class Semvers {
    private static final Pattern STRICT = Pattern.compile("(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"
            + "(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");
    private static final Pattern CORE = Pattern.compile("^([0-9]+(?:\\.[0-9]+)*)(.*)$");

    private Semvers() {}

    static void register(FunctionTable table) {
        OpaqueType semver = table.opaque("kubernetes.Semver", Semver.class);
        table.global("semver", "string_to_semver", semver, a -> parse((String) a[0], false), SimpleType.STRING);
        table.global(
                "semver",
                "string_bool_to_semver",
                semver,
                a -> parse((String) a[0], (Boolean) a[1]),
                SimpleType.STRING,
                SimpleType.BOOL);
        table.global(
                "isSemver",
                "is_semver_string",
                SimpleType.BOOL,
                a -> read((String) a[0], false) != null,
                SimpleType.STRING);
        table.global(
                "isSemver",
                "is_semver_string_bool",
                SimpleType.BOOL,
                a -> read((String) a[0], (Boolean) a[1]) != null,
                SimpleType.STRING,
                SimpleType.BOOL);
        table.member(
                "major", "semver_major", SimpleType.INT, a -> of(a[0]).major().longValue(), semver);
        table.member(
                "minor", "semver_minor", SimpleType.INT, a -> of(a[0]).minor().longValue(), semver);
        table.member(
                "patch", "semver_patch", SimpleType.INT, a -> of(a[0]).patch().longValue(), semver);
        table.member(
                "isGreaterThan",
                "semver_is_greater_than",
                SimpleType.BOOL,
                a -> of(a[0]).compareTo(of(a[1])) > 0,
                semver,
                semver);
        table.member(
                "isLessThan",
                "semver_is_less_than",
                SimpleType.BOOL,
                a -> of(a[0]).compareTo(of(a[1])) < 0,
                semver,
                semver);
        table.member(
                "compareTo",
                "semver_compare_to",
                SimpleType.INT,
                a -> (long) Integer.signum(of(a[0]).compareTo(of(a[1]))),
                semver,
                semver);
    }

    private static Semver of(Object value) {
        return (Semver) value;
    }

    private static Semver parse(String text, boolean mended) {
        Semver version = read(text, mended);
        if (version == null) {
            throw failure(why(text));
        }
        return version;
    }

    /** The first thing that is wrong, in the words of Kubernetes' parser. */
    private static String why(String text) {
        if (text.isEmpty()) {
            return "Version string empty";
        }
        List<String> parts = List.of(text.split("\\.", 3));
        if (parts.size() != 3) {
            return "No Major.Minor.Patch elements found";
        }
        String patch = parts.get(2).replaceFirst("\\+.*$", "").replaceFirst("-.*$", "");
        List<String> numbers = List.of(parts.get(0), parts.get(1), patch);
        List<String> names = List.of("Major", "Minor", "Patch");
        for (int i = 0; i < 3; i++) {
            String number = numbers.get(i);
            if (!number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return "Invalid character(s) found in " + Ascii.toLowerCase(names.get(i)) + " number \"" + number
                        + "\"";
            }
            if (number.length() > 1 && number.charAt(0) == '0') {
                return names.get(i) + " number must not contain leading zeroes \"" + number + "\"";
            }
        }
        return "Invalid character(s) found in prerelease or build meta data of \"" + text + "\"";
    }

    private static @Nullable Semver read(String text, boolean mended) {
        String version = mended ? mend(text) : text;
        return STRICT.matcher(version).matches() ? Semver.parse(version) : null;
    }

    /** Without a leading v and leading zeros, with three numbers. */
    private static String mend(String text) {
        String bare = text.startsWith("v") ? text.substring(1) : text;
        Matcher core = CORE.matcher(bare);
        if (!core.matches()) {
            return bare;
        }
        List<String> numbers = new ArrayList<>();
        for (String number : core.group(1).split("\\.", -1)) {
            String trimmed = number.replaceFirst("^0+(?=.)", "");
            numbers.add(trimmed);
        }
        while (numbers.size() < 3) {
            numbers.add("0");
        }
        return String.join(".", numbers) + core.group(2);
    }
}
