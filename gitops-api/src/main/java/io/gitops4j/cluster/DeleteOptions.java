package io.gitops4j.cluster;

import org.jspecify.annotations.Nullable;

/**
 * How a delete is done.
 *
 * @param propagation what happens to dependents
 * @param dryRun whether nothing is stored
 * @param gracePeriodSeconds seconds, or {@code null} for the kind's default
 * @param uid the uid that the object must have, or {@code null}
 * @param resourceVersion the resourceVersion that it must have, or {@code null}
 */
public record DeleteOptions(
        Propagation propagation,
        boolean dryRun,
        @Nullable Integer gracePeriodSeconds,
        @Nullable String uid,
        @Nullable String resourceVersion) {

    /** What happens to the dependents of a deleted object. */
    public enum Propagation {
        BACKGROUND("Background"),
        FOREGROUND("Foreground"),
        ORPHAN("Orphan");

        private final String wire;

        Propagation(String wire) {
            this.wire = wire;
        }

        /** The name on the wire. */
        public String wire() {
            return wire;
        }
    }

    /** Background propagation, no preconditions. */
    public static DeleteOptions defaults() {
        return new DeleteOptions(Propagation.BACKGROUND, false, null, null, null);
    }

    /** A copy with another propagation. */
    public DeleteOptions with(Propagation other) {
        return new DeleteOptions(other, dryRun, gracePeriodSeconds, uid, resourceVersion);
    }

    /** A copy that is refused unless the object has this uid. */
    public DeleteOptions withUid(@Nullable String newUid) {
        return new DeleteOptions(propagation, dryRun, gracePeriodSeconds, newUid, resourceVersion);
    }

    /** A copy that only asks. */
    public DeleteOptions withDryRun(boolean newDryRun) {
        return new DeleteOptions(propagation, newDryRun, gracePeriodSeconds, uid, resourceVersion);
    }
}
