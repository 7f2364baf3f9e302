package io.gitops4j.kustomize.internal.load;

import io.gitops4j.source.Bytes;

/** What lies outside of the tree: repositories and single files by URL. */
public interface Remotes {

    /** The files of a repository at its revision. */
    TreeFiles clone(RepoSpec spec);

    /** The content at a URL. */
    Bytes fetch(String url);
}
