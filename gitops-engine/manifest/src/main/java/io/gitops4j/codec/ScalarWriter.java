package io.gitops4j.codec;

/** Prints one string as go-yaml v2 does: plain, quoted or literal, folded after column 80. */
final class ScalarWriter {
    private static final int BEST_WIDTH = 80;
    private static final ScalarResolver RESOLVER = new ScalarResolver(true, false);

    private final StringBuilder out;

    ScalarWriter(StringBuilder out) {
        this.out = out;
    }

    /** A key that stays on its line. */
    void key(String text) {
        write(text, 0, true, true);
    }

    /** A value whose continuation lines start at column {@code indent}; {@code fold} allows line breaks. */
    void string(String text, int indent, boolean fold) {
        write(text, indent, false, fold);
    }

    private void write(String text, int indent, boolean key, boolean fold) {
        int traits = traits(text);
        boolean multiline = text.indexOf('\n') >= 0;
        boolean literal = multiline && !key && (traits & NO_LITERAL) == 0;
        if (literal) {
            literal(text, indent);
        } else if (multiline || (traits & NO_SINGLE) != 0 || !staysString(text)) {
            doubleQuoted(text, indent, !key && fold);
        } else if ((traits & NO_PLAIN) != 0) {
            singleQuoted(text, indent, !key && fold);
        } else {
            plain(text, indent, !key && fold);
        }
    }

    private static boolean staysString(String text) {
        if (text.isEmpty()) {
            return false;
        }
        char first = text.charAt(0);
        boolean suspect = first <= '9' || first == '~' || "nNtTfFyYoO".indexOf(first) >= 0;
        return !suspect || (RESOLVER.resolve(text, true) == null && !isBase60(text));
    }

    /** {@code [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?}, a number of YAML 1.1. */
    private static boolean isBase60(String text) {
        int n = text.length();
        int i = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        if (text.indexOf(':') < 0 || i == n || !digit(text, i)) {
            return false;
        }
        while (i < n && (digit(text, i) || text.charAt(i) == '_')) {
            i++;
        }
        boolean part = false;
        while (i < n && text.charAt(i) == ':') {
            i++;
            if (i + 1 < n && text.charAt(i) <= '5' && digit(text, i) && digit(text, i + 1)) {
                i += 2;
            } else if (i < n && digit(text, i)) {
                i++;
            } else {
                return false;
            }
            part = true;
        }
        if (part && i < n && text.charAt(i) == '.') {
            i++;
            while (i < n && (digit(text, i) || text.charAt(i) == '_')) {
                i++;
            }
        }
        return part && i == n;
    }

    private static boolean digit(String text, int index) {
        return text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private static final int NO_PLAIN = 1;
    private static final int NO_SINGLE = 2;
    private static final int NO_LITERAL = 4;

    /** Which styles the characters of {@code text} rule out. */
    private static int traits(String text) {
        int n = text.length();
        int traits = text.startsWith("---") || text.startsWith("...") ? NO_PLAIN : 0;
        boolean afterBlank = true;
        boolean previousSpace = false;
        boolean previousBreak = false;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            boolean blankNext = i + 1 == n || isBlankOrBreak(text.charAt(i + 1));
            if (c == ' ') {
                if (i == 0 || i == n - 1) {
                    traits |= i == n - 1 ? NO_PLAIN | NO_LITERAL : NO_PLAIN;
                }
                traits |= previousBreak ? NO_PLAIN | NO_SINGLE : 0;
                previousSpace = true;
                previousBreak = false;
            } else if (isBreak(c)) {
                traits |= NO_PLAIN | (previousSpace ? NO_SINGLE | NO_LITERAL : 0);
                previousSpace = false;
                previousBreak = true;
                traits |= c == '\n' || isPrintable(c) ? 0 : NO_PLAIN | NO_SINGLE | NO_LITERAL;
            } else {
                if (indicates(c, i == 0, afterBlank, blankNext)) {
                    traits |= NO_PLAIN;
                }
                if (!isPrintable(c)) {
                    traits |= NO_PLAIN | NO_SINGLE | NO_LITERAL;
                }
                previousSpace = false;
                previousBreak = false;
            }
            afterBlank = isBlankOrBreak(c);
        }
        return traits;
    }

    private static boolean indicates(char c, boolean first, boolean afterBlank, boolean blankNext) {
        if (first) {
            return switch (c) {
                case '#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`' -> true;
                case '?', ':', '-' -> blankNext;
                default -> false;
            };
        }
        return (c == ':' && blankNext) || (c == '#' && afterBlank);
    }

    private static boolean isBlankOrBreak(char c) {
        return c == ' ' || c == '\t' || isBreak(c) || c == 0;
    }

