package io.gitops4j.rego.syntax;

/** Checks of number tokens. */
final class NumberLiterals {
    /** Binary exponents past this are refused, so that no later arithmetic blows up. */
    private static final double MAX_BINARY_EXPONENT = 1e5;

    private NumberLiterals() {}

    enum Fault {
        NONE,
        INVALID,
        TOO_BIG
    }

    /** Whether {@code text}, spelled as a number, is in range. */
    static Fault check(String text) {
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        String digits = e < 0 ? text : text.substring(0, e);
        long exponent = 0;
        if (e >= 0) {
            String exponentText = text.substring(text.charAt(e + 1) == '+' ? e + 2 : e + 1);
            if (exponentText.length() > 11) {
                return Fault.INVALID;
            }
            exponent = Long.parseLong(exponentText);
            if (exponent > Integer.MAX_VALUE || exponent < Integer.MIN_VALUE) {
                return Fault.INVALID;
            }
        }
        int point = digits.indexOf('.');
        int first = firstSignificant(digits);
        if (first < 0) {
            return Fault.NONE;
        }
        int whole = point < 0 ? digits.length() : point;
        long magnitude = exponent + (first < whole ? whole - first : whole + 1 - first);
        double binary = magnitude * 3.321928094887362;
        return binary > MAX_BINARY_EXPONENT || binary < -MAX_BINARY_EXPONENT ? Fault.TOO_BIG : Fault.NONE;
    }

    private static int firstSignificant(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c >= '1' && c <= '9') {
                return i;
            }
        }
        return -1;
    }
}
