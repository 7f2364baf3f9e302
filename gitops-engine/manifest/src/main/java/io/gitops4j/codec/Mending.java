package io.gitops4j.codec;

import org.jspecify.annotations.Nullable;

/**
 * What Go's readers take and the parser in use here refuses. A tab between tokens is skipped where no key can start: behind a
 * value indicator and anywhere in flow collections; it is replaced by a space, which changes no position and no value. The
 * escape {@code \'} is an apostrophe. The document is then read again.
 */
public final class Mending {
    private Mending() {}

    /** {@code text} with the place {@code at}, where the parser gave up, mended; {@code null} where Go gives up as well. */
    public static @Nullable String mended(String text, int at) {
        if (at < 0 || at >= text.length()) {
            return null;
        }
        if (text.charAt(at) == '\'' && at > 0 && text.charAt(at - 1) == '\\') {
            return text.substring(0, at) + "x27" + text.substring(at + 1);
        }
        return text.charAt(at) == '\t' ? withoutTabs(text, at) : null;
    }

    private static @Nullable String withoutTabs(String text, int at) {
        int before = at - 1;
        while (before >= 0 && isBlank(text.charAt(before))) {
            before--;
        }
        boolean lineStart = before < 0 || isBreak(text.charAt(before));
        if (lineStart
                ? !isIndentedFlow(text, before, at) && !continuesPlain(text, before, at)
                : isBlockIndicator(text, before) && !isFlow(text, before, at)) {
            return null;
        }
        StringBuilder out = new StringBuilder(text);
        int from = at;
        do {
            int i = from;
            while (i < out.length() && isBlank(out.charAt(i))) {
                out.setCharAt(i++, ' ');
            }
            // Within a flow collection the following lines are indented by tabs as well.
            int newline = out.indexOf("\n", i);
            from = newline < 0 ? out.length() : newline + 1;
        } while (lineStart && from < out.length() && startsWithTab(out, from));
        return out.toString();
    }

    private static boolean startsWithTab(CharSequence text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        return i < text.length() && text.charAt(i) == '\t';
    }

    /** A dash, question mark or colon that opens an entry: a key may follow, so a tab must not. */
    private static boolean isBlockIndicator(String text, int at) {
        char c = text.charAt(at);
        if (c != '-' && c != '?' && c != ':') {
            return false;
        }
        int before = at - 1;
        while (c == ':' && before >= 0 && isBlank(text.charAt(before))) {
            before--;
        }
        return before < 0 || isBreak(text.charAt(before)) || (c != ':' && isBlank(text.charAt(before)));
    }

    /** A tab may indent a line within brackets, but not right behind a plain scalar. */
    private static boolean isIndentedFlow(String text, int before, int at) {
        int left = lastVisible(text, before);
        return isFlow(text, before, at) && (left < 0 || "{[,:\"'}]".indexOf(text.charAt(left)) >= 0);
    }

    /** A plain scalar goes on over lines that are indented more than its key, be they blank or not. */
    private static boolean continuesPlain(String text, int before, int at) {
        int end = lastVisible(text, before);
        if (end < 0 || ":\"'}]|>".indexOf(text.charAt(end)) >= 0) {
            return false;
        }
        int start = lineStart(text, end);
        int indent = start;
        while (indent < end
                && (text.charAt(indent) == ' ' || (text.charAt(indent) == '-' && text.charAt(indent + 1) == ' '))) {
            indent++;
        }
        String line = text.substring(start, end + 1);
        return !line.contains(" #") && text.charAt(indent) != '#' && at - lineStart(text, at) > indent - start;
    }

    private static int lastVisible(String text, int from) {
        int at = from;
        while (at >= 0 && (isBlank(text.charAt(at)) || isBreak(text.charAt(at)))) {
            at--;
        }
        return at;
    }

    private static int lineStart(String text, int at) {
        int start = at;
        while (start > 0 && !isBreak(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Whether the tokens on both sides show that the place is inside brackets. */
    private static boolean isFlow(String text, int before, int at) {
        int left = before;
        while (left >= 0 && (isBlank(text.charAt(left)) || isBreak(text.charAt(left)))) {
            left--;
        }
        int right = at;
        while (right < text.length() && (isBlank(text.charAt(right)) || isBreak(text.charAt(right)))) {
            right++;
        }
        return (left >= 0 && "{[,".indexOf(text.charAt(left)) >= 0)
                || (right < text.length() && "}],".indexOf(text.charAt(right)) >= 0);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isBreak(char c) {
        return c == '\n' || c == '\r';
    }
}