    static boolean isBreak(char c) {
        return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** Surrogates count as non-printable, and so does everything above U+FFFF. */
    private static boolean isPrintable(char c) {
        if (c < 0x7F) {
            return c >= 0x20 || c == '\n';
        }
        return c >= 0xA0 && (c < 0xD800 || c > 0xDFFF) && c != 0xFEFF && c < 0xFFFE;
    }

    private void plain(String text, int indent, boolean fold) {
        int room = BEST_WIDTH - column();
        if (!fold || text.length() <= room) {
            out.append(text);
            return;
        }
        int column = BEST_WIDTH - room;
        boolean afterSpace = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' && !afterSpace && column > BEST_WIDTH && text.charAt(i + 1) != ' ') {
                column = newLine(indent);
            } else {
                out.append(c);
                column++;
            }
            afterSpace = c == ' ';
        }
    }

    private void singleQuoted(String text, int indent, boolean fold) {
        int column = column() + 1;
        out.append('\'');
        int last = text.length() - 1;
        boolean afterSpace = false;
        boolean afterBreak = false;
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            if (c == ' ') {
                boolean inside = i > 0 && i < last;
                if (fold && !afterSpace && inside && column > BEST_WIDTH && text.charAt(i + 1) != ' ') {
                    column = newLine(indent);
                } else {
                    out.append(c);
                    column++;
                }
                afterSpace = true;
                continue;
            }
            if (isBreak(c)) {
                out.append(c);
                afterBreak = true;
                continue;
            }
            if (afterBreak) {
                spaces(indent);
                column = indent;
            }
            out.append(c);
            column++;
            if (c == '\'') {
                out.append('\'');
                column++;
            }
            afterSpace = false;
            afterBreak = false;
        }
        out.append('\'');
    }

    private void doubleQuoted(String text, int indent, boolean fold) {
        int column = column() + 1;
        out.append('"');
        int last = text.length() - 1;
        boolean afterSpace = false;
        // The reference looks for a byte order mark at the start of the text at every character of it.
        boolean escapeAll = !text.isEmpty() && text.charAt(0) == 0xFEFF;
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            if (c == ' ' && !escapeAll) {
                if (fold && !afterSpace && column > BEST_WIDTH && i > 0 && i < last) {
                    column = newLine(indent);
                    if (text.charAt(i + 1) == ' ') {
                        out.append('\\');
                        column++;
                    }
                } else {
                    out.append(' ');
                    column++;
                }
                afterSpace = true;
                continue;
            }
            int before = out.length();
            if (escapeAll || c == '"' || c == '\\' || !isPrintable(c) || isBreak(c)) {
                i += escape(text, i);
            } else {
                out.append(c);
            }
            column += out.length() - before;
            afterSpace = false;
        }
        out.append('"');
    }

    /** Appends the escape of the character at {@code at}; 1 when it took two UTF-16 units, else 0. */
    private int escape(String text, int at) {
        char c = text.charAt(at);
        String known = switch (c) {
            case 0 -> "\\0";
            case 7 -> "\\a";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case 0x0B -> "\\v";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            case 0x1B -> "\\e";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case 0x85 -> "\\N";
            case 0x2028 -> "\\L";
            case 0x2029 -> "\\P";
            default -> "";
        };
        if (!known.isEmpty()) {
            out.append(known);
            return 0;
        }
        int point = text.codePointAt(at);
        if (point > 0xFFFF) {
            hex("\\U", point, 8);
            return 1;
        }
        hex(point <= 0xFF ? "\\x" : "\\u", point, point <= 0xFF ? 2 : 4);
        return 0;
    }

    private void hex(String prefix, int value, int digits) {
        out.append(prefix);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append("0123456789ABCDEF".charAt((value >> shift) & 15));
        }
    }

    private void literal(String text, int indent) {
        out.append('|');
        char first = text.charAt(0);
        if (first == ' ' || isBreak(first)) {
            out.append('2');
        }
        int n = text.length();
        if (!isBreak(text.charAt(n - 1))) {
            out.append('-');
        } else if (n == 1 || isBreak(text.charAt(n - 2))) {
            out.append('+');
        }
        out.append('\n');
        boolean lineStart = true;
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            boolean isBreak = isBreak(c);
            if (lineStart && !isBreak) {
                spaces(indent);
            }
            out.append(c);
            lineStart = isBreak;
        }
    }

    private int newLine(int indent) {
        out.append('\n');
        spaces(indent);
        return indent;
    }

    private void spaces(int count) {
        for (int i = 0; i < count; i++) {
            out.append(' ');
        }
    }

    /** How many characters stand on the current line. */
    private int column() {
        int at = out.length();
        while (at > 0 && out.charAt(at - 1) != '\n') {
            at--;
        }
        return out.length() - at;
    }
}
