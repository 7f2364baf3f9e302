package io.gitops4j.codec;

import org.jspecify.annotations.Nullable;

/**
 * Tabs between tokens. libyaml, which Go's readers are made after, skips a tab where no key can start: behind a value
 * indicator and anywhere in flow collections. The parser in use here refuses every tab, so such a tab is replaced by a
 * space, which changes no position and no value, and the document is read again.
 */
final class Tabs {
    private Tabs() {}

    /** {@code text} with the tabs around {@code at} made spaces, or {@code null} where a tab is wrong there. */
    static @Nullable String mended(String text, int at) {
        if (at < 0 || at >= text.length() || text.charAt(at) != '\t') {
            return null;
        }
        int before = at - 1;
        while (before >= 0 && isBlank(text.charAt(before))) {
            before--;
        }
        boolean lineStart = before < 0 || isBreak(text.charAt(before));
        if (lineStart ? !isFlow(text, before, at) : isBlockIndicator(text, before) && !isFlow(text, before, at)) {
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

    /** A dash or question mark that opens an entry: a key may follow, so a tab must not. */
    private static boolean isBlockIndicator(String text, int at) {
        char c = text.charAt(at);
        return (c == '-' || c == '?') && (at == 0 || isBlank(text.charAt(at - 1)) || isBreak(text.charAt(at - 1)));
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
