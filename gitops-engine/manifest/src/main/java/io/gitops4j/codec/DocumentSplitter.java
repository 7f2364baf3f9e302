package io.gitops4j.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into documents the way the two tools do it: by lines, before any YAML is read. */
final class DocumentSplitter {

    /**
     * One piece of the stream.
     *
     * @param line 0-based line where it starts in the file
     * @param text its text, lines ending in {@code \n}
     * @param badSeparator what stands after {@code ---} and must not, {@code null} for a good piece
     */
    record Piece(int line, String text, @Nullable String badSeparator) {}

    private DocumentSplitter() {}

    /** Pieces of {@code text} from {@code offset} on, which is on line {@code line}. */
    static List<Piece> split(Dialect dialect, String text, int offset, int line) {
        List<Piece> pieces = new ArrayList<>();
        boolean kubectl = dialect == Dialect.KUBECTL;
        int length = text.length();
        int start = offset;
        int startLine = line;
        int at = offset;
        while (at < length) {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? length : newline;
            if (text.startsWith("---", at)) {
                String rest = text.substring(at + 3, end).strip();
                if (!rest.isEmpty() && rest.charAt(0) != '#' && (kubectl || at > offset)) {
                    add(pieces, text, start, at, startLine);
                    pieces.add(new Piece(line, "", rest));
                    return pieces;
                }
                // A separator at the very start belongs to the first document, as both tools have it.
                if (at > start) {
                    add(pieces, text, start, at, startLine);
                    start = newline < 0 ? length : end + 1;
                    startLine = line + 1;
                }
            }
            at = newline < 0 ? length : end + 1;
            line++;
        }
        add(pieces, text, start, length, startLine);
        return pieces;
    }

    private static void add(List<Piece> pieces, String text, int from, int to, int line) {
        if (from < to) {
            pieces.add(new Piece(line, text.substring(from, to), null));
        }
    }
}
