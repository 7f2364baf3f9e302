package io.gitops4j.version;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A semantic version, read loosely: a leading {@code v}, missing minor and patch, and leading zeros of the three numbers are
 * accepted. Equality and order ignore build metadata.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number
 * @param prerelease dot-separated identifiers after {@code -}, {@code ""} for none
 * @param original the text as read
 */
public record Semver(BigInteger major, BigInteger minor, BigInteger patch, String prerelease, String original)
        implements Comparable<Semver> {

    /** The version that {@code text} spells, or {@code null} when it is none. */
    public static @Nullable Semver parse(String text) {
        Scanner scanner = new Scanner(text);
        scanner.skip('v');
        String[] numbers = {"0", "0", "0"};
        for (int i = 0; i < 3; i++) {
            if (i > 0 && !scanner.skip('.')) {
                break;
            }
            String digits = scanner.digits();
            if (digits.isEmpty() || digits.length() > 20) {
                return null;
            }
            numbers[i] = digits;
        }
        String prerelease = scanner.skip('-') ? scanner.identifiers() : "";
        if (scanner.failed || (scanner.skip('+') && scanner.identifiers().isEmpty()) || !scanner.atEnd()) {
            return null;
        }
        return hasLeadingZero(prerelease)
                ? null
                : new Semver(
                        new BigInteger(numbers[0]),
                        new BigInteger(numbers[1]),
                        new BigInteger(numbers[2]),
                        prerelease,
                        text);
    }

    @Override
    public int compareTo(Semver other) {
        int order = major.compareTo(other.major);
        order = order != 0 ? order : minor.compareTo(other.minor);
        order = order != 0 ? order : patch.compareTo(other.patch);
        return order != 0 ? order : comparePrerelease(prerelease, other.prerelease);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Semver that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return ((major.hashCode() * 31 + minor.hashCode()) * 31 + patch.hashCode()) * 31 + prerelease.hashCode();
    }

    @Override
    public String toString() {
        return original;
    }

    private static int comparePrerelease(String a, String b) {
        if (a.equals(b)) {
            return 0;
        }
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? 1 : -1;
        }
        String[] left = a.split("\\.", -1);
        String[] right = b.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = compareIdentifier(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int compareIdentifier(String a, String b) {
        boolean aNumber = isNumber(a);
        boolean bNumber = isNumber(b);
        if (aNumber && bNumber) {
            return new BigInteger(a).compareTo(new BigInteger(b));
        }
        return aNumber != bNumber ? (aNumber ? -1 : 1) : a.compareTo(b);
    }

    private static boolean isNumber(String identifier) {
        return !identifier.isEmpty() && identifier.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean hasLeadingZero(String prerelease) {
        for (String identifier : prerelease.split("\\.", -1)) {
            if (identifier.length() > 1 && identifier.charAt(0) == '0' && isNumber(identifier)) {
                return true;
            }
        }
        return false;
    }

    /** Reads a version or a constraint's version from left to right. */
    static final class Scanner {
        private final String text;
        private int at;
        boolean failed;

        Scanner(String text) {
            this.text = text;
        }

        boolean skip(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        boolean atEnd() {
            return at == text.length();
        }

        String digits() {
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            return text.substring(start, at);
        }

        /** Dot-separated non-empty runs of letters, digits and hyphens; {@code failed} when there are none. */
        String identifiers() {
            int start = at;
            int run = 0;
            while (at < text.length() && (isIdentifier(text.charAt(at)) || (text.charAt(at) == '.' && run > 0))) {
                run = text.charAt(at) == '.' ? 0 : run + 1;
                at++;
            }
            failed |= run == 0;
            return text.substring(start, at);
        }

        private static boolean isIdentifier(char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        }
    }
}
