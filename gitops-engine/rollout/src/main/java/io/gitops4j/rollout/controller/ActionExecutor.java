package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.analysis.AnalysisArguments;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunPlan;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.rollout.traffic.TrafficRouter;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.EventSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Carries the engine's actions out. */
final class ActionExecutor {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");

    private final Cluster cluster;
    private final RolloutSpec spec;
    private final RolloutStatus status;
    private final ClusterObservation seen;
    private final Routers routers;
    private final EventSink events;
    private final Instant now;

    ActionExecutor(
            Cluster cluster,
            RolloutSpec spec,
            RolloutStatus status,
            ClusterObservation seen,
            Routers routers,
            EventSink events,
            Instant now) {
        this.cluster = cluster;
        this.spec = spec;
        this.status = status;
        this.seen = seen;
        this.routers = routers;
        this.events = events;
        this.now = now;
    }

    /** Carries one action out; whether anything on the cluster may have changed by it. */
    boolean execute(Action action) {
        if (action instanceof Action.CreateReplicaSet create) {
            createReplicaSet(create);
        } else if (action instanceof Action.SetRevision set) {
            annotate(set.hash(), ArgoNames.REVISION, Json.of(Integer.toString(set.revision())));
        } else if (action instanceof Action.ScaleReplicaSet scale) {
            scale(scale);
        } else if (action instanceof Action.SetScaleDownDeadline deadline) {
            Json at = deadline.at() == null ? Json.nul() : Json.of(deadline.at().toString());
            annotate(deadline.hash(), ArgoNames.SCALE_DOWN, at);
        } else if (action instanceof Action.DeleteReplicaSet delete) {
            JsonObject rs = seen.replicaSet(delete.hash());
            if (rs != null) {
                cluster.delete(ObjectRef.of(rs), DeleteOptions.defaults());
            }
        } else if (action instanceof Action.SwitchService service) {
            switchService(service);
        } else if (action instanceof Action.SetEphemeralMetadata set) {
            ephemeral(set);
        } else if (action instanceof Action.SetWeights set) {
            for (TrafficRouter router : routers.of(spec)) {
                write(router.weighted(spec, set.weights(), seen::get));
            }
        } else if (action instanceof Action.SetRoute route) {
            for (TrafficRouter router : routers.of(spec)) {
                write(router.routed(spec, route.kind(), route.route(), seen::get));
            }
        } else if (action instanceof Action.RemoveManagedRoutes routes) {
            for (TrafficRouter router : routers.of(spec)) {
                write(router.withoutRoutes(spec, routes.names(), seen::get));
            }
        } else if (action instanceof Action.StartAnalysisRun start) {
            startRun(start);
        } else if (action instanceof Action.TerminateAnalysisRun terminate) {
            merge(
                    ObjectRef.of(ArgoNames.ANALYSIS_RUN, spec.namespace(), terminate.name()),
                    JsonObject.of("spec", JsonObject.of("terminate", Json.of(true))));
        } else if (action instanceof Action.StartExperiment start) {
            startExperiment(start);
        } else if (action instanceof Action.TerminateExperiment terminate) {
            merge(
                    ObjectRef.of(ArgoNames.EXPERIMENT, spec.namespace(), terminate.name()),
                    JsonObject.of("spec", JsonObject.of("terminate", Json.of(true))));
        } else if (action instanceof Action.EvictPods evict) {
            return evict(evict);
        } else if (action instanceof Action.ScaleReference scale) {
            scaleReference(scale.replicas());
        } else if (action instanceof Action.Emit emit) {
            events.accept(new EventSink.Event(
                    now,
                    emit.reason(),
                    spec.namespace() + "/" + spec.name(),
                    JsonObject.of("message", Json.of(emit.message()))));
            return false;
        }
        return true;
    }

