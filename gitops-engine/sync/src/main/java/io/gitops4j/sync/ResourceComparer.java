package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import java.util.List;

/** Compares what is desired with what is there, and says what an apply makes of the two. */
public interface ResourceComparer {

    /** The difference. */
    Comparison compare(JsonObject target, JsonObject live);

    /** The object that a client-side apply stores: live, with what changed from the last applied state to the target. */
    JsonObject merge(JsonObject target, JsonObject live);

    /**
     * A difference.
     *
     * @param modified whether it counts as drift
     * @param changes what an apply changes, by path
     */
    record Comparison(boolean modified, List<FieldChange> changes) {

        /** A comparison of these parts. */
        public Comparison {
            changes = List.copyOf(changes);
        }
    }
}
