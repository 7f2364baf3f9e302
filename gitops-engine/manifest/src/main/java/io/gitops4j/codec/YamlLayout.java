package io.gitops4j.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the scalars and comments of a YAML text stand, for edits in place that keep everything else: order, style, blank lines
 * and comments. Only texts whose nodes all stand where they count have a layout: none with anchors, aliases, tags, directives,
 * or documents ended by dots.
 *
 * @param documents the documents that hold a value, in order
 */
public record YamlLayout(List<Document> documents) {

    /** A layout. */
    public YamlLayout {
        documents = List.copyOf(documents);
    }

    /**
     * One document.
     *
     * @param pieces scalars and comments in the order of the text
     * @param end offset behind its last line
     * @param isBlockMapping whether its root is a mapping without braces
     */
    public record Document(List<Piece> pieces, int end, boolean isBlockMapping) {
        /** A document. */
        public Document {
            pieces = List.copyOf(pieces);
        }
    }

    /** What a piece of text is. */
    public enum Kind {
        KEY,
        VALUE,
        COMMENT
    }

    /** An entry of a mapping or an item of a sequence, with the comments that stand before it or on its line. */
    public static final class Entry {
        private final @Nullable Entry parent;
        private final List<String> comments = new ArrayList<>();

        Entry(@Nullable Entry parent) {
            this.parent = parent;
        }

        /** The entry whose value holds this one; null at the top. */
        public @Nullable Entry parent() {
            return parent;
        }

        /** The comments, without their number signs, in the order of the text. */
        public List<String> comments() {
            return List.copyOf(comments);
        }

        void add(List<String> more) {
            comments.addAll(more);
        }
    }

    /**
     * A scalar, or a comment from its number sign to the end of its line.
     *
     * @param from offset of its first character
     * @param to offset behind its last character; equal to {@code from} for a null that is not written
     * @param indent the column, from 0, at which further lines of a scalar stand; of a comment, its own column
     * @param inFlow whether it stands inside brackets or braces
     * @param isPlain whether it is a scalar without quotes or block indicator
     * @param path the mapping keys that lead to a value, or to the collection that a comment stands in
     * @param sharesLine whether something stands before a comment on its line
     * @param dash offset of the dash before an item of a block sequence, or -1
     * @param entry the entry that a scalar belongs to; for a comment, the entry around the collection that it stands in
     * @param before the comments that stand between a comment and the entry before it
     */
    public record Piece(
            Kind kind,
            int from,
            int to,
            int indent,
            boolean inFlow,
            boolean isPlain,
            List<String> path,
            boolean sharesLine,
            int dash,
            @Nullable Entry entry,
            List<String> before) {
        /** A piece. */
        public Piece {
            path = List.copyOf(path);
            before = List.copyOf(before);
        }
    }

    /** The layout of a text; empty where it has none, or is no YAML. */
    public static Optional<YamlLayout> of(String text) {
        try {
            return Optional.of(new YamlLayout(new LayoutScan(text).documents()));
        } catch (LayoutScan.NoLayout none) {
            return Optional.empty();
        }
    }
}
