package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a step wants to happen. Every action is idempotent and is wanted again as long as the observation does not
 * show its effect; none is needed twice.
 */
public sealed interface Action {

    /** Creates the ReplicaSet of a template without pods. */
    record CreateReplicaSet(String name, String hash, int revision, JsonObject template) implements Action {}

    /** Gives a ReplicaSet another revision number: an old template became the wanted one again. */
    record SetRevision(String hash, int revision) implements Action {}

    /** Sets a ReplicaSet's replicas and its note of the rollout's replicas; with zero replicas its deadline goes. */
    record ScaleReplicaSet(String hash, int from, int to, int desired) implements Action {}

    /** Notes when a ReplicaSet is to be scaled down. {@code null} removes the note. */
    record SetScaleDownDeadline(String hash, @Nullable Instant at) implements Action {}

    /** Deletes a ReplicaSet beyond the history limit, with its AnalysisRuns and Experiments. */
    record DeleteReplicaSet(String hash) implements Action {}

    /** Lets a service select a revision; {@code ""} takes the hash out of its selector. */
    record SwitchService(String service, String hash) implements Action {}

    /** Puts labels and annotations on the pods of a role, or takes them off ({@code null}). */
    record SetEphemeralMetadata(String hash, @Nullable JsonObject metadata) implements Action {}

    /** Sets the weights of the traffic router. */
    record SetWeights(CanaryWeights weights) implements Action {}

    /** Sets a header or mirror route; a route without match is removed. */
    record SetRoute(String kind, JsonObject route) implements Action {}

    /** Removes all managed routes. */
    record RemoveManagedRoutes(List<String> names) implements Action {}

    /**
     * Starts an AnalysisRun.
     *
     * @param name of the run
     * @param type {@code Step}, {@code Background}, {@code PrePromotion} or {@code PostPromotion}
     * @param hash of the revision that is analysed
     * @param stepIndex of a step's analysis, {@code null} otherwise
     * @param analysis the member of the Rollout that names templates and arguments
     */
    record StartAnalysisRun(
            String name, String type, String hash, @Nullable Integer stepIndex, JsonObject analysis)
            implements Action {}

    /** Asks a run to end. */
    record TerminateAnalysisRun(String name) implements Action {}

    /** Starts an Experiment of a step. */
    record StartExperiment(String name, String hash, int stepIndex, JsonObject experiment) implements Action {}

    /** Asks an Experiment to end. */
    record TerminateExperiment(String name) implements Action {}

    /** Calls a step plugin. */
    record CallPlugin(int index, String plugin, String operation, int execution, Json payload) implements Action {}

    /** Evicts pods of a ReplicaSet that are older than {@code before}. */
    record EvictPods(String hash, int count, Instant before) implements Action {}

    /** Scales the workload that the Rollout refers to. */
    record ScaleReference(int replicas) implements Action {}

    /** Reports something that happened. */
    record Emit(String reason, String message) implements Action {}
}
