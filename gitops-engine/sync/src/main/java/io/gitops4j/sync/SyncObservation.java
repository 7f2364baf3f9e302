package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.HealthCheck;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is seen between two steps.
 *
 * @param results of the actions asked for by the step before
 * @param live the objects as they are now
 * @param health judges them
 * @param terminate whether the operation is to be ended
 * @param deletionApproved whether deletions that need a confirmation have it
 */
public record SyncObservation(
        List<SyncAction.Result> results,
        Function<ResourceKey, @Nullable JsonObject> live,
        HealthCheck health,
        boolean terminate,
        boolean deletionApproved) {

    /** A plain observation. */
    public static SyncObservation of(
            List<SyncAction.Result> results, Function<ResourceKey, @Nullable JsonObject> live, HealthCheck health) {
        return new SyncObservation(results, live, health, false, false);
    }

    /** The observation with the request to end the operation. */
    public SyncObservation terminating() {
        return new SyncObservation(results, live, health, true, deletionApproved);
    }

    @Nullable
    JsonObject live(SyncTask task) {
        return live.apply(task.key());
    }
}
