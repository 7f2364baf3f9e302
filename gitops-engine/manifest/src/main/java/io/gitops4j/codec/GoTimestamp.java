package io.gitops4j.codec;

import org.jspecify.annotations.Nullable;

/**
 * The timestamps that Go's YAML readers recognise: {@code 2001-1-2}, {@code 2001-01-02T15:04:05.999Z} (or a lower-case
 * {@code t}, or an offset {@code -05:00}) and {@code 2001-01-02 15:04:05.9} without zone.
 */
final class GoTimestamp {
    private static final int[] MONTH_DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private final String text;
    private int at;

    private GoTimestamp(String text) {
        this.text = text;
    }

    /** Whether {@code text} starts as every timestamp does: four digits and a dash. */
    static boolean mayBe(String text) {
        return text.length() > 7
                && text.charAt(4) == '-'
                && digit(text, 0)
                && digit(text, 1)
                && digit(text, 2)
                && digit(text, 3);
    }

    /** The RFC 3339 form with the fraction's trailing zeros gone, or {@code null} when it is no timestamp. */
    static @Nullable String rfc3339(String text) {
        return mayBe(text) ? new GoTimestamp(text).parse() : null;
    }

    private @Nullable String parse() {
        int year = Integer.parseInt(text.substring(0, 4));
        at = 5;
        int month = number();
        if (month < 1 || month > 12 || !take('-')) {
            return null;
        }
        int day = number();
        boolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (day < 1 || day > (month == 2 && !leap ? 28 : MONTH_DAYS[month - 1])) {
            return null;
        }
        String date = text.substring(0, 4) + "-" + two(month) + "-" + two(day);
        if (at == text.length()) {
            return date + "T00:00:00Z";
        }
        char separator = text.charAt(at++);
        if (separator != 'T' && separator != 't' && separator != ' ') {
            return null;
        }
        String time = time();
        if (time == null) {
            return null;
        }
        String zone = separator == ' ' ? (at == text.length() ? "Z" : null) : zone();
        return zone == null ? null : date + "T" + time + zone;
    }

    private @Nullable String time() {
        // Go's "15" wants two digits where there are two, and one is enough otherwise.
        int hour = number();
        if (hour < 0 || hour > 23 || !take(':')) {
            return null;
        }
        int minute = number();
        if (minute < 0 || minute > 59 || !take(':')) {
            return null;
        }
        int second = number();
        if (second < 0 || second > 59) {
            return null;
        }
        return two(hour) + ":" + two(minute) + ":" + two(second) + fraction();
    }

    private String fraction() {
        if (at + 1 >= text.length() || (text.charAt(at) != '.' && text.charAt(at) != ',') || !digit(text, at + 1)) {
            return "";
        }
        int from = ++at;
        while (at < text.length() && digit(text, at)) {
            at++;
        }
        int to = Math.min(at, from + 9);
        while (to > from && text.charAt(to - 1) == '0') {
            to--;
        }
        return to == from ? "" : "." + text.substring(from, to);
    }

    private @Nullable String zone() {
        int left = text.length() - at;
        if (left == 1 && text.charAt(at) == 'Z') {
            return "Z";
        }
        boolean shaped = left == 6
                && (text.charAt(at) == '+' || text.charAt(at) == '-')
                && digit(text, at + 1)
                && digit(text, at + 2)
                && text.charAt(at + 3) == ':'
                && digit(text, at + 4)
                && digit(text, at + 5);
        if (!shaped
                || Integer.parseInt(text.substring(at + 1, at + 3)) > 24
                || Integer.parseInt(text.substring(at + 4)) > 60) {
            return null;
        }
        String zone = text.substring(at);
        return zone.substring(1).equals("00:00") ? "Z" : zone;
    }

    /** One or two digits, or -1. */
    private int number() {
        if (at >= text.length() || !digit(text, at)) {
            return -1;
        }
        int value = text.charAt(at++) - '0';
        if (at < text.length() && digit(text, at)) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        return value;
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean digit(String text, int index) {
        char c = text.charAt(index);
        return c >= '0' && c <= '9';
    }

    private static String two(int value) {
        return value < 10 ? "0" + value : Integer.toString(value);
    }
}
