package io.gitops4j.policy.cel.expression;

import java.math.BigDecimal;

/** A double as {@code string(x)} writes it: the shortest digits, with an exponent below 1e-4 and from 1e6 on, as Go's {@code %g}. */
final class DoubleText {
    private DoubleText() {}

    static String of(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        } else if (Double.isInfinite(number)) {
            return number > 0 ? "+Inf" : "-Inf";
        } else if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return exact.toPlainString();
        }
        String digits = exact.movePointLeft(exponent).toPlainString();
        int size = Math.abs(exponent);
        return digits + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }
}
