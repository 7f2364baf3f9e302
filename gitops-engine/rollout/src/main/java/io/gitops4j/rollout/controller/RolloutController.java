package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RevertCommit;
import io.gitops4j.rollout.RolloutCondition;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.Transition;
import io.gitops4j.rollout.UserActions;
import io.gitops4j.rollout.analysis.TemplateReferences;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.traffic.TrafficRouter;
import io.gitops4j.rollout.traffic.WeightVerifier;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.ClusterReader;
import io.gitops4j.spi.EventSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one Rollout one step further on a cluster. Holds nothing between calls: whatever was lost on the way is seen and done
 * again. Every method throws {@link io.gitops4j.cluster.ApiException} when the server refuses a call; the next call continues
 * from what is there.
 */
public final class RolloutController {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");

    private static final int MAX_PLUGIN_ROUNDS = 8;

    private final Cluster cluster;
    private final EventSink events;
    private final Map<String, StepPlugin> plugins;
    private final List<StepGate> gates;
    private final List<AbortListener> abortListeners;
    private final List<RolloutNotification.Listener> notified;
    private final Routers routers;

    /** A controller of a cluster that reports to {@code events}. */
    public RolloutController(Cluster cluster, EventSink events) {
        this(new Builder(cluster).events(events));
    }

    private RolloutController(Builder builder) {
        this.cluster = builder.cluster;
        this.events = builder.events;
        this.plugins = new LinkedHashMap<>(builder.plugins);
        this.gates = List.copyOf(builder.gates);
        this.abortListeners = List.copyOf(builder.abortListeners);
        this.notified = List.copyOf(builder.notified);
        this.routers = new Routers(builder.routers, builder.verifiers);
    }

    /** A controller of a cluster, with what others add to it. */
    public static Builder builder(Cluster cluster) {
        return new Builder(cluster);
    }

    /** What a controller is made of. */
    public static final class Builder {
        private final Cluster cluster;
        private final Map<String, StepPlugin> plugins = new LinkedHashMap<>();
        private final List<StepGate> gates = new ArrayList<>();
        private final List<AbortListener> abortListeners = new ArrayList<>();
        private final List<RolloutNotification.Listener> notified = new ArrayList<>();
        private final List<TrafficRouter> routers = new ArrayList<>();
        private final List<WeightVerifier> verifiers = new ArrayList<>();
        private EventSink events = event -> {};

        private Builder(Cluster cluster) {
            this.cluster = cluster;
        }

        /** Where events go. */
        public Builder events(EventSink sink) {
            events = sink;
            return this;
        }

        /** A step plugin. Throws {@link IllegalArgumentException} when there is one of its name. */
        public Builder plugin(StepPlugin plugin) {
            if (plugins.putIfAbsent(plugin.name(), plugin) != null) {
                throw new IllegalArgumentException("two step plugins are named " + plugin.name());
            }
            return this;
        }

        /** A gate; a {@code gate} step passes when every one of them is open. */
        public Builder gate(StepGate gate) {
            gates.add(gate);
            return this;
        }

        /**
         * A traffic router besides the usual ones; one of the name of a usual one takes its place. Throws
         * {@link IllegalArgumentException} when there is one of its name.
         */
        public Builder router(TrafficRouter router) {
            if (routers.stream().anyMatch(other -> other.name().equals(router.name()))) {
                throw new IllegalArgumentException("two traffic routers are named " + router.name());
            }
            routers.add(router);
            return this;
        }

        /** Who is asked whether the traffic flows by the weights that were set; all who can tell must agree. */
        public Builder verifier(WeightVerifier verifier) {
            verifiers.add(verifier);
            return this;
        }

        /** Who takes the notifications that the annotations of a Rollout subscribe to. */
        public Builder onNotification(RolloutNotification.Listener listener) {
            notified.add(listener);
            return this;
        }

        /** Who is told of aborted updates. */
        public Builder onAbort(AbortListener listener) {
            abortListeners.add(listener);
            return this;
        }

        /** The controller. */
        public RolloutController build() {
            return new RolloutController(this);
        }
    }

    /**
     * The outcome of a call.
     *
     * @param found whether there is such a Rollout
     * @param moved whether anything was written, so that another call is due at once
     * @param wakeAt when something falls due by itself, {@code null} for never
     */
    public record Reconciled(
            boolean found, boolean moved, @Nullable Instant wakeAt) {}

