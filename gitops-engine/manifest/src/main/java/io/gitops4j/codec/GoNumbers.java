package io.gitops4j.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** How Go's strconv reads whole numbers and prints floats; the number formats of every Go YAML tool come from there. */
final class GoNumbers {
    private static final BigInteger MAX_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int LONGEST_INTEGER = 80;

    private GoNumbers() {}

    /**
     * The whole number that {@code text} spells in base 0: sign, then {@code 0x}, {@code 0o}, {@code 0b}, a leading
     * {@code 0} for octal, or decimal; {@code null} when it is none or needs more than 64 bits.
     */
    static @Nullable BigInteger parseInteger(String text) {
        int n = text.length();
        int at = n > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        boolean negative = at == 1 && text.charAt(0) == '-';
        if (at == n || n > LONGEST_INTEGER) {
            return null;
        }
        int base = 10;
        if (text.charAt(at) == '0' && n - at > 1) {
            switch (text.charAt(at + 1)) {
                case 'x', 'X' -> {
                    base = 16;
                    at += 2;
                }
                case 'o', 'O' -> {
                    base = 8;
                    at += 2;
                }
                case 'b', 'B' -> {
                    base = 2;
                    at += 2;
                }
                default -> {
                    base = 8;
                    at++;
                }
            }
        }
        if (at == n) {
            return null;
        }
        for (int i = at; i < n; i++) {
            char c = text.charAt(i);
            if (c > 'f' || Character.digit(c, base) < 0) {
                return null;
            }
        }
        BigInteger magnitude = new BigInteger(text.substring(at), base);
        if (at > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            // A signed text is never read as uint64.
            return magnitude.bitLength() < 64 || (negative && magnitude.equals(BigInteger.ONE.shiftLeft(63)))
                    ? negative ? magnitude.negate() : magnitude
                    : null;
        }
        return magnitude.compareTo(MAX_UINT64) <= 0 ? magnitude : null;
    }

    /** Whether {@code text} is a decimal float as YAML spells it: {@code [-+]?(.d+|d+(.d*)?)([eE][-+]?d+)?}. */
    static boolean isFloat(String text) {
        int n = text.length();
        int i = n > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        int whole = digits(text, i);
        int digits = whole - i;
        i = whole;
        if (i < n && text.charAt(i) == '.') {
            int fraction = digits(text, i + 1);
            if (digits == 0 && fraction == i + 1) {
                return false;
            }
            digits += fraction - i;
            i = fraction;
        }
        if (digits == 0) {
            return false;
        }
        if (i < n && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            i++;
            if (i < n && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
                i++;
            }
            int exponent = digits(text, i);
            if (exponent == i) {
                return false;
            }
            i = exponent;
        }
        return i == n;
    }

    /** Whether {@code text} spells a number, whole or not, that is beyond the range of a float64. Nothing is computed exactly. */
    static boolean isTooLarge(String text) {
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        if ((first < '0' || first > '9') && "+-.".indexOf(first) < 0) {
            return false;
        }
        String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
        return isFloat(plain) && Double.isInfinite(Double.parseDouble(plain));
    }

    private static int digits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** A float as encoding/json prints it: plain from 1e-6 up to 1e21, {@code 1e+21} and {@code 1e-7} outside. */
    static String jsonFloat(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(value);
        double magnitude = Math.abs(value);
        if (magnitude >= 1e-6 && magnitude < 1e21) {
            return shortest.toPlainString();
        }
        return scientific(shortest, 1);
    }

    /** A float as {@code strconv.FormatFloat(value, 'g', -1, 64)} prints it. */
    static String general(double value) {
        return value == 0 ? (1 / value < 0 ? "-0" : "0") : general(shortest(value));
    }

    /** As {@link #general(double)} after rounding to 32 bits; sigs.k8s.io/yaml prints float keys so. */
    static String general32(double value) {
        float narrow = (float) value;
        if (narrow == 0) {
            return 1 / narrow < 0 ? "-0" : "0";
        }
        if (Float.isInfinite(narrow)) {
            return narrow > 0 ? ".inf" : "-.inf";
        }
        BigDecimal exact = new BigDecimal(narrow);
        for (int digits = 1; digits < 9; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.floatValue() == narrow) {
                return general(rounded.stripTrailingZeros());
            }
        }
        return general(exact.round(new MathContext(9)).stripTrailingZeros());
    }

    private static String general(BigDecimal shortest) {
        int exponent = shortest.precision() - shortest.scale() - 1;
        // Shortest output decides as if the precision were six: 1234567.5 prints as 1.2345675e+06.
        return exponent < -4 || exponent >= 6 ? scientific(shortest, 2) : shortest.toPlainString();
    }

    /** The decimal of the fewest digits that reads back as {@code value}, without trailing zeros. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = Math.abs(value) < Double.MIN_NORMAL ? 1 : 15; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17)).stripTrailingZeros();
    }

    private static String scientific(BigDecimal value, int exponentDigits) {
        int exponent = value.precision() - value.scale() - 1;
        String digits = value.unscaledValue().abs().toString();
        StringBuilder out = new StringBuilder(digits.length() + 6);
        if (value.signum() < 0) {
            out.append('-');
        }
        out.append(digits.charAt(0));
        if (digits.length() > 1) {
            out.append('.').append(digits, 1, digits.length());
        }
        String power = Integer.toString(Math.abs(exponent));
        out.append(exponent < 0 ? "e-" : "e+").append("0".repeat(Math.max(0, exponentDigits - power.length())));
        return out.append(power).toString();
    }
}
