package io.gitops4j.rego.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic on numbers as OPA does it: whole numbers exactly, fractions in binary with a mantissa of 64 bits. Results are printed with
 * as few digits as read back the same.
 */
public final class Arithmetic {
    private static final int LARGEST_EXPONENT = 10_000;

    private Arithmetic() {}

    /** The sum. */
    public static NumberValue plus(NumberValue left, NumberValue right) {
        if (left.isLong() && right.isLong()) {
            long a = left.longValue();
            long b = right.longValue();
            long sum = a + b;
            if (((a ^ sum) & (b ^ sum)) >= 0) {
                return NumberValue.of(sum);
            }
        }
        return exact(left, right)
                ? NumberValue.of(left.bigInteger().add(right.bigInteger()))
                : GoFloat.of(left.decimal()).plus(GoFloat.of(right.decimal())).toNumber();
    }

    /** The difference. */
    public static NumberValue minus(NumberValue left, NumberValue right) {
        if (left.isLong() && right.isLong()) {
            long a = left.longValue();
            long b = right.longValue();
            long difference = a - b;
            if (((a ^ b) & (a ^ difference)) >= 0) {
                return NumberValue.of(difference);
            }
        }
        return exact(left, right)
                ? NumberValue.of(left.bigInteger().subtract(right.bigInteger()))
                : GoFloat.of(left.decimal()).minus(GoFloat.of(right.decimal())).toNumber();
    }

    /** The product. */
    public static NumberValue times(NumberValue left, NumberValue right) {
        if (left.isLong() && right.isLong()) {
            long a = left.longValue();
            long b = right.longValue();
            long high = Math.multiplyHigh(a, b);
            long low = a * b;
            if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
                return NumberValue.of(low);
            }
        }
        return exact(left, right)
                ? NumberValue.of(left.bigInteger().multiply(right.bigInteger()))
                : GoFloat.of(left.decimal()).times(GoFloat.of(right.decimal())).toNumber();
    }

    /** The quotient; {@code null} for a zero divisor. */
    public static @Nullable NumberValue divide(NumberValue left, NumberValue right) {
        if (right.signum() == 0) {
            return null;
        }
        if (left.isLong() && right.isLong()) {
            long a = left.longValue();
            long b = right.longValue();
            if (a % b == 0 && a != Long.MIN_VALUE) {
                return NumberValue.of(a / b);
            }
        }
        return GoFloat.of(left.decimal()).dividedBy(GoFloat.of(right.decimal())).toNumber();
    }

    /** The remainder of whole numbers, with the dividend's sign; {@code null} for a zero divisor. */
    public static @Nullable NumberValue remainder(NumberValue left, NumberValue right) {
        if (right.signum() == 0) {
            return null;
        }
        if (left.isLong() && right.isLong()) {
            return NumberValue.of(left.longValue() % right.longValue());
        }
        return NumberValue.of(left.bigInteger().remainder(right.bigInteger()));
    }

    /** The whole number that {@code mode} rounds to. */
    public static NumberValue round(NumberValue number, RoundingMode mode) {
        if (number.isLong()) {
            return NumberValue.of(number.longValue());
        }
        BigDecimal decimal = GoFloat.of(number.decimal()).exact();
        BigInteger whole = decimal.toBigInteger();
        boolean fraction = decimal.stripTrailingZeros().scale() > 0;
        // OPA decides by the sign of the whole part, so that between -1 and 0 floor gives 0 and ceil 1.
        if (fraction && mode == RoundingMode.FLOOR) {
            return NumberValue.of(whole.signum() < 0 ? whole.subtract(BigInteger.ONE) : whole);
        }
        if (fraction && mode == RoundingMode.CEILING) {
            return NumberValue.of(whole.signum() < 0 ? whole : whole.add(BigInteger.ONE));
        }
        return NumberValue.of(decimal.setScale(0, mode).toBigIntegerExact());
    }

    /** A whole number, as the 64 bits of a binary fraction hold it when it is written with an exponent. */
    public static BigInteger bigInteger(NumberValue number) {
        return number.isLong() || number.spelledWhole()
                ? number.bigInteger()
                : GoFloat.of(number.decimal()).exact().toBigInteger();
    }

    /** The absolute value. */
    public static NumberValue abs(NumberValue number) {
        if (number.isLong()) {
            return number.longValue() == Long.MIN_VALUE
                    ? NumberValue.of(number.bigInteger().negate())
                    : NumberValue.of(Math.abs(number.longValue()));
        }
        String text = number.lexeme();
        String bare = number.signum() < 0 ? text.substring(1) : text;
        return GoFloat.of(NumberValue.parse(bare).decimal()).toNumber();
    }

    /** The whole part of a product of binary fractions. */
    public static BigInteger wholeProduct(BigDecimal left, BigDecimal right) {
        return GoFloat.of(left).times(GoFloat.of(right)).exact().toBigInteger();
    }

    private static boolean exact(NumberValue left, NumberValue right) {
        return whole(left) && whole(right);
    }

    private static boolean whole(NumberValue number) {
        return number.isLong()
                || number.spelledWhole()
                || (number.decimal().scale() > -LARGEST_EXPONENT && number.isWhole());
    }

    /** The value as a whole number, or {@code null} when it has a fraction. */
    public static @Nullable BigInteger integer(NumberValue number) {
        return number.isWhole() ? number.bigInteger() : null;
    }
}
