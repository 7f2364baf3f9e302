package io.gitops4j.rollout.simulate;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A rollout named {@code x} with one container, and short names for what scenarios do and look at. */
final class World implements AnalysisModel {
    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    final SimulatedCluster cluster;
    final Operator operator;
    final Map<String, MetricAnswer> answers = new LinkedHashMap<>();
    final Map<String, String> templates = new LinkedHashMap<>();

    private World(String spec, PodModel pods) {
        this("1", spec, pods);
    }

    private World(String tag, String spec, PodModel pods) {
        JsonObject body = json(
                "{\"selector\":{\"matchLabels\":{\"app\":\"x\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}},"
                        + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"app:" + tag + "\"}]}}," + spec + "}");
        JsonObject rollout = JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Rollout")
                .put("metadata", JsonObject.of("name", Json.of("x")))
                .put("spec", body)
                .build();
        cluster = new SimulatedCluster(rollout, T0, pods, this);
        operator = new Operator(cluster);
    }

    static World canary(int replicas, String canary, String... more) {
        return new World(fields(replicas, "canary", canary, more), BAD_IMAGES).settle();
    }

    /** A rollout that nobody has stepped yet. */
    static World unsettled(String strategy, String... more) {
        return new World(
                "\"strategy\":" + strategy + (more.length == 0 ? "" : "," + String.join(",", more)), BAD_IMAGES);
    }

    /** A canary whose very first revision has this tag. */
    static World first(String tag, int replicas, String canary, String... more) {
        return new World(tag, fields(replicas, "canary", canary, more), BAD_IMAGES).settle();
    }

    static World blueGreen(int replicas, String blueGreen, String... more) {
        String services = "\"activeService\":\"active\",\"previewService\":\"preview\"";
        return new World(
                        fields(
                                replicas,
                                "blueGreen",
                                "{" + services + (blueGreen.isEmpty() ? "" : "," + blueGreen) + "}",
                                more),
                        BAD_IMAGES)
                .settle();
    }

    private static String fields(int replicas, String strategy, String body, String... more) {
        return "\"replicas\":" + replicas + ",\"strategy\":{\"" + strategy + "\":" + body + "}"
                + (more.length == 0 ? "" : "," + String.join(",", more));
    }

    /** Pods are ready at once, those of an image tagged {@code bad} never, those of {@code slow} after ten seconds. */
    static final PodModel BAD_IMAGES = (template, hash, index, now) -> {
        String text = template.toJson();
        return text.contains(":bad") ? null : text.contains(":slow") ? Duration.ofSeconds(10) : Duration.ZERO;
    };

    static JsonObject json(String text) {
        return (JsonObject) JsonReader.parse(text).orThrow();
    }

    World settle() {
        cluster.settle();
        return this;
    }

    World image(String tag) {
        operator.setImage("c", "app:" + tag);
        return settle();
    }

    World promote() {
        operator.promote();
        return settle();
    }

    World promoteFull() {
        operator.promoteFull();
        return settle();
    }

    World abort() {
        operator.abort();
        return settle();
    }

    World retry() {
        operator.retry();
        return settle();
    }

    World scale(int replicas) {
        operator.scale(replicas);
        return settle();
    }

    World after(int seconds) {
        cluster.advance(Duration.ofSeconds(seconds));
        return this;
    }

    World spec(String field, String value) {
        Json parsed = JsonReader.parse(value).orThrow();
        cluster.edit(rollout -> rollout.with("spec", rollout.object("spec").with(field, parsed)));
        return settle();
    }

    RolloutStatus status() {
        return cluster.status();
    }

    /** {@code phase message} as people see it. */
    String phase() {
        return (status().phase() + " " + status().message()).trim();
    }

    /** Pods asked for, by revision in order of creation: {@code r1=4 r2=1}. */
    String pods() {
        StringBuilder out = new StringBuilder();
        List<Observation.ReplicaSet> all =
                cluster.replicaSets().stream().filter(rs -> !rs.experiment()).toList();
        for (int i = 0; i < all.size(); i++) {
            out.append(i == 0 ? "" : " ")
                    .append('r')
                    .append(i + 1)
                    .append('=')
                    .append(all.get(i).spec())
                    .append(all.get(i).scaleDownAt() == null ? "" : "*");
        }
        return out.toString();
    }

    /** Desired, current, updated, ready, available. */
    List<Integer> counts() {
        RolloutStatus s = status();
        return List.of(
                cluster.spec().replicas(), s.replicas(), s.updatedReplicas(), s.readyReplicas(), s.availableReplicas());
    }

    /** Which revision a service selects: {@code r1}. */
    String service(String name) {
        return revision(cluster.service(name));
    }

    String revision(String hash) {
        List<Observation.ReplicaSet> all =
                cluster.replicaSets().stream().filter(rs -> !rs.experiment()).toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).hash().equals(hash)) {
                return "r" + (i + 1);
            }
        }
        return "";
    }

    /** Canary and stable weight: {@code 10/90}. */
    String weights() {
        return status().weights().canary().weight() + "/"
                + status().weights().stable().weight();
    }

    long runs(AnalysisPhase phase) {
        return cluster.analysisRuns().stream()
                .filter(run -> run.phase() == phase)
                .count();
    }

    World template(String name, String metrics) {
        templates.put(name, metrics);
        return this;
    }

    @Override
    public Outcome<AnalysisSpec> specOf(Action.StartAnalysisRun start) {
        String name = start.analysis().array("templates").get(0).asObject().text("templateName", "");
        String metrics = templates.get(name);
        return metrics == null
                ? Outcome.failed(Problem.error("TEMPLATE", "no template " + name))
                : Outcome.of(AnalysisSpec.of(json("{\"metrics\":" + metrics + "}")));
    }

    @Override
    public MetricAnswer measure(Metric metric, Instant now) {
        return answers.getOrDefault(metric.name(), MetricAnswer.value(1.0));
    }
}
