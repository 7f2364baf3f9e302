package io.gitops4j.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A JSON number of any size and precision. It keeps the characters it was written with ({@code 1.10} stays {@code 1.10});
 * equality and order go by value.
 */
public final class JsonNumber implements Json, Comparable<JsonNumber> {
    private static final JsonNumber[] SMALL = new JsonNumber[256];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new JsonNumber(Integer.toString(i), i, true);
        }
    }

    private final String lexeme;
    private final long integer;
    private final boolean isLong;
    private @Nullable BigDecimal decimal;

    private JsonNumber(String lexeme, long integer, boolean isLong) {
        this.lexeme = lexeme;
        this.integer = integer;
        this.isLong = isLong;
    }

    /** A whole number; its lexeme is the plain decimal form. */
    public static JsonNumber of(long value) {
        return value >= 0 && value < SMALL.length
                ? SMALL[(int) value]
                : new JsonNumber(Long.toString(value), value, true);
    }

    /**
     * The number that {@code lexeme} spells.
     *
     * @param lexeme a number as RFC 8259 defines it
     * @throws IllegalArgumentException when it is not one
     */
    public static JsonNumber parse(String lexeme) {
        if (!isNumber(lexeme)) {
            throw new IllegalArgumentException("not a JSON number: " + lexeme);
        }
        int length = lexeme.length();
        if (length <= 18) {
            boolean digits = true;
            for (int i = lexeme.charAt(0) == '-' ? 1 : 0; i < length && digits; i++) {
                digits = lexeme.charAt(i) <= '9' && lexeme.charAt(i) >= '0';
            }
            if (digits) {
                long value = Long.parseLong(lexeme);
                boolean shared = value >= 0 && value < SMALL.length && lexeme.charAt(0) != '-';
                return shared ? SMALL[(int) value] : new JsonNumber(lexeme, value, true);
            }
        }
        BigDecimal decimal = new BigDecimal(lexeme);
        BigDecimal stripped = decimal.stripTrailingZeros();
        boolean isLong = stripped.scale() <= 0
                && (long) stripped.precision() - stripped.scale() <= 19
                && stripped.toBigInteger().bitLength() < 64;
        JsonNumber number = new JsonNumber(lexeme, isLong ? stripped.longValueExact() : 0, isLong);
        number.decimal = decimal;
        return number;
    }

    /** Whether {@code text} is a number as RFC 8259 spells them, with an exponent that Java's decimals hold. */
    public static boolean isNumber(String text) {
        int n = text.length();
        int i = n > 0 && text.charAt(0) == '-' ? 1 : 0;
        int start = i;
        while (i < n && isDigit(text.charAt(i))) {
            i++;
        }
        if (i == start || (text.charAt(start) == '0' && i - start > 1)) {
            return false;
        }
        if (i < n && text.charAt(i) == '.') {
            int fraction = ++i;
            while (i < n && isDigit(text.charAt(i))) {
                i++;
            }
            if (i == fraction) {
                return false;
            }
        }
        if (i < n && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            i++;
            if (i < n && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
                i++;
            }
            int exponent = i;
            while (i < n && isDigit(text.charAt(i))) {
                i++;
            }
            if (i == exponent || i - exponent > 9) {
                return false;
            }
        }
        return i == n;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The characters this number was written with. */
    public String lexeme() {
        return lexeme;
    }

    /** Whether the value is whole and fits a long, so that {@link #longValue()} is exact. */
    public boolean isLong() {
        return isLong;
    }

    /**
     * The value as a long.
     *
     * @throws ArithmeticException when it is not whole or does not fit
     */
    public long longValue() {
        return isLong ? integer : decimal().longValueExact();
    }

    /** The value as an int, or {@code fallback} when it is not whole or does not fit. */
    public int intValueOr(int fallback) {
        return isLong && integer == (int) integer ? (int) integer : fallback;
    }

    /** The nearest double. */
    public double doubleValue() {
        return isLong ? (double) integer : Double.parseDouble(lexeme);
    }

    /** The exact value. */
    public BigDecimal decimal() {
        BigDecimal known = decimal;
        if (known == null) {
            known = isLong ? BigDecimal.valueOf(integer) : new BigDecimal(lexeme);
            decimal = known;
        }
        return known;
    }

    /** Whether the value has no fraction ({@code 1.0} and {@code 1e3} have none). */
    public boolean isWhole() {
        return isLong || decimal().stripTrailingZeros().scale() <= 0;
    }

    /**
     * The value as a whole number of any size.
     *
     * @throws ArithmeticException when it has a fraction, or more than a million digits
     */
    public BigInteger bigInteger() {
        if (isLong) {
            return BigInteger.valueOf(integer);
        }
        if (decimal().scale() < -1_000_000) {
            throw new ArithmeticException("too large to expand: " + lexeme);
        }
        return decimal().toBigIntegerExact();
    }

    @Override
    public Kind kind() {
        return Kind.NUMBER;
    }

    @Override
    public void write(StringBuilder out) {
        out.append(lexeme);
    }

    @Override
    public int compareTo(JsonNumber other) {
        return isLong && other.isLong
                ? Long.compare(integer, other.integer)
                : decimal().compareTo(other.decimal());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof JsonNumber that
                        && (isLong || that.isLong
                                ? isLong == that.isLong && integer == that.integer
                                : decimal().compareTo(that.decimal()) == 0));
    }

    @Override
    public int hashCode() {
        return isLong ? Long.hashCode(integer) : decimal().stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return lexeme;
    }
}
