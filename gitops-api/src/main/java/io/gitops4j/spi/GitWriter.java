package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;
import io.gitops4j.source.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes commits to branches of a repository. */
public interface GitWriter {

    /**
     * Makes one commit on top of the branch and moves the branch to it; answers the new commit's id. Problems:
     * {@code GIT_REVISION_UNKNOWN} (no such branch), {@code GIT_BRANCH_MOVED} (the head is not the expected one),
     * {@code GIT_PATH_INVALID}.
     */
    Outcome<String> commit(Change change);

    /**
     * A commit to make.
     *
     * @param branch short branch name; it is created when {@code expectedHead} is empty and it does not exist
     * @param expectedHead the commit that the branch must point to, empty for "none yet"
     * @param files path to new content, or empty to delete the file
     * @param message commit message
     * @param author {@code Name <address>}
     * @param time author and commit time
     */
    record Change(
            String branch,
            Optional<String> expectedHead,
            Map<String, Optional<Bytes>> files,
            String message,
            String author,
            Instant time) {}
}
