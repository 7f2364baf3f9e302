package io.gitops4j.rego.ast;

import io.gitops4j.problem.Where;
import org.jspecify.annotations.Nullable;

/**
 * The place of a node.
 *
 * @param source the text it stands in
 * @param offset first UTF-16 unit of the node
 * @param end the unit after the last one
 * @param row 1-based line
 * @param column 1-based column, in code points
 */
public record Location(Source source, int offset, int end, int row, int column) {
    private static final Location NONE = new Location(Source.none(), 0, 0, 0, 0);

    /** The place of a node that stands in no text. */
    public static Location none() {
        return NONE;
    }

    /** The name of the text. */
    public String file() {
        return source.file();
    }

    /** The characters of the node. */
    public String text() {
        return source.text()
                .substring(offset, Math.max(offset, Math.min(end, source.text().length())));
    }

    /** The same start, up to {@code newEnd}. */
    public Location until(int newEnd) {
        return newEnd == end ? this : new Location(source, offset, newEnd, row, column);
    }

    /** The place as problems carry it. */
    public Where where() {
        return source.where(row, column);
    }

    /** {@code file:row}, as evaluation errors name it. */
    public String fileAndRow() {
        return file().isEmpty() ? Integer.toString(row) : file() + ":" + row;
    }

    // Written out: the JVM makes a record's own at run time, which a cold start feels.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Location that
                && source == that.source
                && offset == that.offset
                && end == that.end
                && row == that.row
                && column == that.column;
    }

    @Override
    public int hashCode() {
        return (row * 31 + column) * 31 + offset;
    }

    @Override
    public String toString() {
        return file() + ":" + row + ":" + column;
    }
}
