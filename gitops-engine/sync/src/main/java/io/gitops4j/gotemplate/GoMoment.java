package io.gitops4j.gotemplate;

import io.gitops4j.quantity.GoTime;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@code time.Time}: prints as Go prints it, and its parts are asked for by name. */
record GoMoment(ZonedDateTime time) {
    private static final String PRINTED = "2006-01-02 15:04:05.999999999 -0700 MST";
    private static final String JSON = "2006-01-02T15:04:05.999999999Z07:00";

    String in(String layout) {
        return GoTime.format(time, layout);
    }

    String json() {
        return in(JSON);
    }

    /** A part, {@code null} when there is none of this name. */
    @Nullable
    Object part(String name) {
        return switch (name) {
            case "Year" -> (long) time.getYear();
            case "Month" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Day" -> (long) time.getDayOfMonth();
            case "Hour" -> (long) time.getHour();
            case "Minute" -> (long) time.getMinute();
            case "Second" -> (long) time.getSecond();
            case "Nanosecond" -> (long) time.getNano();
            case "Weekday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "YearDay" -> (long) time.getDayOfYear();
            case "Unix" -> time.toEpochSecond();
            case "UnixMilli" -> time.toInstant().toEpochMilli();
            case "String" -> toString();
            default -> null;
        };
    }

    @Override
    public String toString() {
        return in(PRINTED);
    }
}
