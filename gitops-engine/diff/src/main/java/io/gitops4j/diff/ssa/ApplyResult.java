package io.gitops4j.diff.ssa;

import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.json.JsonObject;
import java.util.List;

/** What an apply or update led to. */
public sealed interface ApplyResult {

    /**
     * It was done.
     *
     * @param object the object afterwards, with its managedFields
     * @param changed whether a server has something to write: the object or who owns what (times alone do not count)
     */
    record Applied(JsonObject object, boolean changed) implements ApplyResult {}

    /** Others own fields that it would have changed; nothing was done. */
    record Conflicted(List<Conflict> conflicts) implements ApplyResult {

        /** The 409 of a server. */
        public ApiStatus status() {
            return Conflict.status(conflicts);
        }
    }

    /**
     * It cannot be done.
     *
     * @param status what a server answers
     */
    record Refused(ApiStatus status) implements ApplyResult {}
}
