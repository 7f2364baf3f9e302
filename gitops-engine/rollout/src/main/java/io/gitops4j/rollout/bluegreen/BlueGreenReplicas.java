package io.gitops4j.rollout.bluegreen;

import org.jspecify.annotations.Nullable;

/** How many pods the new ReplicaSet of a blue-green rollout shall have. Source: Rollouts §2.13. */
public final class BlueGreenReplicas {
    private BlueGreenReplicas() {}

    /**
     * The count for the new ReplicaSet: {@code previewReplicaCount} until it is about to be promoted.
     *
     * @param previewReplicaCount the spec's field, {@code null} for none
     * @param newHash hash of the new ReplicaSet
     * @param activeHash what the active service selects, {@code ""} for nothing yet
     * @param currentHash hash that the status calls current
     * @param checkPoint whether the scale-up check point was passed
     */
    public static int ofNew(
            int replicas,
            @Nullable Integer previewReplicaCount,
            String newHash,
            String activeHash,
            String currentHash,
            boolean checkPoint,
            boolean promoteFull,
            boolean paused) {
        if (previewReplicaCount == null || promoteFull || activeHash.isEmpty() || activeHash.equals(newHash)) {
            return replicas;
        }
        if (!currentHash.equals(newHash)) {
            return previewReplicaCount;
        }
        return !paused && checkPoint ? replicas : previewReplicaCount;
    }
}
