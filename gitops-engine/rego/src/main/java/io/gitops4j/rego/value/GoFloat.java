package io.gitops4j.rego.value;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Go's {@code big.Float} with a mantissa of 64 bits, rounded to the nearest, ties to even: what OPA computes fractions with. A value is
 * {@code mantissa × 2^exponent}.
 */
final class GoFloat {
    private static final int BITS = 64;
    private static final GoFloat ZERO = new GoFloat(BigInteger.ZERO, 0);

    private final BigInteger mantissa;
    private final int exponent;

    private GoFloat(BigInteger mantissa, int exponent) {
        this.mantissa = mantissa;
        this.exponent = exponent;
    }

    /** The nearest value; the decimal's exponent must be within a hundred thousand. */
    static GoFloat of(BigDecimal decimal) {
        if (decimal.signum() == 0) {
            return ZERO;
        }
        BigInteger unscaled = decimal.unscaledValue();
        int scale = decimal.scale();
        if (Math.abs((long) scale) > 100_000) {
            throw new ArithmeticException("number out of range");
        }
        return scale <= 0
                ? round(unscaled.multiply(BigInteger.TEN.pow(-scale)), 0, false)
                : quotient(unscaled, BigInteger.TEN.pow(scale), 0);
    }

    private static GoFloat quotient(BigInteger numerator, BigInteger denominator, int exponent) {
        int shift = BITS + 2 + denominator.bitLength() - numerator.abs().bitLength();
        BigInteger top = shift > 0 ? numerator.shiftLeft(shift) : numerator;
        BigInteger bottom = shift < 0 ? denominator.shiftLeft(-shift) : denominator;
        BigInteger[] parts = top.abs().divideAndRemainder(bottom.abs());
        GoFloat size = round(parts[0], exponent - shift, parts[1].signum() != 0);
        return numerator.signum() * denominator.signum() < 0
                ? new GoFloat(size.mantissa.negate(), size.exponent)
                : size;
    }

    private static GoFloat round(BigInteger value, int exponent, boolean sticky) {
        BigInteger size = value.abs();
        int extra = size.bitLength() - BITS;
        if (extra <= 0) {
            return new GoFloat(value, exponent);
        }
        BigInteger kept = size.shiftRight(extra);
        boolean half = size.testBit(extra - 1);
        if (half && (sticky || size.getLowestSetBit() < extra - 1 || kept.testBit(0))) {
            kept = kept.add(BigInteger.ONE);
        }
        return new GoFloat(value.signum() < 0 ? kept.negate() : kept, exponent + extra);
    }

    /** The value, exactly. */
    BigDecimal exact() {
        return scaled(mantissa, exponent);
    }

    boolean isZero() {
        return mantissa.signum() == 0;
    }

    GoFloat plus(GoFloat other) {
        int least = Math.min(exponent, other.exponent);
        return round(
                mantissa.shiftLeft(exponent - least).add(other.mantissa.shiftLeft(other.exponent - least)),
                least,
                false);
    }

    GoFloat minus(GoFloat other) {
        return plus(new GoFloat(other.mantissa.negate(), other.exponent));
    }

    GoFloat times(GoFloat other) {
        return round(mantissa.multiply(other.mantissa), exponent + other.exponent, false);
    }

    GoFloat dividedBy(GoFloat other) {
        return isZero() ? ZERO : quotient(mantissa, other.mantissa, exponent - other.exponent);
    }

    private boolean isWhole() {
        return exponent >= 0 || mantissa.signum() == 0 || mantissa.getLowestSetBit() >= -exponent;
    }

    /** The number with the shortest text that reads back as this value: plain when whole, else as Go's {@code %g}. */
    NumberValue toNumber() {
        return NumberValue.parse(text());
    }

    private String text() {
        if (mantissa.signum() == 0) {
            return "0";
        }
        String sign = mantissa.signum() < 0 ? "-" : "";
        Digits digits = shortest();
        if (isWhole()) {
            StringBuilder out = new StringBuilder(sign).append(digits.text);
            while (out.length() - sign.length() < digits.point) {
                out.append('0');
            }
            return out.toString();
        }
        return sign + general(digits.text, digits.point);
    }

    /** Go's {@code 'g'} with shortest digits: {@code point} digits stand before the decimal point. */
    static String general(String digits, int point) {
        int exponent = point - 1;
        if (exponent < -4 || exponent >= 6) {
            StringBuilder out = new StringBuilder().append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            int size = Math.abs(exponent);
            return out.append('e')
                    .append(exponent < 0 ? '-' : '+')
                    .append(size < 10 ? "0" : "")
                    .append(size)
                    .toString();
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (digits.length() <= point) {
            return digits + "0".repeat(point - digits.length());
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }

    private record Digits(String text, int point) {}

    private Digits shortest() {
        BigInteger size = mantissa.abs();
        int shift = BITS - size.bitLength();
        BigInteger full = size.shiftLeft(shift);
        int exp = exponent - shift;
        BigInteger twice = full.shiftLeft(1);
        BigInteger power = BigInteger.ONE.shiftLeft(BITS - 1);
        BigDecimal exact = scaled(full, exp);
        BigDecimal upper = scaled(twice.add(BigInteger.ONE), exp - 1);
        BigDecimal lower = full.equals(power)
                ? scaled(full.shiftLeft(2).subtract(BigInteger.ONE), exp - 2)
                : scaled(twice.subtract(BigInteger.ONE), exp - 1);
        boolean inclusive = !full.testBit(0);
        return shortest(exact, lower, upper, inclusive);
    }

    private static BigDecimal scaled(BigInteger value, int exponent) {
        if (exponent >= 0) {
            return new BigDecimal(value.shiftLeft(exponent));
        }
        return new BigDecimal(value.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent).stripTrailingZeros();
    }

    private static Digits shortest(BigDecimal exact, BigDecimal lower, BigDecimal upper, boolean inclusive) {
        int point = exact.precision() - exact.scale();
        for (int length = 1; ; length++) {
            int scale = length - point;
            if (length >= exact.precision()) {
                return digits(exact);
            }
            BigDecimal down = exact.setScale(scale, java.math.RoundingMode.DOWN);
            BigDecimal up = exact.setScale(scale, java.math.RoundingMode.UP);
            int below = down.compareTo(lower);
            int above = up.compareTo(upper);
            boolean okDown = down.signum() != 0 && (below > 0 || (below == 0 && inclusive));
            boolean okUp = above < 0 || (above == 0 && inclusive);
            if (okDown && okUp) {
                return digits(exact.setScale(scale, java.math.RoundingMode.HALF_EVEN));
            }
            if (okDown || okUp) {
                return digits(okDown ? down : up);
            }
        }
    }

    private static Digits digits(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return new Digits(plain.unscaledValue().toString(), plain.precision() - plain.scale());
    }
}
