package io.gitops4j.policy.cel.library;

import static io.gitops4j.policy.cel.library.FunctionTable.failure;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code "…".format([…])}: the verbs {@code %s %d %f %e %b %o %x %X %%}, the precision of {@code %f} and {@code %e}. */
final class StringFormat {
    private StringFormat() {}

    static String format(String pattern, List<?> arguments) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            if (++i >= pattern.length()) {
                throw failure("unexpected end of string");
            }
            if (pattern.charAt(i) == '%') {
                out.append('%');
                continue;
            }
            int precision = 6;
            if (pattern.charAt(i) == '.') {
                int from = ++i;
                while (i < pattern.length() && Character.isDigit(pattern.charAt(i))) {
                    i++;
                }
                if (i == from || i >= pattern.length() || i - from > 4) {
                    throw failure("could not parse formatting clause: error while parsing precision: "
                            + "could not convert precision to integer");
                }
                precision = Integer.parseInt(pattern.substring(from, i));
            }
            if (next >= arguments.size()) {
                throw failure("index " + next + " out of range");
            }
            out.append(clause(pattern.charAt(i), precision, arguments.get(next++)));
        }
        return out.toString();
    }

    private static String clause(char verb, int precision, @Nullable Object value) {
        switch (verb) {
            case 's':
                return text(value);
            case 'd':
                if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
                    return text(number);
                }
                if (!(value instanceof Long || value instanceof UnsignedLong)) {
                    throw wrong("decimal clause can only be used on integers", value);
                }
                return value.toString();
            case 'f':
            case 'e':
                return fraction(verb, precision, value);
            case 'b':
                if (value instanceof Boolean bool) {
                    return bool ? "1" : "0";
                }
                return whole(value, "binary clause can only be used on integers and bools")
                        .toString(2);
            case 'o':
                return whole(value, "octal clause can only be used on integers").toString(8);
            case 'x':
                return hex(value);
            case 'X':
                return com.google.common.base.Ascii.toUpperCase(hex(value));
            default:
                throw failure("could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
        }
    }

    private static String hex(@Nullable Object value) {
        if (value instanceof String text) {
            return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof CelByteString bytes) {
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
        return whole(value, "hexadecimal clause can only be used on integers, byte buffers, and strings")
                .toString(16);
    }

    private static BigInteger whole(@Nullable Object value, String otherwise) {
        if (value instanceof Long number) {
            return BigInteger.valueOf(number);
        } else if (value instanceof UnsignedLong number) {
            return number.bigIntegerValue();
        }
        throw wrong(otherwise, value);
    }

    private static String fraction(char verb, int precision, @Nullable Object value) {
        if (value instanceof String text
                && List.of("NaN", "Infinity", "-Infinity").contains(text)) {
            return text;
        }
        if (!(value instanceof Double || value instanceof Long || value instanceof UnsignedLong)) {
            String clause = verb == 'f' ? "fixed-point" : "scientific";
            throw wrong(clause + " clause can only be used on doubles, integers and unsigned integers", value);
        }
        double number = ((Number) value).doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return text(number);
        }
        BigDecimal exact = value instanceof Double ? new BigDecimal(number) : new BigDecimal(value.toString());
        if (verb == 'f') {
            return exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        }
        return scientific(exact, precision);
    }

    private static String scientific(BigDecimal exact, int precision) {
        if (exact.signum() == 0) {
            return BigDecimal.ZERO.setScale(precision).toPlainString() + "e+00";
        }
        BigDecimal rounded = exact.round(new java.math.MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        String digits = rounded.movePointLeft(exponent)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        int size = Math.abs(exponent);
        return digits + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    /** A value as {@code %s} writes it. */
    static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        } else if (value instanceof Double number) {
            return number(number);
        } else if (value instanceof NullValue || value == null) {
            return "null";
        } else if (value instanceof CelByteString bytes) {
            return bytes.toStringUtf8();
        } else if (value instanceof Duration duration) {
            return number(duration.toNanos() / 1e9) + "s";
        } else if (value instanceof CelType type) {
            return type.name();
        } else if (value instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(StringFormat::text).toList()) + "]";
        } else if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, item) -> entries.add(text(key) + ": " + text(item)));
            entries.sort(null);
            return "{" + String.join(", ", entries) + "}";
        } else if (value instanceof Boolean
                || value instanceof Long
                || value instanceof UnsignedLong
                || value instanceof Instant) {
            return value.toString();
        }
        throw failure("could not convert argument to string: no such overload");
    }

    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        } else if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static RuntimeException wrong(String text, @Nullable Object value) {
        return failure("error during formatting: " + text + ", was given " + typeOf(value));
    }

    private static String typeOf(@Nullable Object value) {
        if (value instanceof String) {
            return "string";
        } else if (value instanceof Double) {
            return "double";
        } else if (value instanceof Long) {
            return "int";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Map) {
            return "map";
        }
        return value instanceof NullValue ? "null_type" : "dyn";
    }
}
