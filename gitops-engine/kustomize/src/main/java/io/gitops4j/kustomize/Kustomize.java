package io.gitops4j.kustomize;

import io.gitops4j.kustomize.internal.build.Build;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.SourceTree;

/** Builds kustomizations: a pure function of files and options. */
public final class Kustomize {
    private Kustomize() {}

    /**
     * Builds the kustomization in a directory.
     *
     * @param tree files; bases may lie anywhere in it
     * @param path directory with the kustomization file, {@code ""} for the root of the tree
     * @param options how
     * @return the objects, or the one problem that ended the build
     */
    public static Outcome<KustomizeResult> build(SourceTree tree, String path, KustomizeOptions options) {
        return new Build(tree, options).run(path);
    }
}
