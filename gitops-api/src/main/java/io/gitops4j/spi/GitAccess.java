package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;

/** Opens repositories by URL. */
public interface GitAccess {

    /** The repository at {@code url}. Problems: {@code GIT_URL_INVALID}, {@code GIT_UNREACHABLE}, {@code GIT_AUTH}. */
    Outcome<GitRepository> open(String url);

    /**
     * The same with another way to URLs of a prefix: artifacts of a registry ({@code oci://}), an archive, a folder. Whoever
     * answers gives the versions as refs (tags, so that semver ranges work), a digest as the commit, and the files.
     */
    default GitAccess with(String prefix, GitAccess other) {
        return url -> url.startsWith(prefix) ? other.open(url) : open(url);
    }
}
