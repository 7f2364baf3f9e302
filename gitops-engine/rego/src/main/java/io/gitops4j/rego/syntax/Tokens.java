package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens of one text, as parallel arrays; the last one is {@link Token#EOF}. Comments are kept apart. */
final class Tokens {
    private final Source source;
    private Token[] kinds = new Token[256];
    private int[] starts = new int[256];
    private int[] ends = new int[256];
    private int[] rows = new int[256];
    private int[] columns = new int[256];
    private int size;
    private final Map<Integer, String> errors = new LinkedHashMap<>();
    private final List<Comment> comments = new ArrayList<>();

    /**
     * A comment.
     *
     * @param text what follows the {@code #}
     */
    record Comment(String text, int offset, int row, int column) {}

    Tokens(Source source) {
        this.source = source;
    }

    void add(Token kind, int start, int end, int row, int column) {
        if (size == kinds.length) {
            int longer = size * 2;
            kinds = Arrays.copyOf(kinds, longer);
            starts = Arrays.copyOf(starts, longer);
            ends = Arrays.copyOf(ends, longer);
            rows = Arrays.copyOf(rows, longer);
            columns = Arrays.copyOf(columns, longer);
        }
        kinds[size] = kind;
        starts[size] = start;
        ends[size] = end;
        rows[size] = row;
        columns[size] = column;
        size++;
    }

    void addIllegal(String message, int start, int end, int row, int column) {
        errors.put(size, message);
        add(Token.ILLEGAL, start, end, row, column);
    }

    void addComment(Comment comment) {
        comments.add(comment);
    }

    int size() {
        return size;
    }

    Token kind(int index) {
        return kinds[index];
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    int row(int index) {
        return rows[index];
    }

    int column(int index) {
        return columns[index];
    }

    String text(int index) {
        return source.text().substring(starts[index], ends[index]);
    }

    Location location(int index) {
        return new Location(source, starts[index], ends[index], rows[index], columns[index]);
    }

    /** What the lexer said about an illegal token. */
    @Nullable
    String error(int index) {
        return errors.get(index);
    }

    List<Comment> comments() {
        return comments;
    }

    Source source() {
        return source;
    }

    /** Whether something stands between this token and the one before. */
    boolean spaced(int index) {
        return index > 0 && starts[index] > ends[index - 1];
    }

    /** Whether this token starts on a later line than the one before ended. */
    boolean onNewLine(int index) {
        if (index == 0) {
            return true;
        }
        int newline = source.text().indexOf('\n', ends[index - 1]);
        return newline >= 0 && newline < starts[index];
    }
}
