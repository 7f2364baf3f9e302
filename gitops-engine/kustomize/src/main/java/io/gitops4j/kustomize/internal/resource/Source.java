package io.gitops4j.kustomize.internal.resource;

/**
 * Where a resource came from.
 *
 * @param file path of the file in its tree; for a generated resource, of the kustomization file that asks for it
 * @param document 0-based index of the document in the file
 * @param repo URL of the repository, {@code ""} for the tree that is built
 * @param ref revision in the repository
 * @param configuredBy YAML mapping of the plugin that made it, {@code ""} when it was read
 * @param line 1-based line of the file where it starts, 0 when unknown
 */
public record Source(String file, int document, String repo, String ref, String configuredBy, int line) {

    /** A source whose line is unknown. */
    public Source(String file, int document, String repo, String ref, String configuredBy) {
        this(file, document, repo, ref, configuredBy, 0);
    }

    /** A document of a file of the tree. */
    public static Source file(String file, int document) {
        return new Source(file, document, "", "", "");
    }
}