    private void merge(ObjectRef ref, JsonObject patch) {
        try {
            cluster.patch(ref, PatchType.MERGE, patch, WRITE);
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private JsonObject metadata(String name, JsonObject labels, JsonObject annotations) {
        JsonObject owner = JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Rollout")
                .put("name", spec.name())
                .put("uid", spec.rollout().object("metadata").text("uid", ""))
                .put("controller", true)
                .put("blockOwnerDeletion", true)
                .build();
        return JsonObject.builder()
                .put("name", name)
                .put("namespace", spec.namespace())
                .put("labels", labels)
                .put("annotations", annotations)
                .put("ownerReferences", JsonArray.of(owner))
                .build();
    }

    private void create(JsonObject object) {
        try {
            cluster.create(object, WRITE);
        } catch (ApiException e) {
            if (!e.isConflict()) {
                throw e;
            }
        }
    }

    private void createReplicaSet(Action.CreateReplicaSet create) {
        JsonObject template = create.template();
        JsonObject meta = template.object("metadata");
        JsonObject labels = meta.object("labels").with(TemplateIdentity.HASH_LABEL, Json.of(create.hash()));
        JsonObject matchLabels =
                spec.selector().object("matchLabels").with(TemplateIdentity.HASH_LABEL, Json.of(create.hash()));
        JsonObject annotations = JsonObject.of(
                ArgoNames.REVISION,
                Json.of(Integer.toString(create.revision())),
                ArgoNames.DESIRED,
                Json.of(Integer.toString(spec.replicas())));
        create(JsonObject.builder()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet")
                .put("metadata", metadata(create.name(), labels, annotations))
                .put(
                        "spec",
                        JsonObject.builder()
                                .put("replicas", 0)
                                .put("minReadySeconds", spec.minReadySeconds())
                                .put("selector", spec.selector().with("matchLabels", matchLabels))
                                .put("template", template.with("metadata", meta.with("labels", labels)))
                                .build())
                .build());
    }

    private void annotate(String hash, String key, Json value) {
        JsonObject rs = seen.replicaSet(hash);
        if (rs != null) {
            merge(ObjectRef.of(rs), JsonObject.of("metadata", JsonObject.of("annotations", JsonObject.of(key, value))));
        }
    }

    /** Changes a ReplicaSet's template and its pods; what was put there before and is not wanted any more goes. */
    private void ephemeral(Action.SetEphemeralMetadata set) {
        JsonObject rs = seen.replicaSet(set.hash());
        if (rs == null) {
            return;
        }
        String noted = rs.object("metadata").object("annotations").text(ArgoNames.EPHEMERAL, "{}");
        JsonObject old = JsonReader.parse(noted).orNull() instanceof JsonObject known ? known : JsonObject.empty();
        JsonObject wanted = set.metadata() == null ? JsonObject.empty() : set.metadata();
        JsonObject change = JsonObject.empty();
        for (String kind : new String[] {"labels", "annotations"}) {
            JsonObject part = JsonObject.empty();
            for (String key : old.object(kind).keys()) {
                part = part.with(key, Json.nul());
            }
            for (String key : wanted.object(kind).keys()) {
                part = part.with(key, Json.of(wanted.object(kind).text(key, "")));
            }
            change = part.isEmpty() ? change : change.with(kind, part);
        }
        Json note = wanted.isEmpty() ? Json.nul() : Json.of(wanted.toJson());
        merge(
                ObjectRef.of(rs),
                JsonObject.of(
                        "metadata",
                        JsonObject.of("annotations", JsonObject.of(ArgoNames.EPHEMERAL, note)),
                        "spec",
                        JsonObject.of("template", JsonObject.of("metadata", change))));
        for (JsonObject pod : seen.pods(rs)) {
            merge(ObjectRef.of(pod), JsonObject.of("metadata", change));
        }
    }

    private void scale(Action.ScaleReplicaSet scale) {
        JsonObject rs = seen.replicaSet(scale.hash());
        if (rs == null) {
            return;
        }
        JsonObject annotations = JsonObject.of(ArgoNames.DESIRED, Json.of(Integer.toString(scale.desired())));
        annotations = scale.to() == 0 ? annotations.with(ArgoNames.SCALE_DOWN, Json.nul()) : annotations;
        merge(
                ObjectRef.of(rs),
                JsonObject.of(
                        "metadata",
                        JsonObject.of("annotations", annotations),
                        "spec",
                        JsonObject.of("replicas", Json.of(scale.to()))));
    }

    private void switchService(Action.SwitchService service) {
        JsonObject selector = JsonObject.of(
                TemplateIdentity.HASH_LABEL, service.hash().isEmpty() ? Json.nul() : Json.of(service.hash()));
        merge(
                ObjectRef.of(ArgoNames.SERVICE, spec.namespace(), service.service()),
                JsonObject.of(
                        "metadata",
                        JsonObject.of("annotations", JsonObject.of(ArgoNames.MANAGED_BY, Json.of(spec.name()))),
                        "spec",
                        JsonObject.of("selector", selector)));
    }

    /** Lets services go that the strategy no longer names: they select all pods again. Whether there were any. */
    boolean releaseServices() {
        List<JsonObject> abandoned = seen.abandonedServices();
        for (JsonObject service : abandoned) {
            merge(
                    ObjectRef.of(service),
                    JsonObject.of(
                            "metadata",
                            JsonObject.of("annotations", JsonObject.of(ArgoNames.MANAGED_BY, Json.nul())),
                            "spec",
                            JsonObject.of("selector", JsonObject.of(TemplateIdentity.HASH_LABEL, Json.nul()))));
        }
        return !abandoned.isEmpty();
    }

    /** Gives the routers the weights of the status again where they show others; whether any did. */
    boolean enforceWeights() {
        boolean wrote = false;
        if (status.weights().set() && spec.canary() != null && spec.canary().routed()) {
            for (TrafficRouter router : routers.of(spec)) {
                wrote |= write(router.weighted(spec, status.weights(), seen::get));
            }
        }
        return wrote;
    }

    private boolean write(Outcome<List<JsonObject>> objects) {
        boolean wrote = false;
        for (Problem problem : objects.errors()) {
            events.accept(new EventSink.Event(
                    now,
                    "TrafficRoutingError",
                    spec.namespace() + "/" + spec.name(),
                    JsonObject.of("message", Json.of(problem.text()))));
        }
        for (JsonObject object : objects.value().orElse(List.of())) {
            if (object.equals(seen.get(ObjectRef.of(object)))) {
                continue;
            }
            wrote = true;
            if (object.object("metadata").has("resourceVersion")) {
                cluster.replace(ObjectRef.of(object), object, WRITE);
            } else {
                create(object);
            }
        }
        return wrote;
    }

    private void startRun(Action.StartAnalysisRun start) {
        List<JsonObject> templates = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (JsonObject ref : Fields.objects(start.analysis(), "templates")) {
            String name = ref.text("templateName", "");
            boolean wide = ref.bool("clusterScope", false);
            JsonObject template = seen.get(
                    wide
                            ? ObjectRef.of(ArgoNames.CLUSTER_ANALYSIS_TEMPLATE, "", name)
                            : ObjectRef.of(ArgoNames.ANALYSIS_TEMPLATE, spec.namespace(), name));
            if (template == null) {
                missing.add(name);
            } else {
                templates.add(template);
            }
        }
        Outcome<JsonObject> planned = missing.isEmpty()
                ? AnalysisRunPlan.spec(start.analysis(), templates, spec.rollout(), status.stableRS(), start.hash())
                : Outcome.failed(
                        Problem.error("ANALYSIS_TEMPLATE", "AnalysisTemplate '" + missing.get(0) + "' not found"));
        JsonObject labels = JsonObject.of(
                TemplateIdentity.HASH_LABEL, Json.of(start.hash()), ArgoNames.RUN_TYPE, Json.of(start.type()));
        labels = start.stepIndex() == null
                ? labels
                : labels.with(ArgoNames.STEP_INDEX, Json.of(Integer.toString(start.stepIndex())));
        JsonObject none = JsonObject.of("metrics", JsonArray.empty());
        JsonObject run = JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "AnalysisRun")
                .put("metadata", metadata(start.name(), labels, JsonObject.empty()))
                .put("spec", planned.value().orElse(none))
                .build();
        create(run);
        if (!planned.ok()) {
            JsonObject failed = JsonObject.of(
                    "phase",
                    Json.of(AnalysisPhase.ERROR.wire()),
                    "message",
                    Json.of(planned.errors().get(0).text()));
            merge(
                    ObjectRef.of(ArgoNames.ANALYSIS_RUN, spec.namespace(), start.name())
                            .sub("status"),
                    JsonObject.of("status", failed));
        }
    }

    private void startExperiment(Action.StartExperiment start) {
        JsonArray.Builder templates = JsonArray.builder();
        for (JsonObject template : Fields.objects(start.experiment(), "templates")) {
            boolean stable = template.text("specRef", "").equals("stable");
            JsonObject rs = stable ? seen.replicaSet(status.stableRS()) : seen.replicaSet(start.hash());
            JsonObject pod = rs == null ? spec.template() : rs.object("spec").object("template");
            JsonObject labels = pod.object("metadata").object("labels").without(TemplateIdentity.HASH_LABEL);
            templates.add(template.without("specRef")
                    .with(
                            "template",
                            pod.with("metadata", pod.object("metadata").with("labels", labels)))
                    .with("selector", template.has("selector") ? template.object("selector") : spec.selector()));
        }
        create(JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Experiment")
                .put(
                        "metadata",
                        metadata(
                                start.name(),
                                JsonObject.of(TemplateIdentity.HASH_LABEL, Json.of(start.hash())),
                                JsonObject.empty()))
                .put("spec", experimentSpec(start).with("templates", templates.build()))
                .build());
    }

    /** The analyses of an experiment with what only the Rollout knows put into their arguments. */
    private JsonObject experimentSpec(Action.StartExperiment start) {
        JsonArray.Builder analyses = JsonArray.builder();
        for (JsonObject analysis : Fields.objects(start.experiment(), "analyses")) {
            Outcome<List<JsonObject>> args = AnalysisArguments.resolve(
                    Fields.objects(analysis, "args"), spec.rollout(), status.stableRS(), start.hash());
            List<JsonObject> resolved = args.orNull();
            analyses.add(resolved == null ? analysis : analysis.with("args", JsonArray.of(resolved)));
        }
        return analyses.size() == 0 ? start.experiment() : start.experiment().with("analyses", analyses.build());
    }

    /**
     * Evicts as many pods as are asked for. One that a PodDisruptionBudget holds is passed over and tried again at the next
     * pass that is due.
     */
    private boolean evict(Action.EvictPods evict) {
        JsonObject rs = seen.replicaSet(evict.hash());
        int gone = 0;
        for (JsonObject pod : rs == null ? List.<JsonObject>of() : seen.stalePods(rs, evict.before())) {
            if (gone < evict.count()) {
                gone += isEvicted(ObjectRef.of(pod)) ? 1 : 0;
            }
        }
        return gone > 0;
    }

    private boolean isEvicted(ObjectRef pod) {
        try {
            cluster.evict(pod, DeleteOptions.defaults());
        } catch (ApiException refused) {
            int code = refused.status().code();
            if (code == 405) {
                // a cluster without evictions
                cluster.delete(pod, DeleteOptions.defaults());
            } else if (code == 429) {
                return false;
            } else if (code != 404) {
                throw refused;
            }
        }
        return true;
    }

    private void scaleReference(int replicas) {
        JsonObject ref = spec.reference();
        if (!ref.isEmpty()) {
            merge(
                    ObjectRef.of(
                            io.gitops4j.manifest.Gvk.of(ref.text("apiVersion", ""), ref.text("kind", "")),
                            spec.namespace(),
                            ref.text("name", "")),
                    JsonObject.of("spec", JsonObject.of("replicas", Json.of(replicas))));
        }
    }
}
