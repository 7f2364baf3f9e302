package io.gitops4j.codec;

/**
 * What a folded block scalar becomes when kustomize prints and reads it again between its steps: go-yaml v3 looks at the
 * start of the whole text, not of the next line, when it decides whether a line break must be doubled, so that a break
 * before a more indented line gains an empty line.
 */
public final class Folding {
    private Folding() {}

    /** {@code value} after one print and one read. */
    public static String reprinted(String value) {
        int first = 0;
        while (first < value.length() && value.charAt(first) == '\n') {
            first++;
        }
        boolean doubles = first < value.length() && !isBlank(value.charAt(first));
        StringBuilder printed = new StringBuilder(value.length() + 16);
        boolean breaks = true;
        boolean leadingBlank = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\n') {
                if (!breaks && !leadingBlank && doubles) {
                    printed.append('\n');
                }
                breaks = true;
            } else {
                leadingBlank = breaks ? isBlank(c) : leadingBlank;
                breaks = false;
            }
            printed.append(c);
        }
        int length = value.length();
        boolean strip = length == 0 || value.charAt(length - 1) != '\n';
        boolean keep = !strip && (length == 1 || value.charAt(length - 2) == '\n');
        return read(printed, strip, keep);
    }

    private static String read(CharSequence printed, boolean strip, boolean keep) {
        StringBuilder out = new StringBuilder(printed.length());
        int length = printed.length();
        int at = 0;
        int emptyLines = 0;
        while (at < length && printed.charAt(at) == '\n') {
            emptyLines++;
            at++;
        }
        boolean pendingBreak = false;
        boolean leadingBlank = false;
        while (at < length) {
            boolean blank = isBlank(printed.charAt(at));
            if (pendingBreak && !leadingBlank && !blank) {
                if (emptyLines == 0) {
                    out.append(' ');
                }
            } else if (pendingBreak) {
                out.append('\n');
            }
            out.append("\n".repeat(emptyLines));
            leadingBlank = blank;
            while (at < length && printed.charAt(at) != '\n') {
                out.append(printed.charAt(at++));
            }
            pendingBreak = at < length;
            at++;
            emptyLines = 0;
            while (at < length && printed.charAt(at) == '\n') {
                emptyLines++;
                at++;
            }
        }
        if (!strip && pendingBreak) {
            out.append('\n');
        }
        return keep ? out.append("\n".repeat(emptyLines)).toString() : out.toString();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
