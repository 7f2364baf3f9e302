package io.gitops4j.kustomize.internal.resource;

/**
 * One transformer of one layer that ran over a resource.
 *
 * @param file path of the kustomization file that asks for it
 * @param repo URL of the repository, {@code ""} for the tree that is built
 * @param ref revision in the repository
 * @param transformer kind of the transformer, {@code PrefixTransformer}
 * @param configuredBy YAML lines of the configuration that names it, indented for the annotation
 */
public record Touch(String file, String repo, String ref, String transformer, String configuredBy) {}
