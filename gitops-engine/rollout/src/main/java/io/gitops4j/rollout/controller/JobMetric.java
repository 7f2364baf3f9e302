package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunStatus;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricAnswer;
import io.gitops4j.rollout.analysis.MetricResult;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.spi.Cluster;
import java.util.List;
import java.util.Optional;

/**
 * The metric that is a Job: complete is a success, failed a failure, an image that cannot be pulled leaves it open. One Job a
 * measurement, named after run, metric and count, so that it is found again.
 *
 * <p>Source: Rollouts §3.8.
 */
final class JobMetric {
    private static final Gvk JOB = Gvk.of("batch/v1", "Job");
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");
    private static final List<String> NO_IMAGE =
            List.of("ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName");

    private final Cluster cluster;
    private final JsonObject run;

    JobMetric(Cluster cluster, JsonObject run) {
        this.cluster = cluster;
        this.run = run;
    }

    /** Starts the Job of the measurement in flight, or looks how it is doing. */
    MetricAnswer measure(Metric metric, AnalysisRunStatus status) {
        ObjectRef ref = ref(metric, status);
        Optional<JsonObject> job = cluster.get(ref);
        if (job.isEmpty()) {
            try {
                cluster.create(job(metric, ref), WRITE);
            } catch (ApiException e) {
                return MetricAnswer.error(String.valueOf(e.getMessage()));
            }
            return MetricAnswer.running(null);
        }
        for (JsonObject condition : Fields.objects(job.get().object("status"), "conditions")) {
            if (!condition.text("status", "").equals("True")) {
                continue;
            }
            if (condition.text("type", "").equals("Complete")) {
                return MetricAnswer.outcome(AnalysisPhase.SUCCESSFUL, "");
            }
            if (condition.text("type", "").equals("Failed")) {
                return MetricAnswer.outcome(AnalysisPhase.FAILED, condition.text("message", ""));
            }
        }
        String reason = noImage(job.get());
        return reason.isEmpty() ? MetricAnswer.running(null) : MetricAnswer.outcome(AnalysisPhase.INCONCLUSIVE, reason);
    }

    /** Deletes the Job of the measurement in flight. */
    void terminate(Metric metric, AnalysisRunStatus status) {
        try {
            cluster.delete(ref(metric, status), DeleteOptions.defaults());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private ObjectRef ref(Metric metric, AnalysisRunStatus status) {
        MetricResult result = status.result(metric.name());
        int done =
                result == null ? 0 : result.counts().count() + result.counts().error();
        JsonObject metadata = run.object("metadata");
        String uid = metadata.text("uid", metadata.text("name", ""));
        return ObjectRef.of(JOB, metadata.text("namespace", ""), uid + "." + metric.name() + "." + (done + 1));
    }

    private JsonObject job(Metric metric, ObjectRef ref) {
        JsonObject config = metric.body().object("provider").object("job");
        JsonObject owner = JsonObject.builder()
                .put("apiVersion", run.text("apiVersion", ""))
                .put("kind", run.text("kind", ""))
                .put("name", run.object("metadata").text("name", ""))
                .put("uid", run.object("metadata").text("uid", ""))
                .put("controller", true)
                .put("blockOwnerDeletion", true)
                .build();
        JsonObject own = config.object("metadata");
        JsonObject labels = own.object("labels")
                .with(
                        "analysisrun.argoproj.io/uid",
                        Json.of(run.object("metadata").text("uid", "")));
        JsonObject annotations = own.object("annotations")
                .with(
                        "analysisrun.argoproj.io/name",
                        Json.of(run.object("metadata").text("name", "")))
                .with("analysisrun.argoproj.io/metric-name", Json.of(metric.name()));
        return JsonObject.builder()
                .put("apiVersion", "batch/v1")
                .put("kind", "Job")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", ref.name())
                                .put("namespace", ref.namespace())
                                .put("labels", labels)
                                .put("annotations", annotations)
                                .put("ownerReferences", JsonArray.of(owner))
                                .build())
                .put("spec", config.object("spec"))
                .build();
    }

    private String noImage(JsonObject job) {
        String uid = job.object("metadata").text("uid", "");
        String namespace = job.object("metadata").text("namespace", "");
        for (JsonObject pod :
                cluster.list(ListQuery.of(ArgoNames.POD).in(namespace)).items()) {
            boolean own = Fields.objects(pod.object("metadata"), "ownerReferences").stream()
                    .anyMatch(owner -> owner.text("uid", "").equals(uid));
            for (JsonObject container : Fields.objects(pod.object("status"), "containerStatuses")) {
                String reason = container.object("state").object("waiting").text("reason", "");
                if (own && NO_IMAGE.contains(reason)) {
                    return reason;
                }
            }
        }
        return "";
    }
}
