package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.Transition;
import io.gitops4j.rollout.analysis.TemplateReferences;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.EventSink;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one Rollout one step further on a cluster. Holds nothing between calls: whatever was lost on the way is seen and done
 * again. Every method throws {@link io.gitops4j.cluster.ApiException} when the server refuses a call; the next call continues
 * from what is there.
 */
public final class RolloutController {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");

    private final Cluster cluster;
    private final EventSink events;

    /** A controller of a cluster that reports to {@code events}. */
    public RolloutController(Cluster cluster, EventSink events) {
        this.cluster = cluster;
        this.events = events;
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
        Workload workload = resolve(RolloutSpec.of(rollout));
        RolloutSpec spec = referring(workload.spec());
        ClusterObservation objects = new ClusterObservation(cluster, spec);
        Observation seen = objects.read(workload.seen());
        Transition next = RolloutEngine.step(spec, status, seen, now);
        ActionExecutor executor = new ActionExecutor(cluster, spec, next.status(), objects, events, now);
        boolean wrote = executor.releaseServices();
        for (Action action : next.actions()) {
            executor.execute(action);
            wrote |= !(action instanceof Action.Emit);
        }
        if (next.status() != status) {
            JsonObject latest = cluster.get(ref).orElse(rollout);
            cluster.replace(ref.sub("status"), latest.with("status", RolloutStatusJson.write(next.status())), WRITE);
            wrote = true;
        }
        return new Reconciled(true, wrote, next.wakeAt());
    }

    /** The spec, invalid where an analysis template that it refers to is missing or does not fit. */
    private RolloutSpec referring(RolloutSpec spec) {
        if (spec.invalid() != null) {
            return spec;
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
    private record Workload(RolloutSpec spec, Observation.Workload seen) {}

    private Workload resolve(RolloutSpec spec) {
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