    /** One step of a Rollout. */
    public Reconciled reconcile(String namespace, String name, Instant now) {
        ObjectRef ref = ObjectRef.of(ArgoNames.ROLLOUT, namespace, name);
        Optional<JsonObject> stored = cluster.get(ref);
        if (stored.isEmpty()) {
            return new Reconciled(false, false, null);
        }
        JsonObject rollout = stored.get();
        RolloutStatus status = RolloutStatusJson.read(rollout.object("status"));
        Workload workload = resolve(cluster, RolloutSpec.of(rollout));
        ConfigTracking config = ConfigTracking.of(workload.spec(), cluster);
        RolloutSpec spec = referring(config.spec());
        ClusterObservation objects = new ClusterObservation(cluster, spec, routers);
        Observation seen = objects.read(status, workload.seen(), openGates(spec, status, rollout));
        boolean wrote = spec.invalid() == null && config.keepCopies(cluster, seen.replicaSets());
        wrote |= executor(spec, status, objects, now).releaseServices();
        Transition next = RolloutEngine.step(spec, status, seen, now);
        List<Action> told = new ArrayList<>(next.actions());
        List<Observation.PluginAnswer> answers = new ArrayList<>();
        wrote |= carryOut(next, executor(spec, next.status(), objects, now), spec, now, answers);
        // a plugin's answer is part of what is seen; it is taken in before anything else happens
        for (int i = 0; i < MAX_PLUGIN_ROUNDS && !answers.isEmpty(); i++) {
            Observation again = objects.read(next.status(), workload.seen(), openGates(spec, next.status(), rollout))
                    .answered(answers);
            next = RolloutEngine.step(spec, next.status(), again, now);
            told.addAll(next.actions());
            answers = new ArrayList<>();
            carryOut(next, executor(spec, next.status(), objects, now), spec, now, answers);
        }
        // whatever else writes to the routes, the weights of the status are the ones that count
        wrote |= executor(spec, next.status(), objects, now).enforceWeights();
        if (next.status() != status) {
            JsonObject latest = cluster.get(ref).orElse(rollout);
            cluster.replace(ref.sub("status"), latest.with("status", RolloutStatusJson.write(next.status())), WRITE);
            wrote = true;
        }
        tell(rollout, told, now);
        if (next.status().abortedAt() != null && status.abortedAt() == null) {
            tellAbort(spec, next.status(), seen);
        }
        return new Reconciled(true, wrote, next.wakeAt());
    }

    private ActionExecutor executor(RolloutSpec spec, RolloutStatus status, ClusterObservation objects, Instant now) {
        return new ActionExecutor(cluster, spec, status, objects, routers, events, now);
    }

    /** Carries the actions out and collects what plugins answer; whether anything was done. */
    private boolean carryOut(
            Transition next,
            ActionExecutor executor,
            RolloutSpec spec,
            Instant now,
            List<Observation.PluginAnswer> answers) {
        boolean wrote = false;
        for (Action action : next.actions()) {
            if (action instanceof Action.CallPlugin call) {
                answers.add(call(call, spec, next.status(), now));
                wrote = true;
            } else {
                wrote |= executor.execute(action);
            }
        }
        return wrote;
    }

    private Observation.PluginAnswer call(Action.CallPlugin call, RolloutSpec spec, RolloutStatus status, Instant now) {
        StepPlugin plugin = plugins.get(call.plugin());
        JsonObject rollout = spec.rollout().with("status", RolloutStatusJson.write(status));
        JsonObject step = call.index() < spec.steps().size()
                ? spec.steps().get(call.index()).part("plugin")
                : JsonObject.empty();
        StepPlugin.Answer answer = plugin == null
                ? StepPlugin.Answer.error("no step plugin is named \"" + call.plugin() + "\"")
                : plugin.call(new StepPlugin.Call(
                        rollout,
                        call.index(),
                        call.operation(),
                        call.execution(),
                        step.object("config"),
                        call.payload()));
        if (answer.phase().equals("Error")) {
            events.accept(new EventSink.Event(
                    now,
                    "ReconciliationError",
                    spec.namespace() + "/" + spec.name(),
                    JsonObject.of("message", Json.of(answer.message()))));
        }
        return new Observation.PluginAnswer(
                call.index(),
                call.operation(),
                call.execution(),
                answer.phase(),
                answer.message(),
                answer.memory(),
                answer.requeueSeconds());
    }

    /** The name of the gate of the current step where every gate is open, none otherwise. */
    private List<String> openGates(RolloutSpec spec, RolloutStatus status, JsonObject rollout) {
        CanaryStep step = UserActions.currentStep(spec, status);
        if (step == null || step.kind() != CanaryStep.Kind.GATE || gates.isEmpty() || status.abort()) {
            return List.of();
        }
        JsonObject gate = step.part("gate");
        boolean open = gates.stream().allMatch(one -> one.open(rollout, gate));
        return open ? List.of(gate.text("name", "")) : List.of();
    }

