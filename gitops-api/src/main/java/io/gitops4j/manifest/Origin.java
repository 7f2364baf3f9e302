package io.gitops4j.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Where an object came from.
 *
 * @param file path within its source, {@code ""} when made in memory
 * @param document 0-based index of the document in the file
 * @param transformations what changed it since, oldest first ({@code apps/overlays/prod: images})
 */
public record Origin(String file, int document, List<String> transformations) {
    private static final Origin MEMORY = new Origin("", 0, List.of());

    /** An origin of these parts. */
    public Origin {
        transformations = List.copyOf(transformations);
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
        return new Origin(file, document, longer);
    }

    /** {@code file}, or {@code file#3} for a later document. */
    @Override
    public String toString() {
        return file.isEmpty() ? "<memory>" : document == 0 ? file : file + "#" + document;
    }
}
