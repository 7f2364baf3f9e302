package io.gitops4j.rego.ast;

import io.gitops4j.problem.Where;

/** One text with its name, shared by all places in it. */
public final class Source {
    /** Stands for a line on which nothing is, so that a caret has something to point at. */
    private static final String END = "(end of text)";

    private static final Source NONE = new Source("", "");
    private final String file;
    private final String text;

    /** A text named {@code file}, {@code ""} when it has no name. */
    public Source(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /** The source of nodes that stand in no text. */
    public static Source none() {
        return NONE;
    }

    /** The name of the text. */
    public String file() {
        return file;
    }

    /** The whole text. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return file;
    }

    /** The place of a problem in this text, with its line. */
    public Where where(int row, int column) {
        Where where = Where.in(file, text, row, column);
        return where.snippet().isEmpty() && row > 0 && this != NONE
                ? new Where(file, row, column, column > 0 ? END : END + "\n  ^")
                : where;
    }
}
