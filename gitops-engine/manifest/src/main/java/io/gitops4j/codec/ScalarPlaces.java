package io.gitops4j.codec;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/**
 * Follows the value of a scalar through the text that it was read from. However a scalar is written, its characters that are no white
 * space stand in the text in the same order, with nothing else between them but white space, quotes and backslashes; so they are counted.
 */
final class ScalarPlaces {
    private final String text;
    private final ScalarStyle style;
    private int at;

    private ScalarPlaces(String text, int at, ScalarStyle style) {
        this.text = text;
        this.at = at;
        this.style = style;
    }

    /**
     * The offset in {@code text} of a place of {@code value}, -1 when it cannot be followed.
     *
     * @param start offset where the scalar starts
     * @param line 1-based line of the value
     * @param column 1-based column in code points; below 1 for the first that is written
     */
    static int offset(String text, int start, ScalarStyle style, String value, int line, int column) {
        int from = 0;
        for (int i = 1; i < line; i++) {
            from = value.indexOf('\n', from) + 1;
            if (from == 0) {
                return -1;
            }
        }
        int end = value.indexOf('\n', from);
        int to = end < 0 ? value.length() : end;
        int wanted = Math.min(to, column < 1 ? from : value.offsetByCodePoints(from, within(value, from, to, column)));
        return new ScalarPlaces(text, start, style).follow(value, wanted);
    }

    private static int within(String value, int from, int to, int column) {
        return Math.min(column - 1, value.codePointCount(from, to));
    }

    private int follow(String value, int wanted) {
        begin();
        int visible = wanted;
        while (visible < value.length() && isSpace(value.charAt(visible))) {
            visible++;
        }
        boolean ahead =
                visible < value.length() && value.substring(wanted, visible).indexOf('\n') < 0;
        int before = wanted;
        while (!ahead && before > 0 && isSpace(value.charAt(before - 1))) {
            before--;
        }
        int target = ahead ? visible : Math.max(0, before - 1);
        int found = -1;
        for (int i = 0; i <= target && i < value.length(); i++) {
            char c = value.charAt(i);
            if (isSpace(c)) {
                continue;
            }
            found = next(c);
            if (found < 0) {
                return -1;
            }
        }
        return found < 0 ? -1 : ahead ? found - (visible - wanted) : found + (wanted - target);
    }

    /** Steps over the header of a block, or the quote. */
    private void begin() {
        switch (style) {
            case LITERAL, FOLDED -> at = Math.max(at, text.indexOf('\n', at));
            case SINGLE_QUOTED, DOUBLE_QUOTED -> at++;
            default -> {
                // the text begins at once
            }
        }
    }

    /** The offset of the next character of the value, which is {@code wanted}; steps over it. */
    private int next(char wanted) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (style == ScalarStyle.DOUBLE_QUOTED && c == '\\') {
                int start = at;
                if (escaped() == wanted) {
                    return start;
                }
            } else {
                int start = at;
                at += style == ScalarStyle.SINGLE_QUOTED && c == '\'' ? 2 : 1;
                return c == wanted ? start : -1;
            }
        }
        return -1;
    }

    /** Steps over an escape; its first character, a space for white space. */
    private char escaped() {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        at += 2;
        int digits = switch (kind) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
        if (digits > 0 && at + digits <= text.length()) {
            int code = Integer.parseUnsignedInt(text.substring(at, at + digits), 16);
            at += digits;
            return Character.isValidCodePoint(code) && !Character.isSupplementaryCodePoint(code)
                    ? (char) code
                    : Character.isValidCodePoint(code) ? Character.highSurrogate(code) : ' ';
        }
        return "\"\\/".indexOf(kind) >= 0 ? kind : ' ';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
