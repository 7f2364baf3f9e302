package io.gitops4j.manifest;

import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an object came from.
 *
 * @param file path within its source, {@code ""} when made in memory
 * @param document 0-based index of the document in the file
 * @param transformations what changed it since, oldest first ({@code apps/overlays/prod: images})
 * @param line 1-based line of the file where it starts, 0 when unknown
 * @param within its path within the document: the root, or {@code /items/3} for an item of a List
 */
public record Origin(String file, int document, List<String> transformations, int line, JsonPointer within) {
    private static final Origin MEMORY = new Origin("", 0, List.of());

    /** An origin of these parts. */
    public Origin {
        transformations = List.copyOf(transformations);
    }

    /** An origin whose line is unknown. */
    public Origin(String file, int document, List<String> transformations) {
        this(file, document, transformations, 0);
    }

    /** An origin that is a document of its own. */
    public Origin(String file, int document, List<String> transformations, int line) {
        this(file, document, transformations, line, JsonPointer.root());
    }

    /** An object made in memory. */
    public static Origin memory() {
        return MEMORY;
    }

    /** A document of a file. */
    public static Origin file(String file, int document) {
        return new Origin(file, document, List.of());
    }

    /** This origin with one more transformation. */
    public Origin through(String transformation) {
        List<String> longer = new ArrayList<>(transformations);
        longer.add(transformation);
        return new Origin(file, document, longer, line, within);
    }

    /** This origin, starting at another line; 0 for an unknown one. */
    public Origin atLine(int newLine) {
        return newLine == line ? this : new Origin(file, document, transformations, newLine, within);
    }

    /** This origin, at another path within its document. */
    public Origin within(JsonPointer path) {
        return path.equals(within) ? this : new Origin(file, document, transformations, line, path);
    }

    /** The place for a problem: the line where it starts if that is known, else the file. */
    public Where where() {
        return Where.at(file, line, 0);
    }

    /** {@code file}, or {@code file#3} for a later document. */
    @Override
    public String toString() {
        return file.isEmpty() ? "<memory>" : document == 0 ? file : file + "#" + document;
    }
}
