package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One change of one object: a link of its kind's log. A watch holds the last link that it has seen, so what it still has to
 * read stays alive as long as it does, and what nobody needs goes.
 */
final class Change {
    final long revision;
    final ObjectKey key;
    final long timeMillis;

    /** The object before, {@code null} when it is created. */
    final @Nullable JsonObject before;

    /** The object after, {@code null} when it is deleted. */
    final @Nullable JsonObject after;

    volatile @Nullable Change next;

    Change(long revision, ObjectKey key, long timeMillis, @Nullable JsonObject before, @Nullable JsonObject after) {
        this.revision = revision;
        this.key = key;
        this.timeMillis = timeMillis;
        this.before = before;
        this.after = after;
    }
}
