package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** An exact number. It keeps the characters it was written with; equality and order are by value. */
public final class NumberValue extends Value {
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final NumberValue[] SMALL = new NumberValue[1280];
    private static final int SMALL_LEAST = -256;

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new NumberValue(null, i + SMALL_LEAST, true, true, null);
        }
    }

    /** Zero. */
    public static final NumberValue ZERO = of(0);
    /** One. */
    public static final NumberValue ONE = of(1);

    private final long integer;
    private final boolean isLong;
    private final boolean spelledWhole;
    private @Nullable String lexeme;
    private @Nullable BigDecimal decimal;

    private NumberValue(
            @Nullable String lexeme, long integer, boolean isLong, boolean spelledWhole, @Nullable BigDecimal decimal) {
        this.lexeme = lexeme;
        this.integer = integer;
        this.isLong = isLong;
        this.spelledWhole = spelledWhole;
        this.decimal = decimal;
    }

    /** A whole number. */
    public static NumberValue of(long value) {
        return value >= SMALL_LEAST && value < SMALL.length + SMALL_LEAST
                ? SMALL[(int) value - SMALL_LEAST]
                : new NumberValue(null, value, true, true, null);
    }

    /** A whole number of any size. */
    public static NumberValue of(BigInteger value) {
        if (value.bitLength() < 64) {
            return of(value.longValue());
        }
        return new NumberValue(null, 0, false, true, new BigDecimal(value));
    }

    /** The number of a JSON document. */
    public static NumberValue of(JsonNumber json) {
        String text = json.lexeme();
        if (json.isLong() && text.length() <= 19 && isDigits(text)) {
            return text.equals("-0") ? new NumberValue(text, 0, true, true, null) : of(json.longValue());
        }
        return parse(text);
    }

    /**
     * The number that {@code lexeme} spells.
     *
     * @throws NumberFormatException when it is not one, or its exponent is beyond nine digits
     */
    public static NumberValue parse(String lexeme) {
        boolean digits = isDigits(lexeme);
        if (digits && lexeme.length() <= 18) {
            long value = Long.parseLong(lexeme);
            return value == 0 && lexeme.length() > 1 ? new NumberValue(lexeme, 0, true, true, null) : of(value);
        }
        BigDecimal decimal = new BigDecimal(lexeme);
        boolean isLong = false;
        long value = 0;
        if ((long) decimal.precision() - decimal.scale() <= 19) {
            BigDecimal stripped = decimal.stripTrailingZeros();
            if (stripped.scale() <= 0) {
                BigInteger whole = stripped.toBigIntegerExact();
                isLong = whole.compareTo(LONG_MIN) >= 0 && whole.compareTo(LONG_MAX) <= 0;
                value = isLong ? whole.longValue() : 0;
            }
        }
        return new NumberValue(lexeme, value, isLong, digits, decimal);
    }

    /** As {@link #parse}, {@code null} for anything that is no JSON number. */
    public static @Nullable NumberValue parseOrNull(String text) {
        return JsonNumber.isNumber(text) ? parse(text) : null;
    }

    private static boolean isDigits(String text) {
        int start = !text.isEmpty() && text.charAt(0) == '-' ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return text.length() > start;
    }

    /** The characters of this number. */
    public String lexeme() {
        String known = lexeme;
        if (known == null) {
            known = isLong
                    ? Long.toString(integer)
                    : decimal().toBigIntegerExact().toString();
            lexeme = known;
        }
        return known;
    }

    /** Whether the value is whole and fits a long. */
    public boolean isLong() {
        return isLong;
    }

    /** The value, where {@link #isLong()} holds; else 0. */
    public long longValue() {
        return integer;
    }

    /** Whether it is written with digits only ({@code 1}, not {@code 1.0} or {@code 1e0}). */
    public boolean spelledWhole() {
        return spelledWhole;
    }

    /** The position in an array that this number names, or -1. */
    public int index() {
        return isLong && spelledWhole && integer >= 0 && integer <= Integer.MAX_VALUE ? (int) integer : -1;
    }

    /** Whether the value has no fraction. */
    public boolean isWhole() {
        return isLong || spelledWhole || decimal().stripTrailingZeros().scale() <= 0;
    }

    /**
     * The value as a whole number.
     *
     * @throws ArithmeticException when it has a fraction or more than a million digits
     */
    public BigInteger bigInteger() {
        if (isLong) {
            return BigInteger.valueOf(integer);
        }
        if (decimal().scale() < -1_000_000) {
            throw new ArithmeticException("number too large");
        }
        return decimal().toBigIntegerExact();
    }

    /** The exact value. */
    public BigDecimal decimal() {
        BigDecimal known = decimal;
        if (known == null) {
            known = BigDecimal.valueOf(integer);
            decimal = known;
        }
        return known;
    }

    /** The nearest double. */
    public double doubleValue() {
        return isLong ? (double) integer : Double.parseDouble(lexeme());
    }

    /** The sign: -1, 0 or 1. */
    public int signum() {
        return isLong ? Long.signum(integer) : decimal().signum();
    }

    @Override
    public int rank() {
        return 2;
    }

    @Override
    public String typeName() {
        return "number";
    }

    @Override
    public void write(StringBuilder out) {
        out.append(lexeme());
    }

    @Override
    public Json toJson() {
        return isLong && lexeme == null ? Json.of(integer) : JsonNumber.parse(lexeme());
    }

    @Override
    int compareSame(Value other) {
        NumberValue that = (NumberValue) other;
        return isLong && that.isLong
                ? Long.compare(integer, that.integer)
                : decimal().compareTo(that.decimal());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof NumberValue that)) {
            return false;
        }
        return isLong || that.isLong
                ? isLong == that.isLong && integer == that.integer
                : decimal().compareTo(that.decimal()) == 0;
    }

    @Override
    public int hashCode() {
        if (isLong) {
            long mixed = integer * 0x9E3779B97F4A7C15L;
            return (int) (mixed ^ (mixed >>> 32));
        }
        return decimal().stripTrailingZeros().hashCode();
    }
}
