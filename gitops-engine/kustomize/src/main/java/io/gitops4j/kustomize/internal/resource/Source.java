package io.gitops4j.kustomize.internal.resource;

/**
 * Where a resource came from.
 *
 * @param file path of the file in its tree; for a generated resource, of the kustomization file that asks for it
 * @param document 0-based index of the document in the file
 * @param repo URL of the repository, {@code ""} for the tree that is built
 * @param ref revision in the repository
 * @param configuredBy YAML mapping of the plugin that made it, {@code ""} when it was read
 */
public record Source(String file, int document, String repo, String ref, String configuredBy) {

    /** A document of a file of the tree. */
    public static Source file(String file, int document) {
        return new Source(file, document, "", "", "");
    }
}
