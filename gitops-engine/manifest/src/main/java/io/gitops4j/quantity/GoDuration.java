package io.gitops4j.quantity;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

    /** The duration that {@code text} spells; {@code null} when it spells none, or more than 292 years. */
    public static @Nullable Duration parse(@Nullable String text) {
        OptionalLong nanos = text == null ? OptionalLong.empty() : nanos(text);
        return nanos.isPresent() ? Duration.ofNanos(nanos.getAsLong()) : null;
    }

    /** Why {@code text} is no duration, in the words of Go; {@code null} where it is one. */
    public static @Nullable String error(String text) {
        if (nanos(text).isPresent()) {
            return null;
        }
        String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            if (decimal(text.substring(number, at)) == null) {
                break;
            }
            int unit = at;
            while (at < text.length() && !Character.isDigit(text.charAt(at)) && text.charAt(at) != '.') {
                at++;
            }
            if (unit == at) {
                return "time: missing unit in duration " + quoted;
            }
            if (scale(text.substring(unit, at)) == 0) {
                return "time: unknown unit \"" + text.substring(unit, at) + "\" in duration " + quoted;
            }
        }
        return "time: invalid duration " + quoted;
    }

    /** The text of a duration as Go prints it: {@code 1h0m0s}, {@code 10s}, {@code 1.5s}, {@code 250ms}. */
    public static String print(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + print(duration.negated());
        }
        long hours = duration.toHours();
        long minutes = duration.toMinutesPart();
        BigDecimal seconds =
                BigDecimal.valueOf(duration.toSecondsPart()).add(BigDecimal.valueOf(duration.toNanosPart(), 9));
        if (hours == 0 && minutes == 0 && seconds.compareTo(BigDecimal.ONE) < 0) {
            return duration.toMillis() > 0
                    ? plain(BigDecimal.valueOf(duration.toNanos(), 6)) + "ms"
                    : plain(BigDecimal.valueOf(duration.toNanos(), 3)) + "\u00b5s";
        }
        return (hours > 0 ? hours + "h" : "") + (hours > 0 || minutes > 0 ? minutes + "m" : "") + plain(seconds) + "s";
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }

    private static @Nullable BigDecimal decimal(String digits) {
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
