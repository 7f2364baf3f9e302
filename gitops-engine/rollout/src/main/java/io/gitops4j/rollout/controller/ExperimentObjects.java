package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunPlan;
import io.gitops4j.rollout.experiment.ExperimentMachine;
import io.gitops4j.rollout.experiment.ExperimentSpec;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.spi.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects of one Experiment: found by owner and annotation, made, scaled and removed. */
final class ExperimentObjects {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");
    private static final String TEMPLATE = "experiment.argoproj.io/template-name";
    private static final String ANALYSIS = "experiment.argoproj.io/analysis-name";

    private final Cluster cluster;
    private final JsonObject experiment;
    private final ExperimentSpec spec;
    private final String namespace;
    private final String name;

    ExperimentObjects(Cluster cluster, JsonObject experiment, ExperimentSpec spec) {
        this.cluster = cluster;
        this.experiment = experiment;
        this.spec = spec;
        this.namespace = experiment.object("metadata").text("namespace", "");
        this.name = experiment.object("metadata").text("name", "");
    }

    ExperimentMachine.Observation observe() {
        Map<String, Integer> replicas = new LinkedHashMap<>();
        Map<String, Integer> available = new LinkedHashMap<>();
        replicaSets().forEach((template, rs) -> {
            replicas.put(template, Fields.integer(rs.object("spec"), "replicas", 1));
            available.put(template, Fields.integer(rs.object("status"), "availableReplicas", 0));
        });
        Map<String, AnalysisPhase> analyses = new LinkedHashMap<>();
        runs().forEach((analysis, run) -> {
            AnalysisPhase phase = AnalysisPhase.of(run.object("status").text("phase"));
            analyses.put(analysis, phase == null ? AnalysisPhase.PENDING : phase);
        });
        return new ExperimentMachine.Observation(replicas, available, analyses);
    }

    /** The ReplicaSets by template. */
    Map<String, JsonObject> replicaSets() {
        return owned(ArgoNames.REPLICA_SET, TEMPLATE);
    }

    /** The AnalysisRuns by analysis. */
    Map<String, JsonObject> runs() {
        return owned(ArgoNames.ANALYSIS_RUN, ANALYSIS);
    }

    private Map<String, JsonObject> owned(Gvk gvk, String annotation) {
        String uid = experiment.object("metadata").text("uid", "");
        Map<String, JsonObject> owned = new LinkedHashMap<>();
        for (JsonObject object : cluster.list(ListQuery.of(gvk).in(namespace)).items()) {
            boolean own = Fields.objects(object.object("metadata"), "ownerReferences").stream()
                    .anyMatch(owner -> owner.text("uid", "").equals(uid));
            String key = object.object("metadata").object("annotations").text(annotation);
            if (own && key != null) {
                owned.put(key, object);
            }
        }
        return owned;
    }

