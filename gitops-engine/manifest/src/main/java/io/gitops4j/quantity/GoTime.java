package io.gitops4j.quantity;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times by Go's layouts: the reference time {@code Mon Jan 2 15:04:05 MST 2006}, written as the result should look. */
public final class GoTime {
    private static final String[] ELEMENTS = {
        "January",
        "Jan",
        "Monday",
        "Mon",
        "MST",
        "2006",
        "Z070000",
        "Z07:00:00",
        "Z0700",
        "Z07:00",
        "Z07",
        "-070000",
        "-07:00:00",
        "-0700",
        "-07:00",
        "-07",
        "002",
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "15",
        "__2",
        "_2006",
        "_2",
        "PM",
        "pm",
        "1",
        "2",
        "3",
        "4",
        "5"
    };
    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<String> DAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

    private GoTime() {}

    /** One piece of a layout: an element of the reference time, or other text. */
    private record Piece(String text, boolean element) {}

    private static List<Piece> pieces(String layout) {
        List<Piece> out = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < layout.length()) {
            String element = element(layout, at);
            if (element == null) {
                plain.append(layout.charAt(at++));
                continue;
            }
            if (!plain.isEmpty()) {
                out.add(new Piece(plain.toString(), false));
                plain.setLength(0);
            }
            if (element.equals("_2006")) {
                out.add(new Piece("_", false));
                out.add(new Piece("2006", true));
            } else {
                out.add(new Piece(element, true));
            }
            at += element.length();
        }
        if (!plain.isEmpty()) {
            out.add(new Piece(plain.toString(), false));
        }
        return out;
    }

    private static @Nullable String element(String layout, int at) {
        char c = layout.charAt(at);
        if ((c == '.' || c == ',') && at + 1 < layout.length()) {
            char digit = layout.charAt(at + 1);
            if (digit == '0' || digit == '9') {
                int end = at + 1;
                while (end < layout.length() && layout.charAt(end) == digit) {
                    end++;
                }
                if (end == layout.length() || !Character.isDigit(layout.charAt(end))) {
                    return layout.substring(at, end);
                }
            }
            return null;
        }
        for (String element : ELEMENTS) {
            if (layout.startsWith(element, at)) {
                boolean lowerFollows = element.equals("Jan") || element.equals("Mon");
                if (lowerFollows
                        && at + 3 < layout.length()
                        && layout.charAt(at + 3) >= 'a'
                        && layout.charAt(at + 3) <= 'z') {
                    continue;
                }
                return element;
            }
        }
        return null;
    }

    /** The text of {@code time} in {@code layout}. */
    public static String format(ZonedDateTime time, String layout) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces(layout)) {
            if (piece.element()) {
                format(time, piece.text(), out);
            } else {
                out.append(piece.text());
            }
        }
        return out.toString();
    }

    private static void format(ZonedDateTime time, String element, StringBuilder out) {
        switch (element) {
            case "January" -> out.append(MONTHS.get(time.getMonthValue() - 1));
            case "Jan" -> out.append(MONTHS.get(time.getMonthValue() - 1), 0, 3);
            case "1" -> out.append(time.getMonthValue());
            case "01" -> number(time.getMonthValue(), 2, '0', out);
            case "Monday" -> out.append(DAYS.get(time.getDayOfWeek().getValue() % 7));
            case "Mon" -> out.append(DAYS.get(time.getDayOfWeek().getValue() % 7), 0, 3);
            case "2" -> out.append(time.getDayOfMonth());
            case "_2" -> number(time.getDayOfMonth(), 2, ' ', out);
            case "02" -> number(time.getDayOfMonth(), 2, '0', out);
            case "__2" -> number(time.getDayOfYear(), 3, ' ', out);
            case "002" -> number(time.getDayOfYear(), 3, '0', out);
            case "15" -> number(time.getHour(), 2, '0', out);
            case "3" -> out.append(twelve(time));
            case "03" -> number(twelve(time), 2, '0', out);
            case "4" -> out.append(time.getMinute());
            case "04" -> number(time.getMinute(), 2, '0', out);
            case "5" -> out.append(time.getSecond());
            case "05" -> number(time.getSecond(), 2, '0', out);
            case "2006" -> number(time.getYear(), 4, '0', out);
            case "06" -> number(Math.floorMod(time.getYear(), 100), 2, '0', out);
            case "PM" -> out.append(time.getHour() >= 12 ? "PM" : "AM");
            case "pm" -> out.append(time.getHour() >= 12 ? "pm" : "am");
            case "MST" -> out.append(abbreviation(time));
            default -> {
                if (element.charAt(0) == '.' || element.charAt(0) == ',') {
                    fraction(time.getNano(), element, out);
                } else {
                    offset(time.getOffset().getTotalSeconds(), element, out);
                }
            }
        }
    }

    private static int twelve(ZonedDateTime time) {
        int hour = time.getHour() % 12;
        return hour == 0 ? 12 : hour;
    }

    private static String abbreviation(ZonedDateTime time) {
        if (time.getZone().getId().equals("UTC") || time.getZone().equals(ZoneOffset.UTC)) {
            return "UTC";
        }
        String name = java.time.format.DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH)
                .format(time);
        if (name.matches("[A-Z]{2,5}")) {
            return name;
        }
        StringBuilder out = new StringBuilder();
        boolean whole =
                !(time.getZone() instanceof ZoneOffset) && time.getOffset().getTotalSeconds() % 3600 == 0;
        offset(time.getOffset().getTotalSeconds(), whole ? "-07" : "-0700", out);
        return out.isEmpty() ? time.getZone().getDisplayName(TextStyle.SHORT, Locale.ENGLISH) : out.toString();
    }

    private static void number(int value, int width, char pad, StringBuilder out) {
        String digits = Integer.toString(Math.abs(value));
        if (value < 0) {
            out.append('-');
        }
        out.append(String.valueOf(pad).repeat(Math.max(0, width - digits.length())))
                .append(digits);
    }

    private static void fraction(int nanos, String element, StringBuilder out) {
        String digits = String.format(Locale.ROOT, "%09d", nanos);
        String shown = digits.substring(0, Math.min(9, element.length() - 1));
        if (element.charAt(1) == '9') {
            shown = shown.replaceFirst("0+$", "");
            if (shown.isEmpty()) {
                return;
            }
        }
        out.append(element.charAt(0)).append(shown);
    }

    private static void offset(int seconds, String element, StringBuilder out) {
        if (element.charAt(0) == 'Z' && seconds == 0) {
            out.append('Z');
            return;
        }
        int size = Math.abs(seconds);
        out.append(seconds < 0 ? '-' : '+');
        number(size / 3600, 2, '0', out);
        String form = element.substring(1);
        if (form.length() == 2) {
            return;
        }
        String colon = form.contains(":") ? ":" : "";
        out.append(colon);
        number(size / 60 % 60, 2, '0', out);
        if (form.length() > 5 || form.equals("070000")) {
            out.append(colon);
            number(size % 60, 2, '0', out);
        }
    }

    // --- parsing ---

    private static final class Fields {
        int year = 1;
        int month = -1;
        int day = -1;
        int yearDay = -1;
        int hour;
        int minute;
        int second;
        int nano;

        @Nullable
        Boolean afternoon;

        @Nullable
        Integer offset;

        @Nullable
        String zone;
    }

    /** The widest offset, in seconds, that a time of Java can have. */
    private static final int MOST_OFFSET = 18 * 3600;

    /** Most characters of a layout. */
    private static final int LONGEST = 4_096;

    /**
     * The moment that {@code value} spells in {@code layout}; without an offset it is one of UTC.
     *
     * @throws DateTimeException when it spells none, in the words of Go
     */
    public static Instant parse(String layout, String value) {
        return read(layout, value).toInstant();
    }

    /**
     * As {@link #parse}, at the offset that {@code value} names, UTC where it names none.
     *
     * @throws DateTimeException when it spells none, in the words of Go
     */
    public static ZonedDateTime read(String layout, String value) {
        if (layout.length() > LONGEST) {
            throw new DateTimeException("parsing time: the layout is too long");
        }
        Fields fields = new Fields();
        String rest = value;
        List<Piece> pieces = pieces(layout);
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (!piece.element()) {
                if (!rest.startsWith(piece.text())) {
                    throw mismatch(layout, value, rest, piece.text());
                }
                rest = rest.substring(piece.text().length());
                continue;
            }
            String after = take(piece.text(), rest, fields);
            if (after == null) {
                throw mismatch(layout, value, rest, piece.text());
            }
            rest = after;
            boolean seconds = piece.text().equals("05") || piece.text().equals("5");
            boolean fractionNext = i + 1 < pieces.size()
                    && pieces.get(i + 1).element()
                    && (pieces.get(i + 1).text().charAt(0) == '.'
                            || pieces.get(i + 1).text().charAt(0) == ',');
            if (seconds && !fractionNext && rest.matches("(?s)[.,][0-9].*")) {
                rest = fractionTake(rest, fields);
            }
        }
        if (!rest.isEmpty()) {
            throw new DateTimeException("parsing time " + quoted(value) + ": extra text: " + quoted(rest));
        }
        return time(fields, value);
    }

    private static DateTimeException mismatch(String layout, String value, String rest, String element) {
        return new DateTimeException("parsing time " + quoted(value) + " as " + quoted(layout) + ": cannot parse "
                + quoted(rest) + " as " + quoted(element));
    }

    /** A text in an error: whatever is not plain ASCII by its bytes. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < ' ') {
                out.append(String.format(Locale.ROOT, "\\x%02x", b & 0xFF));
            } else {
                out.append(b == '"' || b == '\\' ? "\\" : "").append((char) b);
            }
        }
        return out.append('"').toString();
    }

    private static DateTimeException range(String value, String what) {
        return new DateTimeException("parsing time " + quoted(value) + ": " + what + " out of range");
    }

    private static @Nullable String take(String element, String rest, Fields f) {
        switch (element) {
            case "January":
                return name(MONTHS, 99, rest, index -> f.month = index + 1);
            case "Jan":
                return name(MONTHS, 3, rest, index -> f.month = index + 1);
            case "Monday":
                return name(DAYS, 99, rest, index -> {});
            case "Mon":
                return name(DAYS, 3, rest, index -> {});
            case "1":
                return digits(rest, 1, 2, n -> f.month = n);
            case "01":
                return digits(rest, 2, 2, n -> f.month = n);
            case "2", "_2":
                return digits(
                        element.equals("_2") && rest.startsWith(" ") ? rest.substring(1) : rest, 1, 2, n -> f.day = n);
            case "02":
                return digits(rest, 2, 2, n -> f.day = n);
            case "002", "__2":
                return digits(
                        element.equals("__2") ? rest.stripLeading() : rest,
                        element.equals("__2") ? 1 : 3,
                        3,
                        n -> f.yearDay = n);
            case "15":
                return digits(rest, 2, 2, n -> f.hour = n);
            case "3":
                return digits(rest, 1, 2, n -> f.hour = n);
            case "03":
                return digits(rest, 2, 2, n -> f.hour = n);
            case "4":
                return digits(rest, 1, 2, n -> f.minute = n);
            case "04":
                return digits(rest, 2, 2, n -> f.minute = n);
            case "5":
                return digits(rest, 1, 2, n -> f.second = n);
            case "05":
                return digits(rest, 2, 2, n -> f.second = n);
            case "2006":
                return digits(rest, 4, 4, n -> f.year = n);
            case "06":
                return digits(rest, 2, 2, n -> f.year = n >= 69 ? n + 1900 : n + 2000);
            case "PM", "pm":
                if (rest.length() < 2) {
                    return null;
                }
                String half = rest.substring(0, 2);
                if (!half.equals(element.equals("PM") ? "PM" : "pm")
                        && !half.equals(element.equals("PM") ? "AM" : "am")) {
                    return null;
                }
                f.afternoon = half.equalsIgnoreCase("PM");
                return rest.substring(2);
            case "MST":
                return zoneName(rest, f);
            default:
                if (element.charAt(0) == '.' || element.charAt(0) == ',') {
                    return fractionElement(element, rest, f);
                }
                return offsetTake(element, rest, f);
        }
    }

    private static @Nullable String fractionElement(String element, String rest, Fields f) {
        if (element.charAt(1) == '9') {
            return rest.matches("(?s)[.,][0-9].*") ? fractionTake(rest, f) : rest;
        }
        if (rest.length() < element.length()
                || !rest.substring(0, element.length()).matches("[.,][0-9]+")) {
            return null;
        }
        fractionTake(rest.substring(0, element.length()), f);
        return rest.substring(element.length());
    }

    private static String fractionTake(String rest, Fields f) {
        int end = 1;
        while (end < rest.length() && Character.isDigit(rest.charAt(end))) {
            end++;
        }
        String digits = (rest.substring(1, end) + "000000000").substring(0, 9);
        f.nano = Integer.parseInt(digits);
        return rest.substring(end);
    }

    private static @Nullable String name(
            List<String> names, int length, String rest, java.util.function.IntConsumer found) {
        for (int i = 0; i < names.size(); i++) {
            String name =
                    names.get(i).substring(0, Math.min(length, names.get(i).length()));
            if (rest.regionMatches(true, 0, name, 0, name.length())) {
                found.accept(i);
                return rest.substring(name.length());
            }
        }
        return null;
    }

    private static @Nullable String digits(String rest, int least, int most, java.util.function.IntConsumer found) {
        int end = 0;
        while (end < most && end < rest.length() && rest.charAt(end) >= '0' && rest.charAt(end) <= '9') {
            end++;
        }
        if (end < least) {
            return null;
        }
        found.accept(Integer.parseInt(rest.substring(0, end)));
        return rest.substring(end);
    }

    private static @Nullable String zoneName(String rest, Fields f) {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile(
                        "(?s)(UTC|GMT[+-][0-9]{1,2}|[A-Z]{3,5}|[+-][0-9]{2}).*")
                .matcher(rest);
        if (!matcher.matches()) {
            return null;
        }
        f.zone = matcher.group(1);
        return rest.substring(matcher.group(1).length());
    }

    private static @Nullable String offsetTake(String element, String rest, Fields f) {
        if (element.charAt(0) == 'Z' && rest.startsWith("Z")) {
            f.offset = 0;
            return rest.substring(1);
        }
        String form = element.substring(1).replaceAll("[0-9]", "d");
        if (rest.length() <= form.length() || (rest.charAt(0) != '+' && rest.charAt(0) != '-')) {
            return null;
        }
        int[] parts = new int[6];
        int count = 0;
        for (int i = 0; i < form.length(); i++) {
            char c = rest.charAt(i + 1);
            if (form.charAt(i) == ':' ? c != ':' : c < '0' || c > '9') {
                return null;
            }
            if (form.charAt(i) != ':') {
                parts[count++] = c - '0';
            }
        }
        int seconds = (parts[0] * 10 + parts[1]) * 3600 + (parts[2] * 10 + parts[3]) * 60 + parts[4] * 10 + parts[5];
        if (parts[0] * 10 + parts[1] > 24 || parts[2] > 5 || parts[4] > 5) {
            return null;
        }
        f.offset = rest.charAt(0) == '-' ? -seconds : seconds;
        return rest.substring(form.length() + 1);
    }

    private static ZonedDateTime time(Fields f, String value) {
        int hour = f.hour;
        Boolean afternoon = f.afternoon;
        if (afternoon != null) {
            hour = afternoon ? hour < 12 ? hour + 12 : hour : hour == 12 ? 0 : hour;
        }
        if (hour > 23) {
            throw range(value, "hour");
        }
        if (f.minute > 59) {
            throw range(value, "minute");
        }
        if (f.second > 59) {
            throw range(value, "second");
        }
        LocalDateTime local;
        try {
            if (f.yearDay >= 0) {
                local = java.time.LocalDate.ofYearDay(f.year, f.yearDay).atTime(hour, f.minute, f.second, f.nano);
            } else {
                int month = f.month < 0 ? 1 : f.month;
                if (month < 1 || month > 12) {
                    throw range(value, "month");
                }
                local = LocalDateTime.of(f.year, month, f.day < 0 ? 1 : f.day, hour, f.minute, f.second, f.nano);
            }
        } catch (DateTimeException e) {
            throw range(value, "day");
        }
        Integer offset = f.offset;
        if (offset == null && f.zone != null && f.zone.matches("[+-][0-9]{2}")) {
            offset = Integer.parseInt(f.zone) * 3600;
        }
        if (offset == null && f.zone != null && f.zone.startsWith("GMT") && f.zone.length() > 3) {
            offset = Integer.parseInt(f.zone.substring(3)) * 3600;
        }
        int seconds = offset == null ? 0 : offset;
        ZoneOffset zone = Math.abs(seconds) > MOST_OFFSET ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(seconds);
        return local.atOffset(ZoneOffset.UTC).minusSeconds(seconds).atZoneSameInstant(zone);
    }

    /**
     * The zone of a name of the time zone database; none and {@code Local} are UTC.
     *
     * @throws DateTimeException when there is none of this name
     */
    public static ZoneId zone(String name) {
        if (name.isEmpty() || name.equals("UTC") || name.equals("Local")) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new DateTimeException("unknown time zone " + name);
        }
    }
}
