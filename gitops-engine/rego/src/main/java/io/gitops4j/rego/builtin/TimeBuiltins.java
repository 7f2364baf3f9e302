package io.gitops4j.rego.builtin;

import io.gitops4j.quantity.GoTime;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** Times: nanoseconds since 1970, zones, Go's layouts. */
final class TimeBuiltins {
    private static final long NANOS = 1_000_000_000L;

    private TimeBuiltins() {}

    /** The layout that a name of Go's {@code time} package stands for; any other text is a layout itself. */
    private static String layout(String name) {
        return switch (name) {
            case "ANSIC" -> "Mon Jan _2 15:04:05 2006";
            case "UnixDate" -> "Mon Jan _2 15:04:05 MST 2006";
            case "RubyDate" -> "Mon Jan 02 15:04:05 -0700 2006";
            case "RFC822" -> "02 Jan 06 15:04 MST";
            case "RFC822Z" -> "02 Jan 06 15:04 -0700";
            case "RFC850" -> "Monday, 02-Jan-06 15:04:05 MST";
            case "RFC1123" -> "Mon, 02 Jan 2006 15:04:05 MST";
            case "RFC1123Z" -> "Mon, 02 Jan 2006 15:04:05 -0700";
            case "RFC3339" -> "2006-01-02T15:04:05Z07:00";
            case "RFC3339Nano" -> "2006-01-02T15:04:05.999999999Z07:00";
            default -> name;
        };
    }

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "time.now_ns" -> family.add(0, (c, a) -> NumberValue.of(c.nowNanos()));
            case "time.date" ->
                family.add(1, (c, a) -> {
                    ZonedDateTime time = time(a, 1);
                    return numbers(time.getYear(), time.getMonthValue(), time.getDayOfMonth());
                });
            case "time.clock" ->
                family.add(1, (c, a) -> {
                    ZonedDateTime time = time(a, 1);
                    return numbers(time.getHour(), time.getMinute(), time.getSecond());
                });
            case "time.weekday" ->
                family.add(
                        1,
                        (c, a) -> Operands.text(
                                time(a, 1).getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)));
            case "time.parse_ns" ->
                family.add(2, (c, a) -> parsed(layout(Operands.string(a, 1)), Operands.string(a, 2)));
            case "time.parse_rfc3339_ns" -> family.add(1, (c, a) -> parsed(layout("RFC3339"), Operands.string(a, 1)));
            case "time.format" -> family.add(1, (c, a) -> format(a));
            case "time.parse_duration_ns" -> family.add(1, (c, a) -> duration(c, a));
            case "time.add_date" -> family.add(4, (c, a) -> addDate(a));
            case "time.diff" -> family.add(2, (c, a) -> difference(a));
            default -> {}
        }
    }

    private static Value numbers(int... parts) {
        Value[] items = new Value[parts.length];
        for (int i = 0; i < parts.length; i++) {
            items[i] = NumberValue.of(parts[i]);
        }
        return ArrayValue.of(items);
    }

    private static Value parsed(String layout, String value) {
        try {
            return nanos(GoTime.parse(layout, value));
        } catch (DateTimeException e) {
            throw BuiltinException.of(String.valueOf(e.getMessage()));
        }
    }

    private static ZoneId zone(String name) {
        try {
            return GoTime.zone(name);
        } catch (DateTimeException e) {
            throw BuiltinException.of(String.valueOf(e.getMessage()));
        }
    }

    private static Value nanos(Instant instant) {
        BigInteger nanos = BigInteger.valueOf(instant.getEpochSecond())
                .multiply(BigInteger.valueOf(NANOS))
                .add(BigInteger.valueOf(instant.getNano()));
        if (nanos.bitLength() > 63) {
            throw BuiltinException.of("time outside of valid range");
        }
        return NumberValue.of(nanos);
    }

    private static ZonedDateTime time(Value[] args, int position) {
        Value value = args[position - 1];
        String zone = "";
        if (value instanceof ArrayValue array) {
            if (array.size() == 0) {
                throw notATime(array);
            }
            value = array.at(0);
            if (array.size() > 1) {
                if (!(array.at(1) instanceof StringValue text)) {
                    throw Operands.wrongType(1, array.at(1), "string");
                }
                zone = text.text();
            }
            if (array.size() > 2 && !(array.at(2) instanceof StringValue)) {
                throw Operands.wrongType(1, array.at(2), "string");
            }
        }
        if (!(value instanceof NumberValue number)) {
            throw args[position - 1] instanceof ArrayValue ? Operands.wrongType(1, value, "number") : notATime(value);
        }
        if (!number.isWhole()) {
            throw BuiltinException.of("timestamp too big");
        }
        if (!number.isLong()) {
            throw BuiltinException.of("timestamp too big");
        }
        long nanos = number.longValue();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
                .atZone(zone(zone));
    }

    /** Whichever operand it is, the first one is blamed, as OPA does. */
    private static BuiltinException notATime(Value value) {
        return Operands.error(
                1, "must be either number (ns) or [number (ns), string (tz)] but got " + value.typeName());
    }

    private static Value format(Value[] args) {
        String layout = "RFC3339Nano";
        if (args[0] instanceof ArrayValue array && array.size() == 3) {
            if (!(array.at(2) instanceof StringValue text)) {
                throw Operands.wrongType(1, array.at(2), "string");
            }
            layout = text.text();
        }
        ZonedDateTime time = time(args, 1);
        return Operands.text(GoTime.format(time, layout(layout)));
    }

    private static Value addDate(Value[] args) {
        ZonedDateTime time = time(args, 1);
        long years = Operands.intValue(args, 2);
        long months = Operands.intValue(args, 3);
        long days = Operands.intValue(args, 4);
        long month = time.getMonthValue() - 1L + months;
        long year = time.getYear() + years + Math.floorDiv(month, 12);
        if (Math.abs(year) > 1_000_000 || Math.abs(days) > 400_000_000) {
            throw BuiltinException.of("time outside of valid range");
        }
        LocalDateTime first = LocalDateTime.of((int) year, (int) Math.floorMod(month, 12L) + 1, 1, 0, 0)
                .with(time.toLocalTime());
        return nanos(first.plusDays(time.getDayOfMonth() - 1 + days)
                .atZone(time.getZone())
                .toInstant());
    }

    private static Value difference(Value[] args) {
        ZonedDateTime a = time(args, 1);
        ZonedDateTime b = time(args, 2).withZoneSameInstant(a.getZone());
        if (a.isAfter(b)) {
            ZonedDateTime swap = a;
            a = b;
            b = swap;
        }
        int year = b.getYear() - a.getYear();
        int month = b.getMonthValue() - a.getMonthValue();
        int day = b.getDayOfMonth() - a.getDayOfMonth();
        int hour = b.getHour() - a.getHour();
        int minute = b.getMinute() - a.getMinute();
        int second = b.getSecond() - a.getSecond();
        if (second < 0) {
            second += 60;
            minute--;
        }
        if (minute < 0) {
            minute += 60;
            hour--;
        }
        if (hour < 0) {
            hour += 24;
            day--;
        }
        if (day < 0) {
            day += YearMonth.of(a.getYear(), a.getMonthValue()).lengthOfMonth();
            month--;
        }
        if (month < 0) {
            month += 12;
            year--;
        }
        return numbers(year, month, day, hour, minute, second);
    }

    private static Value duration(BuiltinContext context, Value[] args) {
        String text = Operands.string(args, 1);
        String rest = text;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        BigDecimal total = BigDecimal.ZERO;
        if (!rest.equals("0")) {
            java.util.regex.Pattern part = java.util.regex.Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)([^0-9.]*)");
            java.util.regex.Matcher matcher = part.matcher(rest);
            int at = 0;
            while (at < rest.length()) {
                if (!matcher.find(at) || matcher.start() != at) {
                    throw BuiltinException.of("time: invalid duration " + GoQuote.quote(text));
                }
                total = total.add(new BigDecimal(matcher.group(1)).multiply(unit(context, matcher.group(2), text)));
                at = matcher.end();
            }
            if (rest.isEmpty()) {
                throw BuiltinException.of("time: invalid duration " + GoQuote.quote(text));
            }
        }
        BigInteger nanos = total.setScale(0, RoundingMode.DOWN).toBigInteger();
        if (nanos.bitLength() > 63) {
            throw BuiltinException.of("time: invalid duration " + GoQuote.quote(text));
        }
        return NumberValue.of(negative ? nanos.negate() : nanos);
    }

    private static BigDecimal unit(BuiltinContext context, String unit, String text) {
        long nanos = switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> NANOS;
            case "m" -> 60 * NANOS;
            case "h" -> 3600 * NANOS;
            case "d" -> context.newest() ? 86_400 * NANOS : 0;
            case "w" -> context.newest() ? 7 * 86_400 * NANOS : 0;
            case "y" -> context.newest() ? 365 * 86_400 * NANOS : 0;
            default -> 0;
        };
        if (nanos == 0) {
            throw BuiltinException.of(
                    unit.isEmpty()
                            ? "time: missing unit in duration " + GoQuote.quote(text)
                            : "time: unknown unit " + GoQuote.quote(unit) + " in duration " + GoQuote.quote(text));
        }
        return BigDecimal.valueOf(nanos);
    }
}
