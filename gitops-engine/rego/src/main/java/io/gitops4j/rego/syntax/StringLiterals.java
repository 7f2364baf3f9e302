package io.gitops4j.rego.syntax;

import org.jspecify.annotations.Nullable;

/** The values of string tokens. */
final class StringLiterals {
    private StringLiterals() {}

    /**
     * The value of {@code body}, the characters between double quotes. Control characters stand for themselves where nothing is
     * escaped; beside an escape they are refused, which {@code null} says.
     */
    static @Nullable String unescape(String body) {
        int first = body.indexOf('\\');
        if (first < 0) {
            return body;
        }
        for (int i = 0; i < body.length(); i++) {
            if (body.charAt(i) < 0x20) {
                return null;
            }
        }
        StringBuilder out = new StringBuilder(body.length());
        out.append(body, 0, first);
        int i = first;
        while (i < body.length()) {
            char c = body.charAt(i);
            if (c != '\\') {
                out.append(c);
                i++;
                continue;
            }
            char escaped = body.charAt(i + 1);
            i += 2;
            switch (escaped) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(body.substring(i, i + 4), 16));
                    i += 4;
                }
                default -> out.append(escaped);
            }
        }
        return withoutLoneSurrogates(out);
    }

    /** Half a pair is no character; it reads as U+FFFD, as JSON readers have it. */
    private static String withoutLoneSurrogates(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                text.setCharAt(i, '\uFFFD');
            }
        }
        return text.toString();
    }
}
