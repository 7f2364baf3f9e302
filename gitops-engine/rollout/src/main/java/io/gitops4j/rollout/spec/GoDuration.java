package io.gitops4j.rollout.spec;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as Go writes them: {@code 1h}, {@code 1m30s}, {@code 1.5h}, {@code 250ms}. */
public final class GoDuration {
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** The duration that {@code text} spells, or {@code null} when it spells none or more than 292 years. */
    public static @Nullable Duration parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        boolean negative = text.charAt(0) == '-';
        int at = negative || text.charAt(0) == '+' ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length()) {
            return null;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            int unit = at;
            while (at < text.length() && !Character.isDigit(text.charAt(at)) && text.charAt(at) != '.') {
                at++;
            }
            long scale = nanosOf(text.substring(unit, at));
            BigDecimal amount = decimal(text.substring(number, unit));
            if (scale == 0 || amount == null) {
                return null;
            }
            nanos = nanos.add(amount.multiply(BigDecimal.valueOf(scale)));
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            return null;
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    /** The text of a duration as Go prints it: {@code 1h0m0s}, {@code 10s}, {@code 1.5s}. */
    public static String print(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + print(duration.negated());
        }
        long hours = duration.toHours();
        long minutes = duration.toMinutesPart();
        BigDecimal seconds = BigDecimal.valueOf(duration.toSecondsPart())
                .add(BigDecimal.valueOf(duration.toNanosPart(), 9))
                .stripTrailingZeros();
        if (hours == 0 && minutes == 0 && seconds.compareTo(BigDecimal.ONE) < 0) {
            return duration.toMillis() > 0
                    ? plain(BigDecimal.valueOf(duration.toNanos(), 6)) + "ms"
                    : plain(BigDecimal.valueOf(duration.toNanos(), 3)) + "µs";
        }
        return (hours > 0 ? hours + "h" : "") + (hours > 0 || minutes > 0 ? minutes + "m" : "") + plain(seconds) + "s";
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }

    private static @Nullable BigDecimal decimal(String text) {
        if (text.isEmpty() || text.equals(".") || text.length() > 40 || text.indexOf('.') != text.lastIndexOf('.')) {
            return null;
        }
        return new BigDecimal(text.startsWith(".") ? "0" + text : text.endsWith(".") ? text + "0" : text);
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0;
        };
    }
}
