package io.gitops4j.gotemplate;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers as Go reads and prints them. */
final class GoNumbers {
    private GoNumbers() {}

    /** The value of a constant: a whole number, or a floating point one when it is written as one. */
    static Object constant(String text) {
        String plain = text.replace("_", "");
        boolean hex = plain.length() > 1
                && plain.substring(plain.startsWith("-") || plain.startsWith("+") ? 1 : 0)
                        .toLowerCase(java.util.Locale.ROOT)
                        .startsWith("0x");
        try {
            if (!hex && (plain.indexOf('.') >= 0 || plain.indexOf('e') >= 0 || plain.indexOf('E') >= 0)) {
                return Double.parseDouble(plain);
            }
            return integer(plain);
        } catch (NumberFormatException e) {
            throw new TemplateException("bad number syntax: \"" + text + "\"");
        }
    }

    /** A whole number with Go's prefixes. */
    static Long integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        String lower = digits.toLowerCase(java.util.Locale.ROOT);
        BigInteger value;
        if (lower.startsWith("0x")) {
            value = new BigInteger(lower.substring(2), 16);
        } else if (lower.startsWith("0b")) {
            value = new BigInteger(lower.substring(2), 2);
        } else if (lower.startsWith("0o")) {
            value = new BigInteger(lower.substring(2), 8);
        } else if (lower.length() > 1 && lower.startsWith("0")) {
            value = new BigInteger(lower.substring(1), 8);
        } else {
            value = new BigInteger(lower);
        }
        if (value.signum() < 0 || value.bitLength() > 63) {
            throw new NumberFormatException(text);
        }
        return negative ? -value.longValue() : value.longValue();
    }

    /** A floating point number as {@code %v} prints it: the shortest text, with an exponent from 1e+06 on. */
    static String shown(double value) {
        return general(value, 6);
    }

    /** The shortest text, with an exponent below 1e-4 and from {@code bound} digits on. */
    static String general(double value, int bound) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal shortest = shortest(value);
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent < -4 || exponent >= bound) {
            String digits = shortest.unscaledValue().abs().toString();
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            String sign = shortest.signum() < 0 ? "-" : "";
            int size = Math.abs(exponent);
            return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
        }
        return shortest.toPlainString();
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new java.math.MathContext(digits));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new java.math.MathContext(17)).stripTrailingZeros();
    }
}
