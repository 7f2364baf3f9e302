package io.gitops4j.problem;

/**
 * The place of a problem in a source text.
 *
 * @param file path as the user knows it, {@code ""} when the text has no name
 * @param line 1-based; 0 when unknown
 * @param column 1-based, in code points; 0 when unknown
 * @param snippet the source line, {@code ""} when unknown or secret
 */
public record Where(String file, int line, int column, String snippet) {
    private static final Where NOWHERE = new Where("", 0, 0, "");

    /** No place at all. */
    public static Where nowhere() {
        return NOWHERE;
    }

    /** A file as a whole. */
    public static Where file(String file) {
        return new Where(file, 0, 0, "");
    }

    /** A place without its source line. */
    public static Where at(String file, int line, int column) {
        return new Where(file, line, column, "");
    }

    /** The place with the source line cut out of {@code text}; a line over 200 characters is shortened around the column. */
    public static Where in(String file, String text, int line, int column) {
        int from = 0;
        for (int i = 1; i < line && from >= 0; i++) {
            int next = text.indexOf('\n', from);
            from = next < 0 ? -1 : next + 1;
        }
        if (from < 0 || line < 1) {
            return at(file, line, column);
        }
        int end = text.indexOf('\n', from);
        int to = end < 0 ? text.length() : end;
        if (to > from && text.charAt(to - 1) == '\r') {
            to--;
        }
        return new Where(file, line, column, text.substring(from, Math.min(to, from + 200)));
    }

    /** {@code file:line:column}, as far as known. */
    public String place() {
        String name = file.isEmpty() ? "<input>" : file;
        return line == 0 ? file : column == 0 ? name + ":" + line : name + ":" + line + ":" + column;
    }

    /** The snippet with a caret below the column; {@code ""} where there is no snippet. */
    public String caret() {
        if (snippet.isEmpty() || column < 1 || column > snippet.length() + 1) {
            return snippet.isEmpty() ? "" : "  " + snippet + "\n";
        }
        StringBuilder out = new StringBuilder("  ").append(snippet).append("\n  ");
        for (int i = 0; i < column - 1; i++) {
            out.append(snippet.charAt(i) == '\t' ? '\t' : ' ');
        }
        return out.append("^\n").toString();
    }
}
