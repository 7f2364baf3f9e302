package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a Rollout's objects just before a step.
 *
 * @param replicaSets the Rollout's own ReplicaSets, those of experiments marked
 * @param services the services that the strategy names and that exist
 * @param weightsVerified whether the router confirmed the weights of the status, {@code null} when it cannot say
 * @param analysisRuns the Rollout's AnalysisRuns
 * @param experiments the Rollout's Experiments
 * @param extras what few rollouts have
 */
public record Observation(
        List<ReplicaSet> replicaSets,
        List<Service> services,
        @Nullable Boolean weightsVerified,
        List<Run> analysisRuns,
        List<ExperimentView> experiments,
        Extras extras) {

    /** A copy with unmodifiable lists. */
    public Observation {
        replicaSets = List.copyOf(replicaSets);
        services = List.copyOf(services);
        analysisRuns = List.copyOf(analysisRuns);
        experiments = List.copyOf(experiments);
    }

    /** The same, with answers of step plugins beside it. */
    public Observation answered(List<PluginAnswer> answers) {
        Extras with = new Extras(
                answers,
                extras.stalePods(),
                extras.openGates(),
                extras.managedRoutes(),
                extras.ephemeral(),
                extras.workload());
        return new Observation(replicaSets, services, weightsVerified, analysisRuns, experiments, with);
    }

    /** ReplicaSets and services alone. */
    public static Observation of(List<ReplicaSet> replicaSets, List<Service> services) {
        return new Observation(replicaSets, services, null, List.of(), List.of(), Extras.NONE);
    }

    /**
     * A ReplicaSet.
     *
     * @param name of the object
     * @param hash value of its hash label
     * @param createdAt creation time
     * @param revision its revision annotation
     * @param pods its counts
     * @param desired its desired-replicas annotation, {@code null} for none
     * @param scaleDownAt its scale-down deadline, {@code null} for none
     * @param template its pod template
     * @param experiment whether it belongs to an experiment
     */
    public record ReplicaSet(
            String name,
            String hash,
            Instant createdAt,
            int revision,
            Counts pods,
            @Nullable Integer desired,
            @Nullable Instant scaleDownAt,
            JsonObject template,
            boolean experiment) {

        /** Pods asked for. */
        public int spec() {
            return pods.spec();
        }

        /** Available pods. */
        public int available() {
            return pods.available();
        }
    }

    /**
     * Pods of a ReplicaSet.
     *
     * @param spec asked for
     * @param created that exist
     * @param ready that are ready
     * @param available that have been ready long enough
     */
    public record Counts(int spec, int created, int ready, int available) {}

    /**
     * A service.
     *
     * @param name of the object
     * @param hash what its selector says of the hash label, {@code ""} for nothing
     */
    public record Service(String name, String hash) {}

    /**
     * An AnalysisRun.
     *
     * @param name of the object
     * @param phase its phase, {@code null} before it was assessed
     * @param message its message
     */
    public record Run(String name, @Nullable AnalysisPhase phase, String message) {

        /** Whether it has not ended. */
        public boolean running() {
            return phase == null || !phase.completed();
        }
    }

    /**
     * An Experiment.
     *
     * @param name of the object
     * @param phase its phase, {@code null} before it was assessed
     * @param message its message
     * @param destinations shares of the traffic that its templates take while it runs
     */
    public record ExperimentView(
            String name, @Nullable AnalysisPhase phase, String message, List<CanaryWeights.Destination> destinations) {}

    /**
     * The answer of a step plugin.
     *
     * @param index of the step
     * @param operation {@code Run}, {@code Abort} or {@code Terminate}
     * @param execution the how-many-eth call it answers, from 1
     * @param phase {@code Running}, {@code Successful}, {@code Failed} or {@code Error}
     * @param message of the plugin
     * @param payload what it wants to be told next time
     * @param requeueSeconds when it wants to be called again, 0 for the default
     */
    public record PluginAnswer(
            int index,
            String operation,
            int execution,
            String phase,
            String message,
            Json payload,
            long requeueSeconds) {}

    /**
     * What few rollouts have.
     *
     * @param pluginAnswers answers of step plugins
     * @param stalePods pods created before {@code restartAt}, by ReplicaSet
     * @param openGates names of the gates that were opened
     * @param managedRoutes names of the managed routes that the router has
     * @param ephemeral labels and annotations that were put on ReplicaSets for their role
     * @param workload the referenced workload
     */
    public record Extras(
            List<PluginAnswer> pluginAnswers,
            List<StalePods> stalePods,
            List<String> openGates,
            List<String> managedRoutes,
            List<Ephemeral> ephemeral,
            Workload workload) {

        /** Nothing of it. */
        public static final Extras NONE =
                new Extras(List.of(), List.of(), List.of(), List.of(), List.of(), Workload.NONE);

        /** A copy with unmodifiable lists. */
        public Extras {
            pluginAnswers = List.copyOf(pluginAnswers);
            stalePods = List.copyOf(stalePods);
            openGates = List.copyOf(openGates);
            managedRoutes = List.copyOf(managedRoutes);
            ephemeral = List.copyOf(ephemeral);
        }
    }

    /**
     * Pods that are older than {@code restartAt}.
     *
     * @param hash of their ReplicaSet
     * @param count how many
     */
    public record StalePods(String hash, int count) {}

    /**
     * Labels and annotations that a ReplicaSet has for its role.
     *
     * @param hash of the ReplicaSet
     * @param metadata {@code labels} and {@code annotations}
     */
    public record Ephemeral(String hash, JsonObject metadata) {}

    /**
     * The workload that the Rollout refers to.
     *
     * @param generation its generation, {@code ""} without one
     * @param replicas pods asked of it
     */
    public record Workload(String generation, int replicas) {

        /** None. */
        public static final Workload NONE = new Workload("", 0);
    }

    /** What the selector of a service says of the hash label; {@code null} when there is no such service. */
    @Nullable
    String serviceHash(String name) {
        for (Service service : services) {
            if (service.name().equals(name)) {
                return service.hash();
            }
        }
        return null;
    }

    @Nullable
    Run run(String name) {
        for (Run run : analysisRuns) {
            if (run.name().equals(name)) {
                return run;
            }
        }
        return null;
    }
}
