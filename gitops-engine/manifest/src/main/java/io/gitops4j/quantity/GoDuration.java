package io.gitops4j.quantity;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** Durations as Go writes them: {@code 1h30m}, {@code 1.5s}, {@code -5m}, {@code 0}. */
public final class GoDuration {
    private GoDuration() {}

    /** The nanoseconds of a duration; empty when the text is none, or is out of range. */
    public static OptionalLong nanos(String text) {
        int at = 0;
        boolean negative = false;
        if (!text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            negative = text.charAt(0) == '-';
            at = 1;
        }
        if (text.substring(at).equals("0")) {
            return OptionalLong.of(0);
        }
        if (at == text.length()) {
            return OptionalLong.empty();
        }
        BigDecimal total = BigDecimal.ZERO;
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            int unit = at;
            while (at < text.length() && !Character.isDigit(text.charAt(at)) && text.charAt(at) != '.') {
                at++;
            }
            BigDecimal value = decimal(text.substring(number, unit));
            long scale = scale(text.substring(unit, at));
            if (value == null || scale == 0) {
                return OptionalLong.empty();
            }
            total = total.add(value.multiply(BigDecimal.valueOf(scale)));
        }
        if (total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return OptionalLong.empty();
        }
        long nanos = total.longValue();
        return OptionalLong.of(negative ? -nanos : nanos);
    }

    private static @org.jspecify.annotations.Nullable BigDecimal decimal(String digits) {
        if (digits.isEmpty()
                || digits.equals(".")
                || digits.length() > 40
                || digits.indexOf('.') != digits.lastIndexOf('.')) {
            return null;
        }
        try {
            return new BigDecimal(digits.endsWith(".") ? digits + "0" : digits);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long scale(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0;
        };
    }
}
