package io.gitops4j.rollout.simulate;

import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long pods take to become ready. */
@FunctionalInterface
public interface PodModel {

    /** Every pod is ready at once. */
    PodModel INSTANT = (template, hash, index, now) -> Duration.ZERO;

    /**
     * The time from creation to readiness.
     *
     * @param template the pod template
     * @param hash the revision
     * @param index how many pods the ReplicaSet had before
     * @param now when the pod is created
     * @return {@code null} when it never becomes ready
     */
    @Nullable
    Duration startup(JsonObject template, String hash, int index, Instant now);

    /** Every pod is ready this long after its creation. */
    static PodModel after(Duration startup) {
        return (template, hash, index, now) -> startup;
    }
}
