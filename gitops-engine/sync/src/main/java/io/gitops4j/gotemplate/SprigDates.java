package io.gitops4j.gotemplate;

import io.gitops4j.quantity.GoDuration;
import io.gitops4j.quantity.GoTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;

/** Sprig's dates and durations, but for those that ask what time it is. */
final class SprigDates {
    private static final String DAY = "2006-01-02";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final GoMoment ZERO = new GoMoment(ZonedDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));

    private SprigDates() {}

    static void addTo(Map<String, GoFunction> functions) {
        functions.put("date", a -> moment(a.exactly(2), 1, ZoneOffset.UTC).in(a.text(0)));
        functions.put(
                "dateInZone", a -> moment(a.exactly(3), 1, zone(a.text(2))).in(a.text(0)));
        functions.put("date_in_zone", functions.get("dateInZone"));
        functions.put("htmlDate", a -> moment(a.exactly(1), 0, ZoneOffset.UTC).in(DAY));
        functions.put(
                "htmlDateInZone", a -> moment(a.exactly(2), 0, zone(a.text(1))).in(DAY));
        functions.put("toDate", a -> {
            try {
                return read(a.exactly(2));
            } catch (DateTimeException e) {
                return ZERO;
            }
        });
        functions.put("mustToDate", a -> {
            try {
                return read(a.exactly(2));
            } catch (DateTimeException e) {
                throw new TemplateException(String.valueOf(e.getMessage()));
            }
        });
        functions.put("dateModify", a -> modified(a.exactly(2), false));
        functions.put("date_modify", functions.get("dateModify"));
        functions.put("mustDateModify", a -> modified(a.exactly(2), true));
        functions.put("must_date_modify", functions.get("mustDateModify"));
        functions.put(
                "unixEpoch", a -> String.valueOf(time(a.exactly(1), 0).time().toEpochSecond()));
        functions.put("duration", a -> seconds(a.exactly(1).any(0)));
        functions.put("durationRound", a -> rounded(a.exactly(1).any(0)));
    }

    /** A time, or one by its whole seconds since 1970. */
    private static GoMoment moment(Arguments a, int index, ZoneId zone) {
        if (a.any(index) instanceof Long seconds) {
            try {
                return new GoMoment(Instant.ofEpochSecond(seconds).atZone(zone));
            } catch (DateTimeException e) {
                throw new TemplateException("time out of range: " + seconds);
            }
        }
        if (a.any(index) instanceof GoMoment moment) {
            return new GoMoment(moment.time().withZoneSameInstant(zone));
        }
        throw new TemplateException(
                a.function() + " of a value of type " + GoValues.type(a.any(index))
                        + " asks for the present time, which a template has not; give whole seconds since 1970, or what toDate gives");
    }

    private static GoMoment time(Arguments a, int index) {
        if (a.any(index) instanceof GoMoment moment) {
            return moment;
        }
        throw new TemplateException("wrong type for value; expected time.Time; got " + GoValues.type(a.any(index)));
    }

    /** A zone by its name, UTC where it has none. */
    private static ZoneId zone(String name) {
        try {
            return GoTime.zone(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }

    private static GoMoment read(Arguments a) {
        return new GoMoment(GoTime.read(a.text(0), a.text(1)));
    }

    private static GoMoment modified(Arguments a, boolean must) {
        GoMoment moment = time(a, 1);
        Duration by = GoDuration.parse(a.text(0));
        if (by != null) {
            return new GoMoment(moment.time().plus(by));
        }
        if (must) {
            throw new TemplateException(String.valueOf(GoDuration.error(a.text(0))));
        }
        return moment;
    }

    /** Seconds as a duration, which wraps as an {@code int64} does; what is neither a text nor an {@code int64} is none. */
    private static String seconds(Object value) {
        long seconds = 0;
        if (value instanceof String text) {
            try {
                seconds = Long.parseLong(text);
            } catch (NumberFormatException e) {
                seconds = 0;
            }
        }
        return GoDuration.print(Duration.ofNanos(seconds * 1_000_000_000L));
    }

    /** The greatest whole unit of a duration: years of 365 days, months of 30. */
    private static String rounded(Object value) {
        Duration duration = value instanceof String text ? GoDuration.parse(text) : null;
        if (duration == null) {
            return "0s";
        }
        Duration size = duration.abs();
        Object[][] units = {
            {HOUR.multipliedBy(8_760), "y"},
            {HOUR.multipliedBy(720), "mo"},
            {HOUR.multipliedBy(24), "d"},
            {HOUR, "h"},
            {Duration.ofMinutes(1), "m"},
            {Duration.ofSeconds(1), "s"}
        };
        for (Object[] unit : units) {
            if (unit[0] instanceof Duration length && size.compareTo(length) > 0) {
                return size.dividedBy(length) + String.valueOf(unit[1]);
            }
        }
        return "0s";
    }
}
