package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Durations as Go spells them: {@code 1h30m0s}. */
final class GoDuration {
    private static final long MICRO = 1_000L;
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private GoDuration() {}

    static Outcome<Json> normalize(Json value) {
        String text = value.textOrNull();
        if (text == null) {
            return Outcome.failed(Problem.error("KNOWN_TYPE", "a duration is a string, not " + value.kind()));
        }
        try {
            return Outcome.of(Json.of(format(parse(text))));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Outcome.failed(Problem.error("KNOWN_TYPE", "invalid duration \"" + text + "\""));
        }
    }

    private static long parse(String text) {
        String rest = text;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return 0;
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        BigDecimal total = BigDecimal.ZERO;
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && (Character.isDigit(rest.charAt(end)) || rest.charAt(end) == '.')) {
                end++;
            }
            int unitEnd = end;
            while (unitEnd < rest.length() && !Character.isDigit(rest.charAt(unitEnd)) && rest.charAt(unitEnd) != '.') {
                unitEnd++;
            }
            String number = rest.substring(0, end);
            BigDecimal amount = new BigDecimal(
                    number.startsWith(".") ? "0" + number : number.endsWith(".") ? number + "0" : number);
            total = total.add(amount.multiply(BigDecimal.valueOf(unit(rest.substring(end, unitEnd)))));
            rest = rest.substring(unitEnd);
        }
        long nanos = total.setScale(0, RoundingMode.DOWN).longValueExact();
        return negative ? -nanos : nanos;
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1L;
            case "us", "µs", "μs" -> MICRO;
            case "ms" -> MILLI;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3600 * SECOND;
            default -> throw new IllegalArgumentException("unknown unit " + name);
        };
    }

    private static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        BigDecimal left = BigDecimal.valueOf(nanos).abs();
        if (left.compareTo(BigDecimal.valueOf(SECOND)) < 0) {
            long unit = left.longValue() < MICRO ? 1 : left.longValue() < MILLI ? MICRO : MILLI;
            String name = unit == 1 ? "ns" : unit == MICRO ? "µs" : "ms";
            return sign + plain(left.divide(BigDecimal.valueOf(unit))) + name;
        }
        long seconds = left.longValue() / SECOND;
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        BigDecimal rest = left.subtract(BigDecimal.valueOf((hours * 3600 + minutes * 60) * SECOND))
                .divide(BigDecimal.valueOf(SECOND));
        String head = hours > 0 ? hours + "h" + minutes + "m" : minutes > 0 ? minutes + "m" : "";
        return sign + head + plain(rest) + "s";
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.signum() == 0 ? "0" : stripped.toPlainString();
    }
}