    private JsonObject metadata(String objectName, JsonObject labels, JsonObject annotations) {
        JsonObject owner = JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Experiment")
                .put("name", name)
                .put("uid", experiment.object("metadata").text("uid", ""))
                .put("controller", true)
                .put("blockOwnerDeletion", true)
                .build();
        return JsonObject.builder()
                .put("name", objectName)
                .put("namespace", namespace)
                .put("labels", labels)
                .put("annotations", annotations.with(ArgoNames.EXPERIMENT_NAME, Json.of(name)))
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

    private ExperimentSpec.@Nullable Template template(String wanted) {
        for (ExperimentSpec.Template template : spec.templates()) {
            if (template.name().equals(wanted)) {
                return template;
            }
        }
        return null;
    }

    /** A hash of its own, even for the very template of a revision: the pods must not be taken over. */
    private String hash(ExperimentSpec.Template template) {
        return TemplateIdentity.hash(JsonArray.of(
                Json.of(name + "-" + template.name()), template.body().object("template")));
    }

    void createReplicaSet(String templateName) {
        ExperimentSpec.Template template = template(templateName);
        if (template == null) {
            return;
        }
        Json hash = Json.of(hash(template));
        JsonObject pod = template.body().object("template");
        JsonObject meta = pod.object("metadata");
        JsonObject extra = template.body().object("metadata");
        JsonObject labels = meta.object("labels");
        for (String key : extra.object("labels").keys()) {
            labels = labels.with(key, Json.of(extra.object("labels").text(key, "")));
        }
        labels = labels.with(TemplateIdentity.HASH_LABEL, hash);
        JsonObject selector = template.body().object("selector");
        JsonObject match = selector.object("matchLabels").with(TemplateIdentity.HASH_LABEL, hash);
        create(JsonObject.builder()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet")
                .put(
                        "metadata",
                        metadata(name + "-" + templateName, labels, JsonObject.of(TEMPLATE, Json.of(templateName))))
                .put(
                        "spec",
                        JsonObject.builder()
                                .put("replicas", 0)
                                .put("minReadySeconds", Fields.integer(template.body(), "minReadySeconds", 0))
                                .put("selector", selector.with("matchLabels", match))
                                .put("template", pod.with("metadata", meta.with("labels", labels)))
                                .build())
                .build());
    }

    void scale(String templateName, int replicas) {
        JsonObject rs = replicaSets().get(templateName);
        if (rs != null) {
            JsonObject change = JsonObject.of("spec", JsonObject.of("replicas", Json.of(replicas)));
            cluster.patch(ObjectRef.of(rs), PatchType.MERGE, change, WRITE);
        }
    }

    /**
     * Makes the Services of templates that want one, by {@code service} or by a weight, and removes them when their pods are
     * gone. Whether anything was written.
     */
    boolean services(boolean over) {
        boolean wrote = false;
        Map<String, JsonObject> sets = replicaSets();
        for (ExperimentSpec.Template template : spec.templates()) {
            JsonObject rs = sets.get(template.name());
            boolean wanted = template.body().has("service") || template.body().has("weight");
            if (!wanted || rs == null) {
                continue;
            }
            ObjectRef ref = ObjectRef.of(ArgoNames.SERVICE, namespace, serviceName(template));
            boolean exists = cluster.get(ref).isPresent();
            boolean up = Fields.integer(rs.object("spec"), "replicas", 0) > 0;
            if (up && !exists && !over) {
                create(service(template, ref.name()));
                wrote = true;
            } else if (!up && exists && over) {
                cluster.delete(ref, DeleteOptions.defaults());
                wrote = true;
            }
        }
        return wrote;
    }

    private String serviceName(ExperimentSpec.Template template) {
        return template.body().object("service").text("name", name + "-" + template.name());
    }

    private JsonObject service(ExperimentSpec.Template template, String serviceName) {
        JsonArray.Builder ports = JsonArray.builder();
        for (JsonObject container :
                Fields.objects(template.body().object("template").object("spec"), "containers")) {
            for (JsonObject port : Fields.objects(container, "ports")) {
                int number = Fields.integer(port, "containerPort", 0);
                ports.add(JsonObject.builder()
                        .put("name", port.text("name", "port-" + number))
                        .put("port", number)
                        .put("targetPort", number)
                        .put("protocol", port.text("protocol", "TCP"))
                        .build());
            }
        }
        JsonObject selector = template.body()
                .object("selector")
                .object("matchLabels")
                .with(TemplateIdentity.HASH_LABEL, Json.of(hash(template)));
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Service")
                .put("metadata", metadata(serviceName, JsonObject.empty(), JsonObject.empty()))
                .put("spec", JsonObject.of("selector", selector, "ports", ports.build()))
                .build();
    }

    void startRun(String analysisName, ExperimentMachine.Status status) {
        JsonObject analysis = JsonObject.empty();
        for (ExperimentSpec.Analysis one : spec.analyses()) {
            analysis = one.name().equals(analysisName) ? one.body() : analysis;
        }
        boolean wide = analysis.bool("clusterScope", false);
        String templateName = analysis.text("templateName", "");
        JsonObject template = cluster.get(
                        wide
                                ? ObjectRef.of(ArgoNames.CLUSTER_ANALYSIS_TEMPLATE, "", templateName)
                                : ObjectRef.of(ArgoNames.ANALYSIS_TEMPLATE, namespace, templateName))
                .orElse(null);
        JsonObject own = experiment.object("spec");
        JsonObject.Builder asked = JsonObject.builder()
                .put("args", ExperimentController.arguments(analysis, facts(status)))
                .putIfPresent("dryRun", own.get("dryRun"))
                .putIfPresent("measurementRetention", own.get("measurementRetention"));
        Outcome<JsonObject> planned = template == null
                ? Outcome.failed(io.gitops4j.problem.Problem.error(
                        "ANALYSIS_TEMPLATE", "AnalysisTemplate '" + templateName + "' not found"))
                : AnalysisRunPlan.spec(asked.build(), List.of(template), experiment, "", "");
        String runName = name + "-" + analysisName;
        create(JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "AnalysisRun")
                .put("metadata", metadata(runName, JsonObject.empty(), JsonObject.of(ANALYSIS, Json.of(analysisName))))
                .put("spec", planned.value().orElse(JsonObject.of("metrics", JsonArray.empty())))
                .build());
        if (!planned.ok()) {
            JsonObject failed = JsonObject.of(
                    "phase",
                    Json.of(AnalysisPhase.ERROR.wire()),
                    "message",
                    Json.of(planned.errors().get(0).text()));
            cluster.patch(
                    ObjectRef.of(ArgoNames.ANALYSIS_RUN, namespace, runName).sub("status"),
                    PatchType.MERGE,
                    JsonObject.of("status", failed),
                    WRITE);
        }
    }

