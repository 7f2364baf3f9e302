package io.gitops4j.source;

import java.util.Map;

/** Variables of the build environment in the options of a source. */
public final class BuildEnvironment {
    private BuildEnvironment() {}

    /** The text with {@code $NAME} and <code>${NAME}</code> replaced; unknown names become nothing. */
    public static String substituted(String text, Map<String, String> environment) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', from)) {
            out.append(text, from, at);
            boolean braced = text.startsWith("{", at + 1);
            int start = braced ? at + 2 : at + 1;
            int end = start;
            while (end < text.length() && isName(text.charAt(end))) {
                end++;
            }
            if (end == start || (braced && !text.startsWith("}", end))) {
                out.append('$');
                from = at + 1;
            } else {
                out.append(environment.getOrDefault(text.substring(start, end), ""));
                from = braced ? end + 1 : end;
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    private static boolean isName(char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
