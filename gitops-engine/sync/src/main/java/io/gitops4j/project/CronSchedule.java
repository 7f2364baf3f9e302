package io.gitops4j.project;

import com.google.common.base.Splitter;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron schedule of five fields: minute, hour, day of month, month, day of week. Names of months and days, lists, ranges and
 * steps; {@code ?} is {@code *}. With both days restricted, one of them has to fit. A prefix {@code TZ=…} or
 * {@code CRON_TZ=…} sets the zone.
 */
public final class CronSchedule {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final int YEARS_AHEAD = 5;

    private final Field minute;
    private final Field hour;
    private final Field dayOfMonth;
    private final Field month;
    private final Field dayOfWeek;
    private final @Nullable ZoneId zone;

    /** The values of a field as bits, and whether it was a star. */
    private record Field(long bits, boolean star) {
        boolean has(int value) {
            return (bits & (1L << value)) != 0;
        }
    }

    private CronSchedule(Field[] fields, @Nullable ZoneId zone) {
        this.minute = fields[0];
        this.hour = fields[1];
        this.dayOfMonth = fields[2];
        this.month = fields[3];
        this.dayOfWeek = fields[4];
        this.zone = zone;
    }

    /** Reads a schedule. Error {@code CRON_INVALID} names the field. */
    public static Outcome<CronSchedule> parse(String text) {
        try {
            return Outcome.of(read(text));
        } catch (Invalid e) {
            return Outcome.failed(
                    Problem.error("CRON_INVALID", "cannot parse schedule '" + text + "': " + e.getMessage())
                            .hint("five fields: minute hour day-of-month month day-of-week"));
        }
    }

    private static CronSchedule read(String text) throws Invalid {
        String rest = text.strip();
        ZoneId zone = null;
        if (rest.startsWith("TZ=") || rest.startsWith("CRON_TZ=")) {
            int space = rest.indexOf(' ');
            if (space < 0) {
                throw new Invalid("only a time zone");
            }
            String name = rest.substring(rest.indexOf('=') + 1, space);
            try {
                zone = ZoneId.of(name);
            } catch (DateTimeException e) {
                throw new Invalid("unknown time zone " + name);
            }
            rest = rest.substring(space).strip();
        }
        if (rest.isEmpty()) {
            throw new Invalid("empty");
        }
        if (rest.startsWith("@")) {
            throw new Invalid("descriptors are not accepted: " + rest);
        }
        List<String> parts = Splitter.onPattern("\\s+").splitToList(rest);
        if (parts.size() != 5) {
            throw new Invalid("expected exactly 5 fields, found " + parts.size());
        }
        return new CronSchedule(
                new Field[] {
                    field(parts.get(0), 0, 59, List.of()),
                    field(parts.get(1), 0, 23, List.of()),
                    field(parts.get(2), 1, 31, List.of()),
                    field(parts.get(3), 1, 12, MONTHS),
                    field(parts.get(4), 0, 6, DAYS)
                },
                zone);
    }

    private static Field field(String text, int min, int max, List<String> names) throws Invalid {
        long bits = 0;
        boolean star = false;
        for (String part : Splitter.on(',').omitEmptyStrings().split(text)) {
            List<String> stepped = Splitter.on('/').splitToList(part);
            if (stepped.size() > 2) {
                throw new Invalid("too many slashes: " + part);
            }
            List<String> range = Splitter.on('-').splitToList(stepped.get(0));
            int start;
            int end;
            boolean all = stepped.get(0).equals("*") || stepped.get(0).equals("?");
            if (all) {
                start = min;
                end = max;
            } else {
                start = value(range.get(0), min, names);
                if (range.size() > 2) {
                    throw new Invalid("too many hyphens: " + part);
                }
                end = range.size() == 2 ? value(range.get(1), min, names) : start;
            }
            int step = 1;
            if (stepped.size() == 2) {
                step = number(stepped.get(1));
                if (!all && range.size() == 1) {
                    end = max;
                }
            }
            star |= all && step == 1;
            check(part, start, end, step, min, max);
            for (int value = start; value <= end; value += step) {
                bits |= 1L << value;
            }
        }
        return new Field(bits, star);
    }

    private static void check(String part, int start, int end, int step, int min, int max) throws Invalid {
        if (start < min) {
            throw new Invalid("beginning of range (" + start + ") below minimum (" + min + "): " + part);
        }
        if (end > max) {
            throw new Invalid("end of range (" + end + ") above maximum (" + max + "): " + part);
        }
        if (start > end) {
            throw new Invalid("beginning of range (" + start + ") beyond end of range (" + end + "): " + part);
        }
        if (step == 0) {
            throw new Invalid("step of range must be positive: " + part);
        }
    }

    private static int value(String text, int min, List<String> names) throws Invalid {
        int named = names.indexOf(text.toLowerCase(Locale.ROOT));
        return named >= 0 ? named + min : number(text);
    }

    private static int number(String text) throws Invalid {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Invalid("not a number: '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    /** The zone that the schedule itself names. */
    public Optional<ZoneId> zone() {
        return Optional.ofNullable(zone);
    }

    /**
     * The first time after {@code from} at which the schedule fires, on the clock of the zone of {@code from} or of the
     * schedule's own; empty when there is none in the next five years. A time that daylight saving leaves out does not fire.
     */
    public Optional<ZonedDateTime> next(ZonedDateTime from) {
        ZonedDateTime at = zone == null ? from : from.withZoneSameInstant(zone);
        at = at.plusSeconds(1).withNano(0);
        if (at.getSecond() != 0) {
            at = at.plusSeconds(60L - at.getSecond());
        }
        int lastYear = at.getYear() + YEARS_AHEAD;
        while (at.getYear() <= lastYear) {
            if (!month.has(at.getMonthValue())) {
                at = at.withDayOfMonth(1).plusMonths(1).toLocalDate().atStartOfDay(at.getZone());
            } else if (!dayFits(at)) {
                at = at.plusDays(1).toLocalDate().atStartOfDay(at.getZone());
            } else if (!hour.has(at.getHour())) {
                at = at.withMinute(0).plusHours(1);
            } else if (!minute.has(at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private boolean dayFits(ZonedDateTime at) {
        boolean month = dayOfMonth.has(at.getDayOfMonth());
        boolean week = dayOfWeek.has(at.getDayOfWeek().getValue() % 7);
        return dayOfMonth.star() || dayOfWeek.star() ? month && week : month || week;
    }

    private static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message, null, false, false);
        }
    }
}
