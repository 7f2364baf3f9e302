package io.gitops4j.gotemplate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Go's {@code printf} for the values of templates. */
final class GoFormat {
    private static final int MAX_WIDTH = 10_000;

    private final String format;
    private final List<Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;

    private GoFormat(String format, List<Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<Object> arguments) {
        return new GoFormat(format, arguments).run();
    }

    private static final class Spec {
        boolean minus;
        boolean plus;
        boolean sharp;
        boolean space;
        boolean zero;
        int width = -1;
        int precision = -1;
    }

    private String run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            out.append(format, at, percent < 0 ? format.length() : percent);
            if (percent < 0) {
                break;
            }
            at = percent + 1;
            verb();
        }
        if (next < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int i = next; i < arguments.size(); i++) {
                Object value = arguments.get(i);
                out.append(i > next ? ", " : "")
                        .append(GoValues.type(value))
                        .append('=')
                        .append(GoValues.text(value));
            }
            out.append(')');
        }
        return out.toString();
    }

    private void verb() {
        Spec spec = new Spec();
        boolean flags = true;
        while (flags && at < format.length()) {
            switch (format.charAt(at)) {
                case '-' -> spec.minus = true;
                case '+' -> spec.plus = true;
                case '#' -> spec.sharp = true;
                case ' ' -> spec.space = true;
                case '0' -> spec.zero = true;
                default -> flags = false;
            }
            at += flags ? 1 : 0;
        }
        spec.width = number(-1);
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            spec.precision = number(0);
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        char verb = format.charAt(at++);
        if (verb == '%') {
            out.append('%');
        } else if (next >= arguments.size()) {
            out.append("%!").append(verb).append("(MISSING)");
        } else {
            out.append(padded(spec, convert(verb, spec, arguments.get(next++)), verb));
        }
    }

    private int number(int fallback) {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            Object value = next < arguments.size() ? arguments.get(next++) : 0L;
            return value instanceof Long size && Math.abs(size) <= MAX_WIDTH ? (int) Math.abs(size) : fallback;
        }
        int from = at;
        while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
        }
        if (from == at) {
            return fallback;
        }
        String digits = format.substring(from, at);
        return digits.length() > 5 ? MAX_WIDTH : Math.min(Integer.parseInt(digits), MAX_WIDTH);
    }

    private String convert(char verb, Spec spec, Object value) {
        if (verb == 'T') {
            return GoValues.type(value);
        }
        if (verb == 'v') {
            return spec.sharp
                    ? goSyntax(value)
                    : value instanceof Long n && spec.plus ? signed(n.toString(), spec) : GoValues.text(value);
        }
        if (value instanceof List<?> list) {
            StringBuilder items = new StringBuilder("[");
            for (int i = 0; i < list.size(); i++) {
                items.append(i > 0 ? " " : "").append(convert(verb, spec, list.get(i)));
            }
            return items.append(']').toString();
        }
        if (value instanceof String text) {
            return string(verb, spec, text);
        }
        if (value instanceof Long number) {
            return integer(verb, spec, number);
        }
        if (value instanceof Double number) {
            return floating(verb, spec, number);
        }
        if (value instanceof Boolean bool && verb == 't') {
            return bool.toString();
        }
        return wrong(verb, value);
    }

    private static String wrong(char verb, Object value) {
        return value == GoNil.NIL
                ? "%!" + verb + "(<nil>)"
                : "%!" + verb + "(" + GoValues.type(value) + "=" + GoValues.text(value) + ")";
    }

    private static String string(char verb, Spec spec, String text) {
        String cut = spec.precision >= 0 && text.codePointCount(0, text.length()) > spec.precision
                ? text.substring(0, text.offsetByCodePoints(0, spec.precision))
                : text;
        return switch (verb) {
            case 's' -> cut;
            case 'q' -> quoted(cut);
            case 'x', 'X' -> {
                StringBuilder hex = new StringBuilder();
                for (byte b : cut.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    hex.append(String.format(Locale.ROOT, verb == 'x' ? "%02x" : "%02X", b));
                }
                yield hex.toString();
            }
            default -> wrong(verb, text);
        };
    }

    private static String integer(char verb, Spec spec, long value) {
        return switch (verb) {
            case 'd' -> signed(Long.toString(value), spec);
            case 'x' ->
                signed((value < 0 ? "-" : "") + (spec.sharp ? "0x" : "") + Long.toHexString(Math.abs(value)), spec);
            case 'X' ->
                signed(
                        (value < 0 ? "-" : "")
                                + (spec.sharp ? "0X" : "")
                                + Long.toHexString(Math.abs(value)).toUpperCase(Locale.ROOT),
                        spec);
            case 'o' ->
                signed((value < 0 ? "-" : "") + (spec.sharp ? "0" : "") + Long.toOctalString(Math.abs(value)), spec);
            case 'b' -> signed((value < 0 ? "-" : "") + Long.toBinaryString(Math.abs(value)), spec);
            case 'c' -> Character.isValidCodePoint((int) value) ? Character.toString((int) value) : "\ufffd";
            case 'q' ->
                Character.isValidCodePoint((int) value) ? "'" + Character.toString((int) value) + "'" : "'\ufffd'";
            case 'U' -> String.format(Locale.ROOT, "U+%04X", value);
            default -> wrong(verb, value);
        };
    }

    private static String floating(char verb, Spec spec, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return GoNumbers.shown(value);
        }
        int precision = spec.precision < 0 ? 6 : spec.precision;
        return switch (verb) {
            case 'f', 'F' ->
                signed(
                        new BigDecimal(value)
                                .setScale(precision, RoundingMode.HALF_EVEN)
                                .toPlainString(),
                        spec);
            case 'e', 'E' -> {
                String text = String.format(Locale.ROOT, "%." + precision + "e", value);
                yield signed(verb == 'E' ? text.toUpperCase(Locale.ROOT) : text, spec);
            }
            case 'g', 'G' ->
                signed(
                        spec.precision < 0
                                ? GoNumbers.shown(value)
                                : GoNumbers.general(
                                        new BigDecimal(value)
                                                .round(new java.math.MathContext(Math.max(1, spec.precision)))
                                                .doubleValue(),
                                        Math.max(1, spec.precision)),
                        spec);
            default -> wrong(verb, value);
        };
    }

    private static String signed(String text, Spec spec) {
        return text.startsWith("-") ? text : spec.plus ? "+" + text : spec.space ? " " + text : text;
    }

    private static String padded(Spec spec, String text, char verb) {
        int length = text.codePointCount(0, text.length());
        if (spec.width <= length) {
            return text;
        }
        int missing = spec.width - length;
        if (spec.minus) {
            return text + " ".repeat(missing);
        }
        boolean number = "dxXobfFeEgGtsvq".indexOf(verb) >= 0;
        if (spec.zero && number) {
            boolean sign = text.startsWith("-") || text.startsWith("+");
            return sign ? text.charAt(0) + "0".repeat(missing) + text.substring(1) : "0".repeat(missing) + text;
        }
        return " ".repeat(missing) + text;
    }

    /** A text in double quotes as Go writes it. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case 7 -> out.append("\\a");
                case 11 -> out.append("\\v");
                default -> {
                    if (c < 32 || c == 127) {
                        out.append(String.format(Locale.ROOT, "\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    private static String goSyntax(Object value) {
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof List<?> list) {
            StringBuilder items = new StringBuilder("[]interface {}{");
            for (int i = 0; i < list.size(); i++) {
                items.append(i > 0 ? ", " : "").append(goSyntax(list.get(i)));
            }
            return items.append('}').toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder items = new StringBuilder("map[string]interface {}{");
            boolean first = true;
            for (Map.Entry<String, Object> entry : GoValues.sorted(map).entrySet()) {
                items.append(first ? "" : ", ")
                        .append(quoted(entry.getKey()))
                        .append(':')
                        .append(goSyntax(entry.getValue()));
                first = false;
            }
            return items.append('}').toString();
        }
        return value == GoNil.NIL ? "interface {}(nil)" : GoValues.text(value);
    }
}
