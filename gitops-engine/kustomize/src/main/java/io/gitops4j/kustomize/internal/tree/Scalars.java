package io.gitops4j.kustomize.internal.tree;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a plain scalar decides its type when a resource is read, and how numbers and times are written: the rules
 * of Go's YAML (third major version) and JSON encoders.
 */
public final class Scalars {
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern TIME = Pattern.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
            + "(?:(?:([Tt])|[ ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?(Z|[-+][0-9]{2}:[0-9]{2})?)?");
    /** Of 64 bits in base 2; longer ones are not counted. */
    private static final int MOST_DIGITS = 64;

    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger MIN = BigInteger.ONE.shiftLeft(63).negate();

    private Scalars() {}

    /** The type that plain text has. */
    public static Tag resolve(String text) {
        if (text.isEmpty()) {
            return Tag.NULL;
        }
        char first = text.charAt(0);
        boolean numeric = (first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.';
        if (!numeric) {
            return switch (text) {
                case "~", "null", "Null", "NULL" -> Tag.NULL;
                case "true", "True", "TRUE", "false", "False", "FALSE" -> Tag.BOOL;
                case "<<" -> Tag.MERGE;
                default -> Tag.STR;
            };
        }
        if (special(text) != null) {
            return Tag.FLOAT;
        }
        String plain = text.replace("_", "");
        if (integer(plain) != null) {
            return Tag.INT;
        }
        if (FLOAT.matcher(plain).matches()) {
            return Double.isInfinite(Double.parseDouble(plain)) ? Tag.STR : Tag.FLOAT;
        }
        return text.length() >= 8 && text.length() < 64 && time(text) != null ? Tag.TIMESTAMP : Tag.STR;
    }

    /** Whether the text spells a number that no double holds. */
    static boolean isTooLarge(String text) {
        String plain = text.replace("_", "");
        return FLOAT.matcher(plain).matches() && Double.isInfinite(Double.parseDouble(plain));
    }

    /** {@code +Inf}, {@code -Inf} or {@code NaN} where the text spells one. */
    public static @Nullable String special(String text) {
        return switch (text) {
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> "+Inf";
            case "-.inf", "-.Inf", "-.INF" -> "-Inf";
            case ".nan", ".NaN", ".NAN" -> "NaN";
            default -> null;
        };
    }

    /** The whole number that the text spells in Go's base-0 form, if it fits 64 bits (signed or unsigned). */
    public static @Nullable BigInteger integer(String plain) {
        int from = 0;
        boolean negative = false;
        if (!plain.isEmpty() && (plain.charAt(0) == '+' || plain.charAt(0) == '-')) {
            negative = plain.charAt(0) == '-';
            from = 1;
        }
        int radix = 10;
        if (plain.length() > from + 1 && plain.charAt(from) == '0') {
            switch (plain.charAt(from + 1)) {
                case 'x', 'X' -> radix = 16;
                case 'b', 'B' -> radix = 2;
                case 'o', 'O' -> radix = 8;
                default -> radix = -8;
            }
            from += radix < 0 ? 1 : 2;
            radix = Math.abs(radix);
        }
        if (from >= plain.length()) {
            return null;
        }
        for (int i = from; i < plain.length(); i++) {
            if (plain.charAt(i) > 127 || Character.digit(plain.charAt(i), radix) < 0) {
                return null;
            }
        }
        int digits = from;
        while (digits < plain.length() - 1 && plain.charAt(digits) == '0') {
            digits++;
        }
        if (plain.length() - digits > MOST_DIGITS) {
            return null;
        }
        BigInteger value = new BigInteger(plain.substring(digits), radix);
        value = negative ? value.negate() : value;
        return value.compareTo(MAX) >= 0 || value.compareTo(MIN) < 0 ? null : value;
    }

    /** The double of a float's text; {@code null} where the text is no number. */
    public static @Nullable Double floating(String text) {
        String plain = text.replace("_", "");
        return FLOAT.matcher(plain).matches() ? Double.valueOf(plain) : null;
    }

    /** The RFC 3339 text of a timestamp, or {@code null} where the text is none. */
    public static @Nullable String time(String text) {
        Matcher m = TIME.matcher(text);
        if (!m.matches()) {
            return null;
        }
        try {
            LocalDate date = LocalDate.of(number(m, 1), number(m, 2), number(m, 3));
            if (m.group(5) == null) {
                return date + "T00:00:00Z";
            }
            String zone = m.group(9);
            if ((m.group(4) == null) != (zone == null)) {
                return null;
            }
            int nano = m.group(8) == null ? 0 : Integer.parseInt((m.group(8) + "000000000").substring(0, 9));
            LocalDateTime time = LocalDateTime.of(date, LocalTime.of(number(m, 5), number(m, 6), number(m, 7), nano));
            return goTime(time, zone == null || "+00:00".equals(zone) ? "Z" : zone);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(Matcher m, int group) {
        return Integer.parseInt(m.group(group));
    }

    private static String goTime(LocalDateTime t, String zone) {
        StringBuilder out = new StringBuilder(t.toLocalDate().toString()).append('T');
        two(out, t.getHour()).append(':');
        two(out, t.getMinute()).append(':');
        two(out, t.getSecond());
        if (t.getNano() != 0) {
            String nanos = String.valueOf(1_000_000_000L + t.getNano()).substring(1);
            int end = nanos.length();
            while (nanos.charAt(end - 1) == '0') {
                end--;
            }
            out.append('.').append(nanos, 0, end);
        }
        return out.append(zone).toString();
    }

    private static StringBuilder two(StringBuilder out, int value) {
        return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    /**
     * The text that a finite double has in the output: whole numbers below 1e21 that fit 64 bits in decimal digits, all others
     * in Go's shortest {@code %g} form.
     */
    public static String printed(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(value);
        if (Math.abs(value) < 1e21 && shortest.stripTrailingZeros().scale() <= 0) {
            BigInteger whole = shortest.toBigIntegerExact();
            if (whole.compareTo(MAX) < 0 && whole.compareTo(MIN) >= 0) {
                return whole.toString();
            }
        }
        return shortestG(shortest);
    }

    private static String shortestG(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        int limit = 6;
        if (exponent >= -4 && exponent < limit) {
            return stripped.toPlainString();
        }
        String digits = stripped.unscaledValue().abs().toString();
        StringBuilder out = new StringBuilder();
        if (stripped.signum() < 0) {
            out.append('-');
        }
        out.append(digits.charAt(0));
        if (digits.length() > 1) {
            out.append('.').append(digits, 1, digits.length());
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        return (size < 10 ? out.append('0') : out).append(size).toString();
    }

    /** The decimal of the fewest digits that reads back as the value. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(17));
    }
}
