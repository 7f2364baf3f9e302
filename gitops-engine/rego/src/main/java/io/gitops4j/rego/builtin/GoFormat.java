package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Go's {@code fmt.Sprintf} over Rego values. Whole numbers arrive as {@code int64} or {@code *big.Int}, other numbers as {@code float64},
 * everything else as its text.
 */
final class GoFormat {
    private static final int WIDEST = 1_000_000;

    private final String format;
    private final Value[] args;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;
    private boolean reordered;
    private boolean goodIndex;

    private boolean plus;
    private boolean minus;
    private boolean sharp;
    private boolean space;
    private boolean zero;
    private int width;
    private int precision;

    private GoFormat(String format, Value[] args) {
        this.format = format;
        this.args = args;
    }

    static String format(String format, Value[] args) {
        GoFormat state = new GoFormat(format, args);
        state.run();
        return state.out.toString();
    }

    private void run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            directive();
        }
        if (!reordered && next < args.length) {
            out.append("%!(EXTRA ");
            for (int i = next; i < args.length; i++) {
                out.append(i > next ? ", " : "").append(typed(args[i]));
            }
            out.append(')');
        }
    }

    private void directive() {
        plus = minus = sharp = space = zero = false;
        width = -1;
        precision = -1;
        goodIndex = true;
        flags();
        boolean afterIndex = index();
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            width = star("%!(BADWIDTH)");
            if (width < -1) {
                width = -width;
                minus = true;
                zero = false;
            }
            afterIndex = false;
        } else {
            int start = at;
            width = number();
            if (afterIndex && at > start) {
                goodIndex = false;
            }
        }
        if (at + 1 <= format.length() && at < format.length() && format.charAt(at) == '.') {
            at++;
            if (afterIndex) {
                goodIndex = false;
            }
            afterIndex = index();
            if (at < format.length() && format.charAt(at) == '*') {
                at++;
                precision = star("%!(BADPREC)");
                precision = precision < 0 ? -1 : precision;
                afterIndex = false;
            } else {
                precision = Math.max(0, number());
            }
        }
        if (!afterIndex) {
            afterIndex = index();
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        if (verb == '%') {
            out.append('%');
        } else if (!goodIndex) {
            out.append("%!").appendCodePoint(verb).append("(BADINDEX)");
        } else if (next >= args.length) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            value(verb, args[next++]);
        }
    }

    private void flags() {
        for (; at < format.length(); at++) {
            switch (format.charAt(at)) {
                case '+' -> plus = true;
                case '-' -> {
                    minus = true;
                    zero = false;
                }
                case '#' -> sharp = true;
                case ' ' -> space = true;
                case '0' -> zero = !minus;
                default -> {
                    return;
                }
            }
        }
    }

    private boolean index() {
        if (at >= format.length() || format.charAt(at) != '[') {
            return false;
        }
        reordered = true;
        int close = format.indexOf(']', at);
        if (close < 0) {
            goodIndex = false;
            at++;
            return false;
        }
        String digits = format.substring(at + 1, close);
        at = close + 1;
        if (!digits.matches("[0-9]{1,6}")) {
            goodIndex = false;
            return true;
        }
        int number = Integer.parseInt(digits) - 1;
        if (number < 0 || number >= args.length) {
            goodIndex = false;
            return true;
        }
        next = number;
        return true;
    }

    private int number() {
        int value = -1;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            value = Math.max(value, 0) * 10 + format.charAt(at++) - '0';
            if (value > WIDEST) {
                return WIDEST;
            }
        }
        return value;
    }

    private int star(String bad) {
        if (next < args.length
                && args[next] instanceof NumberValue number
                && number.isLong()
                && number.spelledWhole()
                && Math.abs(number.longValue()) <= WIDEST) {
            next++;
            return (int) number.longValue();
        }
        next = Math.min(args.length, next + 1);
        out.append(bad);
        return -1;
    }

    private void value(int verb, Value arg) {
        if (verb == 'T') {
            pad(type(arg));
        } else if (arg instanceof NumberValue number) {
            if (number.spelledWhole()) {
                integer(verb, number.bigInteger(), number);
            } else if (isFloat(number)) {
                floating(verb, number);
            } else {
                string(verb, number.lexeme(), arg);
            }
        } else {
            string(verb, arg.display(), arg);
        }
    }

    private static String type(Value arg) {
        if (arg instanceof NumberValue number) {
            return number.spelledWhole()
                    ? number.isLong() ? "int64" : "*big.Int"
                    : isFloat(number) ? "float64" : "string";
        }
        return "string";
    }

    /** Numbers that are not whole in their spelling are floats; those beyond a double are formatted as the text that they are. */
    private static boolean isFloat(NumberValue number) {
        return !Double.isInfinite(number.doubleValue());
    }

    private static String typed(Value arg) {
        if (arg instanceof NumberValue number && !number.spelledWhole() && isFloat(number)) {
            return "float64=" + shortest(number.doubleValue(), 'g', -1);
        }
        return type(arg).replace("*", "") + "=" + arg.display();
    }

    private void bad(int verb, Value arg) {
        out.append("%!").appendCodePoint(verb).append('(');
        String text = typed(arg);
        int value = text.indexOf('=') + 1;
        out.append(text, 0, value);
        if (arg instanceof NumberValue) {
            pad(text.substring(value));
        } else {
            pad(cut(text.substring(value)));
        }
        out.append(')');
    }

    // --- strings ---

    private void string(int verb, String text, Value arg) {
        switch (verb) {
            case 'v' -> {
                if (sharp) {
                    pad(GoQuote.quote(text));
                } else {
                    pad(cut(text));
                }
            }
            case 's' -> pad(cut(text));
            case 'q' -> {
                String shown = cut(text);
                if (sharp && !shown.contains("`")) {
                    pad("`" + shown + "`");
                } else {
                    StringBuilder quoted = new StringBuilder();
                    GoQuote.quote(shown, quoted, plus);
                    pad(quoted.toString());
                }
            }
            case 'x', 'X' -> pad(hex(text, verb == 'X'));
            default -> bad(verb, arg);
        }
    }

    private String cut(String text) {
        return precision >= 0 && text.codePointCount(0, text.length()) > precision
                ? text.substring(0, text.offsetByCodePoints(0, precision))
                : text;
    }

    private String hex(String text, boolean upper) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = precision >= 0 ? Math.min(precision, bytes.length) : bytes.length;
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < length; i++) {
            if (i > 0 && space) {
                hex.append(' ');
            }
            if (sharp && (i == 0 || space)) {
                hex.append(upper ? "0X" : "0x");
            }
            hex.append(String.format(Locale.ROOT, upper ? "%02X" : "%02x", bytes[i] & 255));
        }
        return hex.toString();
    }

    private void pad(String text) {
        padded(text, zero);
    }

    private void padded(String text, boolean zeros) {
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            out.append(text);
        } else if (minus) {
            out.append(text).append(" ".repeat(missing));
        } else {
            out.append((zeros ? "0" : " ").repeat(missing)).append(text);
        }
    }

    // --- whole numbers ---

    private void integer(int verb, BigInteger value, NumberValue arg) {
        switch (verb) {
            case 'v', 'd' -> number(value, 10, "", false);
            case 'b' -> number(value, 2, sharp ? "0b" : "", false);
            case 'o' -> number(value, 8, sharp ? "0" : "", false);
            case 'O' -> number(value, 8, "0o", false);
            case 'x' -> number(value, 16, sharp ? "0x" : "", false);
            case 'X' -> number(value, 16, sharp ? "0X" : "", true);
            case 's' -> {
                if (arg.isLong()) {
                    bad(verb, arg);
                } else {
                    number(value, 10, "", false);
                }
            }
            case 'c' -> pad(character(value));
            case 'q' -> {
                StringBuilder quoted = new StringBuilder("'");
                GoQuote.escape(character(value).codePointAt(0), '\'', quoted, plus);
                pad(quoted.append('\'').toString());
            }
            case 'U' -> {
                String digits = value.toString(16).toUpperCase(Locale.ROOT);
                StringBuilder shown = new StringBuilder("U+")
                        .append("0".repeat(Math.max(0, Math.max(4, precision) - digits.length())))
                        .append(digits);
                if (sharp) {
                    shown.append(" '").append(character(value)).append('\'');
                }
                padded(shown.toString(), false);
            }
            default -> bad(verb, arg);
        }
    }

    private static String character(BigInteger value) {
        boolean valid = value.signum() >= 0 && value.bitLength() <= 21 && Character.isValidCodePoint(value.intValue());
        return Character.toString(valid ? value.intValue() : 0xFFFD);
    }

    private void number(BigInteger value, int radix, String prefix, boolean upper) {
        String digits = value.abs().toString(radix);
        if (upper) {
            digits = digits.toUpperCase(Locale.ROOT);
        }
        if (precision == 0 && value.signum() == 0) {
            padded("", false);
            return;
        }
        String sign = value.signum() < 0 ? "-" : plus ? "+" : space ? " " : "";
        int wanted = precision;
        if (wanted < 0 && zero && !minus && width > 0) {
            wanted = width - sign.length() - (prefix.length() == 2 ? 0 : 0);
        }
        if (wanted > digits.length()) {
            digits = "0".repeat(wanted - digits.length()) + digits;
        }
        String start = prefix.equals("0") && digits.startsWith("0") ? "" : prefix;
        padded(sign + start + digits, false);
    }

    // --- fractions ---

    private void floating(int verb, NumberValue arg) {
        double value = arg.doubleValue();
        switch (verb) {
            case 'v' -> floatText(shortest(value, 'g', precision), value);
            case 'e', 'E' -> floatText(cased(shortest(value, 'e', precision < 0 ? 6 : precision), verb), value);
            case 'f', 'F' -> floatText(shortest(value, 'f', precision < 0 ? 6 : precision), value);
            case 'g', 'G' -> floatText(cased(shortest(value, 'g', precision), verb), value);
            case 'b' -> floatText(binary(value), value);
            case 'x', 'X' -> floatText(cased(hexFloat(value), verb), value);
            default -> bad(verb, arg);
        }
    }

    private static String binary(double value) {
        long bits = Double.doubleToLongBits(value);
        int exponent = (int) ((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFFL;
        mantissa = exponent == 0 ? mantissa : mantissa | 0x10000000000000L;
        int shown = Math.max(exponent, 1) - 1075;
        return (value < 0 ? "-" : "") + mantissa + "p" + (shown < 0 ? "" : "+") + shown;
    }

    private static String hexFloat(double value) {
        String java = Double.toHexString(Math.abs(value));
        int p = java.indexOf('p');
        String mantissa = java.substring(0, p).replace(".0", "");
        int exponent = Integer.parseInt(java.substring(p + 1));
        return (value < 0 ? "-" : "") + mantissa + "p" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String cased(String text, int verb) {
        return verb == 'E' || verb == 'G' || verb == 'X' ? text.toUpperCase(Locale.ROOT) : text;
    }

    private void floatText(String text, double value) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        String sign = negative ? "-" : plus ? "+" : space ? " " : "";
        if (Double.isInfinite(value)) {
            padded((negative ? "-" : "+") + "Inf", false);
            return;
        }
        int missing = width - sign.length() - digits.length();
        if (zero && !minus && missing > 0) {
            out.append(sign).append("0".repeat(missing)).append(digits);
        } else {
            padded(sign + digits, false);
        }
    }

    /** Go's {@code strconv.FormatFloat}; a negative precision asks for the shortest text. */
    static String shortest(double value, char form, int precision) {
        if (Double.isInfinite(value)) {
            return value < 0 ? "-Inf" : "+Inf";
        }
        String sign = value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
        BigDecimal exact = precision < 0 ? shortestDecimal(Math.abs(value)) : new BigDecimal(Math.abs(value));
        if (form == 'f') {
            return sign
                    + exact.setScale(Math.max(precision, 0), RoundingMode.HALF_EVEN)
                            .toPlainString();
        }
        if (form == 'e') {
            return sign + exponent(exact, precision);
        }
        int digits = precision == 0 ? 1 : precision;
        BigDecimal rounded = precision < 0 || exact.signum() == 0
                ? exact.stripTrailingZeros()
                : exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        int point = rounded.signum() == 0 ? 1 : rounded.precision() - rounded.scale();
        int limit = precision < 0 ? 6 : digits;
        if (precision >= 0 && limit > rounded.precision() && rounded.precision() >= point) {
            limit = rounded.precision();
        }
        if (point - 1 < -4 || point - 1 >= limit) {
            return sign + exponent(rounded, -1);
        }
        return sign + rounded.toPlainString();
    }

    private static BigDecimal shortestDecimal(double value) {
        if (value == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits <= 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact;
    }

    private static String exponent(BigDecimal value, int precision) {
        BigDecimal rounded = value.signum() == 0
                ? BigDecimal.ZERO
                : precision < 0
                        ? value.stripTrailingZeros()
                        : value.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        String digits = rounded.unscaledValue().toString();
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        StringBuilder out = new StringBuilder(digits);
        while (precision >= 0 && out.length() < precision + 1) {
            out.append('0');
        }
        if (out.length() > 1) {
            out.insert(1, '.');
        }
        out.append(exponent < 0 ? "e-" : "e+");
        int size = Math.abs(exponent);
        return out.append(size < 10 ? "0" : "").append(size).toString();
    }
}
