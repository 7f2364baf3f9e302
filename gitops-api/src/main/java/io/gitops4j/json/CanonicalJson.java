package io.gitops4j.json;

import java.math.BigDecimal;
import java.math.MathContext;

/** RFC 8785 text. See {@link Json#canonical()} for the one deviation. */
final class CanonicalJson {
    private static final long EXACT = 1L << 53;

    private CanonicalJson() {}

    static void write(Json value, StringBuilder out) {
        switch (value.kind()) {
            case OBJECT -> writeObject(((JsonObject) value).sorted(), out);
            case ARRAY -> {
                JsonArray array = (JsonArray) value;
                out.append('[');
                for (int i = 0; i < array.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    write(array.get(i), out);
                }
                out.append(']');
            }
            case NUMBER -> writeNumber((JsonNumber) value, out);
            case NULL, BOOL, STRING -> value.write(out);
        }
    }

    private static void writeObject(JsonObject object, StringBuilder out) {
        out.append('{');
        for (int i = 0; i < object.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            JsonString.quote(object.keyAt(i), out);
            out.append(':');
            write(object.valueAt(i), out);
        }
        out.append('}');
    }

    private static void writeNumber(JsonNumber number, StringBuilder out) {
        if (number.isLong() && number.longValue() <= EXACT && number.longValue() >= -EXACT) {
            out.append(number.longValue());
            return;
        }
        double nearest = number.doubleValue();
        if (!Double.isInfinite(nearest)) {
            BigDecimal shortest = shortest(nearest);
            if (shortest.compareTo(number.decimal()) == 0) {
                writeEcmaScript(shortest, out);
                return;
            }
        }
        out.append(number.decimal().stripTrailingZeros());
    }

    /** The decimal of the fewest digits that reads back as {@code value}. */
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

    /** Number layout of ECMAScript: plain from 1e-6 up to 1e21, scientific outside. */
    private static void writeEcmaScript(BigDecimal value, StringBuilder out) {
        if (value.signum() == 0) {
            out.append('0');
            return;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        if (exponent >= -6 && exponent < 21) {
            out.append(stripped.toPlainString());
            return;
        }
        String digits = stripped.unscaledValue().abs().toString();
        if (stripped.signum() < 0) {
            out.append('-');
        }
        out.append(digits.charAt(0));
        if (digits.length() > 1) {
            out.append('.').append(digits, 1, digits.length());
        }
        out.append('e').append(exponent > 0 ? "+" : "").append(exponent);
    }
}
