package io.gitops4j.rego.value;

/** Go's quoted strings, the form in which OPA prints strings inside values. */
public final class GoQuote {
    private static final String HEX = "0123456789abcdef";

    private GoQuote() {}

    /** The quoted form of {@code text}. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        quote(text, out);
        return out.toString();
    }

    /** Appends the quoted form of {@code text}. */
    public static void quote(String text, StringBuilder out) {
        quote(text, out, false);
    }

    /** Appends the quoted form of {@code text}; with {@code ascii} everything beyond ASCII is escaped. */
    public static void quote(String text, StringBuilder out, boolean ascii) {
        out.append('"');
        int n = text.length();
        for (int i = 0; i < n; ) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                out.append(c);
                i++;
                continue;
            }
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            escape(point, '"', out, ascii);
        }
        out.append('"');
    }

    /** Appends one code point as it stands between {@code quote} characters. */
    public static void escape(int point, char quote, StringBuilder out, boolean ascii) {
        if (point == quote || point == '\\') {
            out.append('\\').append((char) point);
        } else if (point < 0x80 ? point >= ' ' && point < 0x7f : !ascii && printable(point)) {
            out.appendCodePoint(point);
        } else {
            switch (point) {
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 11 -> out.append("\\v");
                default -> numeric(point, out);
            }
        }
    }

    private static void numeric(int point, StringBuilder out) {
        if (point < ' ' || point == 0x7f) {
            out.append("\\x").append(HEX.charAt(point >> 4)).append(HEX.charAt(point & 15));
            return;
        }
        int shown = Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE ? 0xFFFD : point;
        int digits = shown < 0x10000 ? 4 : 8;
        out.append(digits == 4 ? "\\u" : "\\U");
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append(HEX.charAt((shown >> shift) & 15));
        }
    }

    /** Whether Go's {@code strconv.IsPrint} holds. */
    public static boolean printable(int point) {
        if (point == ' ') {
            return true;
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
