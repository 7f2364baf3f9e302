package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;

/** Opens repositories by URL. */
public interface GitAccess {

    /** The repository at {@code url}. Problems: {@code GIT_URL_INVALID}, {@code GIT_UNREACHABLE}, {@code GIT_AUTH}. */
    Outcome<GitRepository> open(String url);
}
