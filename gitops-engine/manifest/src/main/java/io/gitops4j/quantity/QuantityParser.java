package io.gitops4j.quantity;

import io.gitops4j.quantity.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Sign, digits, fraction, suffix; and the decision whether the text is canonical as it stands. */
final class QuantityParser {
    static final String FORMAT =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final String SUFFIX = "unable to parse quantity's suffix";
    private static final int NANO = 9;
    private static final int LONG_DIGITS = 18;
    private static final int LONGEST = 10_000;

    private final String text;
    private String reason = FORMAT;
    private int at;
    private int exponent;
    private Format format = Format.DECIMAL_SI;

    QuantityParser(String text) {
        this.text = text;
    }

    /** Why there is no quantity. */
    String reason() {
        return reason;
    }

    @Nullable
    Quantity parse() {
        if (text.isEmpty() || text.length() > LONGEST) {
            return null;
        }
        boolean negative = text.charAt(0) == '-';
        at = negative || text.charAt(0) == '+' ? 1 : 0;
        int start = at;
        while (at < text.length() && text.charAt(at) == '0') {
            at++;
        }
        String whole = digits();
        String fraction = "";
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            fraction = digits();
        }
        if (at == start && at < text.length()) {
            return null;
        }
        whole = whole.isEmpty() ? "0" : whole;
        int suffixStart = at;
        while (at < text.length() && "eEinumkKMGTP".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at < text.length() && at > suffixStart && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        digits();
        if (at < text.length()) {
            return null;
        }
        if (!interpret(text.substring(suffixStart))) {
            reason = SUFFIX;
            return null;
        }
        return build(negative, whole, fraction);
    }

    private String digits() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return text.substring(from, at);
    }

    private boolean interpret(String suffix) {
        if (suffix.isEmpty()) {
            return true;
        }
        if (suffix.length() == 2 && suffix.charAt(1) == 'i' && "KMGTPE".indexOf(suffix.charAt(0)) >= 0) {
            format = Format.BINARY_SI;
            exponent = 10 * ("KMGTPE".indexOf(suffix.charAt(0)) + 1);
            return true;
        }
        int index = suffix.length() == 1 ? "num kMGTPE".indexOf(suffix.charAt(0)) : -1;
        if (index >= 0 && suffix.charAt(0) != ' ') {
            exponent = 3 * (index - 3);
            return true;
        }
        if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
            format = Format.DECIMAL_EXPONENT;
            try {
                exponent = Integer.parseInt(suffix.substring(1));
            } catch (NumberFormatException e) {
                return false;
            }
            return exponent > -1_000_000 && exponent < 1_000_000;
        }
        return false;
    }

    private Quantity build(boolean negative, String whole, String fraction) {
        String digits = whole + fraction;
        BigInteger number = new BigInteger(digits);
        if (isShort(whole, fraction)) {
            long value = number.longValue();
            boolean asWritten;
            BigDecimal amount;
            if (format == Format.BINARY_SI) {
                asWritten = (value & 7) != 0;
                amount = new BigDecimal(number.shiftLeft(exponent));
            } else {
                int power = exponent - fraction.length();
                asWritten = power % 3 == 0 && !digits.endsWith("000") && digits.charAt(0) != '0';
                amount = new BigDecimal(number, -power);
            }
            return new Quantity(
                    negative ? amount.negate() : amount, format, asWritten || text.equals("0") ? text : null);
        }
        BigDecimal amount = format == Format.BINARY_SI
                ? new BigDecimal(number.shiftLeft(exponent), fraction.length())
                : new BigDecimal(number, fraction.length() - exponent);
        if (amount.signum() != 0 && amount.scale() > NANO) {
            // Too small a request is still a request: it is rounded up, never to zero.
            amount = amount.setScale(NANO, RoundingMode.UP);
        }
        if (format == Format.BINARY_SI) {
            amount = amount.min(Quantity.MAX);
            if (amount.signum() > 0 && amount.compareTo(BigDecimal.ONE) < 0) {
                format = Format.DECIMAL_SI;
            }
        }
        return new Quantity(negative ? amount.negate() : amount, format, null);
    }

    /** Whether apimachinery holds the number in an int64, which is where it may keep the text. */
    private boolean isShort(String whole, String fraction) {
        if (format != Format.BINARY_SI) {
            return whole.length() + fraction.length() <= LONG_DIGITS && exponent - fraction.length() >= -NANO;
        }
        return fraction.isEmpty() && 15 - whole.length() - (int) (exponent * 3 / 10f) - 1 >= 0;
    }
}