    /** Notifies the subscribers, after the status that says the same has been written, so that nothing is told twice. */
    private void tell(JsonObject rollout, List<Action> actions, Instant now) {
        if (notified.isEmpty()) {
            return;
        }
        String subject = rollout.object("metadata").text("namespace", "") + "/"
                + rollout.object("metadata").text("name", "");
        for (Action action : actions) {
            if (action instanceof Action.Emit emit) {
                JsonObject data = JsonObject.of("message", Json.of(emit.message()));
                EventSink.Event event = new EventSink.Event(now, emit.reason(), subject, data);
                for (RolloutNotification notification : RolloutNotification.of(rollout, event)) {
                    notified.forEach(listener -> listener.notified(notification));
                }
            }
        }
    }

    private void tellAbort(RolloutSpec spec, RolloutStatus status, Observation seen) {
        Observation.ReplicaSet failed = null;
        Observation.ReplicaSet stable = null;
        for (Observation.ReplicaSet rs : seen.replicaSets()) {
            failed = rs.hash().equals(status.currentPodHash()) ? rs : failed;
            stable = rs.hash().equals(status.stableRS()) ? rs : stable;
        }
        if (stable == null) {
            return;
        }
        RolloutCondition condition = status.condition(RolloutCondition.PROGRESSING);
        String message = condition == null ? "" : condition.message();
        int reason = message.indexOf(": ");
        RevertCommit revert = new RevertCommit(
                spec.namespace(),
                spec.name(),
                failed == null ? 0 : failed.revision(),
                stable.revision(),
                reason < 0 ? "" : message.substring(reason + 2),
                spec.template(),
                stable.template());
        abortListeners.forEach(listener -> listener.aborted(revert));
    }

    /** The spec, invalid where an analysis template that it refers to is missing or does not fit. */
    private RolloutSpec referring(RolloutSpec spec) {
        if (spec.invalid() != null) {
            return spec;
        }
        String refused = ServiceReferences.firstError(spec, cluster);
        if (refused != null) {
            return spec.invalidReference(refused);
        }
        String error = TemplateReferences.firstError(
                spec,
                (template, wide) -> cluster.get(
                                wide
                                        ? ObjectRef.of(ArgoNames.CLUSTER_ANALYSIS_TEMPLATE, "", template)
                                        : ObjectRef.of(ArgoNames.ANALYSIS_TEMPLATE, spec.namespace(), template))
                        .orElse(null));
        return error == null ? spec : spec.invalidReference(error);
    }

    /**
     * Steps a Rollout until it rests at this instant.
     *
     * @param most steps at most
     */
    public Reconciled settle(String namespace, String name, Instant now, int most) {
        Reconciled last = reconcile(namespace, name, now);
        for (int i = 1; i < most && last.moved(); i++) {
            last = reconcile(namespace, name, now);
        }
        return last;
    }

    /** A spec with its workload reference resolved, and that workload. */
    record Workload(RolloutSpec spec, Observation.Workload seen) {}

    static Workload resolve(ClusterReader cluster, RolloutSpec spec) {
        JsonObject ref = spec.workloadRef();
        if (ref == null || spec.invalid() != null) {
            return new Workload(spec, Observation.Workload.NONE);
        }
        Gvk gvk = Gvk.of(ref.text("apiVersion", ""), ref.text("kind", ""));
        JsonObject target = cluster.get(ObjectRef.of(gvk, spec.namespace(), ref.text("name", "")))
                .orElse(null);
        if (target == null) {
            String detail = "spec.workloadRef.name: Invalid value: \"" + ref.text("name", "") + "\": "
                    + gvk.kind().toLowerCase(java.util.Locale.ROOT) + "s.apps \"" + ref.text("name", "")
                    + "\" not found";
            return new Workload(spec.invalidReference(detail), Observation.Workload.NONE);
        }
        boolean template = gvk.kind().equals("PodTemplate");
        JsonObject pod =
                template ? target.object("template") : target.object("spec").object("template");
        JsonObject selector = spec.selector().isEmpty() ? target.object("spec").object("selector") : spec.selector();
        Json generation = target.object("metadata").get("generation");
        int replicas = template ? 0 : Fields.integer(target.object("spec"), "replicas", 1);
        return new Workload(
                spec.resolved(pod, selector),
                new Observation.Workload(generation == null ? "" : generation.toJson(), replicas));
    }
}