    private Map<String, String> facts(ExperimentMachine.Status status) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (ExperimentSpec.Template template : spec.templates()) {
            facts.put("templates." + template.name() + ".podTemplateHash", hash(template));
            facts.put("templates." + template.name() + ".replicaset.name", name + "-" + template.name());
        }
        facts.put("experiment.availableAt", String.valueOf(status.availableAt()));
        facts.put("experiment.finishedAt", String.valueOf(status.finishedAt()));
        return facts;
    }

    void terminateRun(String analysisName) {
        JsonObject run = runs().get(analysisName);
        if (run != null) {
            JsonObject end = JsonObject.of("spec", JsonObject.of("terminate", Json.of(true)));
            cluster.patch(ObjectRef.of(run), PatchType.MERGE, end, WRITE);
        }
    }

    /** One member for every template that has a ReplicaSet. */
    JsonArray templateStatuses(ExperimentMachine.Status status) {
        List<JsonObject> statuses = new ArrayList<>();
        Map<String, JsonObject> sets = replicaSets();
        for (ExperimentSpec.Template template : spec.templates()) {
            JsonObject rs = sets.get(template.name());
            if (rs == null) {
                continue;
            }
            JsonObject counts = rs.object("status");
            int available = Fields.integer(counts, "availableReplicas", 0);
            String running = available >= template.replicas() ? "Running" : "Progressing";
            AnalysisPhase end = status.completed() ? status.phase() : null;
            String phase = end == null ? running : end.wire();
            JsonObject.Builder out = JsonObject.builder()
                    .put("name", template.name())
                    .put("replicas", Fields.integer(counts, "replicas", 0))
                    .put("updatedReplicas", Fields.integer(counts, "replicas", 0))
                    .put("readyReplicas", Fields.integer(counts, "readyReplicas", 0))
                    .put("availableReplicas", available)
                    .put("status", phase)
                    .put("podTemplateHash", hash(template));
            if (template.body().has("service") || template.body().has("weight")) {
                out.put("serviceName", serviceName(template));
            }
            statuses.add(out.build());
        }
        return JsonArray.of(statuses);
    }
}
