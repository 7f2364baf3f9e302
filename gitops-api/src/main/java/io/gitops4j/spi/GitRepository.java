package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.SourceTree;
import java.util.List;
import java.util.Map;

/** An open repository. Commits are named by their full 40-digit id. */
public interface GitRepository extends AutoCloseable {

    /** The URL as it was asked for, without credentials. */
    String url();

    /** Branches, tags and HEAD with the commit each points to (annotated tags peeled), sorted by name. */
    Map<String, String> refs();

    /**
     * The commit that {@code revision} names: branch, tag, {@code HEAD}, full or short id, or a semver range over the tags.
     * Problems: {@code GIT_REVISION_UNKNOWN}, {@code GIT_REVISION_AMBIGUOUS}.
     */
    Outcome<String> resolve(String revision);

    /** The files of a commit. */
    SourceTree tree(String commit);

    /** What is known of a commit. */
    CommitInfo commit(String commit);

    /** First-parent history from {@code commit} on, newest first, at most {@code limit}. */
    List<CommitInfo> log(String commit, int limit);

    /** Fetches what is new at the remote; nothing to do for a local repository. */
    default void refresh() {}

    @Override
    default void close() {}
}
