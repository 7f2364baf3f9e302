package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.spi.MetricsProvider;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.controllers.PodPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A cluster in memory with Argo's kinds and the pod controllers, and all of our controllers at work on it. */
final class ArgoCluster {
    static final String API = "argoproj.io/v1alpha1";

    final FakeCluster cluster = FakeCluster.builder()
            .workloads(pod -> {
                String text = pod.toJson();
                return text.contains(":broken")
                        ? new PodPlan(PodPlan.End.IMAGE_PULL_BACK_OFF, Duration.ofSeconds(1))
                        : text.contains(":fails")
                                ? new PodPlan(PodPlan.End.FAILED, Duration.ofSeconds(1))
                                : text.contains(":long")
                                        ? new PodPlan(PodPlan.End.READY, Duration.ofSeconds(1))
                                        : PodPlan.usual().apply(pod);
            })
            .build();
    final List<String> events = new ArrayList<>();
    final Map<String, String> answers = new LinkedHashMap<>();
    final List<MetricsProvider.Request> asked = new ArrayList<>();
    private final RolloutController rollouts;
    private final ExperimentController experiments =
            new ExperimentController(cluster, event -> events.add(event.type()));
    private final AnalysisRunController runs = new AnalysisRunController(cluster, List.of(new MetricsProvider() {
        @Override
        public String name() {
            return "http";
        }

        @Override
        public Response ask(Request request) {
            asked.add(request);
            return Response.ok(answers.getOrDefault(request.url(), "1"));
        }
    }));

    ArgoCluster() {
        this(builder -> builder);
    }

    ArgoCluster(UnaryOperator<RolloutController.Builder> extend) {
        rollouts = extend.apply(RolloutController.builder(cluster).events(event -> events.add(event.type())))
                .build();
        for (String kind :
                new String[] {"Rollout", "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment"}) {
            String singular = kind.toLowerCase(Locale.ROOT);
            create("""
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: %1$ss.argoproj.io}
                    spec:
                      group: argoproj.io
                      scope: %2$s
                      names: {plural: %1$ss, singular: %1$s, kind: %3$s, listKind: %3$sList}
                      versions:
                        - name: v1alpha1
                          served: true
                          storage: true
                          subresources: {status: {}}
                          schema:
                            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    """.formatted(singular, kind.startsWith("Cluster") ? "Cluster" : "Namespaced", kind));
        }
    }

    Instant now() {
        return cluster.time().instant();
    }

    ArgoCluster create(String yaml) {
        YamlReader.kubectl()
                .readObjects("test.yaml", yaml)
                .orThrow()
                .forEach(object -> cluster.create(object, WriteOptions.defaults()));
        return this;
    }

    /** A Rollout named {@code shop} of four pods, with this strategy and these further fields. */
    ArgoCluster rollout(String strategy, String... more) {
        return create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default, labels: {team: web}}
                spec:
                  replicas: 4
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      containers: [{name: shop, image: "shop:1", ports: [{containerPort: 8080, name: http}, {containerPort: 9090}]}]
                  strategy: %s
                  %s
                """.formatted(strategy, String.join("\n  ", more)));
    }

    ArgoCluster template(String name, String spec) {
        return create("""
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: %s, namespace: default}
                spec: %s
                """.formatted(name, spec));
    }

    static ObjectRef ref(String apiVersion, String kind, String name) {
        return ObjectRef.of(Gvk.of(apiVersion, kind), "default", name);
    }

    JsonObject get(String apiVersion, String kind, String name) {
        return cluster.get(ref(apiVersion, kind, name)).orElseThrow();
    }

    JsonObject rollout() {
        return get(API, "Rollout", "shop");
    }

    List<JsonObject> list(String apiVersion, String kind) {
        return cluster.list(ListQuery.of(Gvk.of(apiVersion, kind)).in("default"))
                .items();
    }

    /** {@code phase message} of a Rollout. */
    String phase(String name) {
        JsonObject status = get(API, "Rollout", name).object("status");
        return (status.text("phase", "") + " " + status.text("message", "")).trim();
    }

    String phase() {
        return phase("shop");
    }

    ArgoCluster patch(String json) {
        Json body = JsonReader.parse(json).orThrow();
        cluster.patch(ref(API, "Rollout", "shop"), PatchType.MERGE, body, WriteOptions.defaults());
        return settle();
    }

    ArgoCluster patchStatus(String json) {
        JsonObject status = (JsonObject) JsonReader.parse(json).orThrow();
        cluster.patch(
                ref(API, "Rollout", "shop").sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", status),
                WriteOptions.defaults());
        return settle();
    }

    ArgoCluster image(String tag) {
        return patch("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"shop\",\"image\":\"shop:" + tag
                + "\",\"ports\":[{\"containerPort\":8080,\"name\":\"http\"},{\"containerPort\":9090}]}]}}}}");
    }

    ArgoCluster promote() {
        return patchStatus("{\"pauseConditions\":null}");
    }

    /** Lets everything move until it rests, the pods' start-up included. */
    ArgoCluster settle() {
        for (int i = 0; i < 300; i++) {
            boolean moved = pass();
            cluster.settle(Duration.ofSeconds(3));
            if (!moved && !pass()) {
                return this;
            }
        }
        throw new AssertionError("no rest: " + rollout().toJson());
    }

    /** Lets time pass, second by second. */
    ArgoCluster after(int seconds) {
        for (int i = 0; i < seconds; i++) {
            cluster.time().advance(Duration.ofSeconds(1));
            for (int k = 0; k < 20 && pass(); k++) {
                cluster.settle(Duration.ZERO);
            }
        }
        return this;
    }

    private boolean pass() {
        boolean moved = false;
        for (JsonObject rollout : list(API, "Rollout")) {
            moved |= rollouts.reconcile("default", rollout.object("metadata").text("name", ""), now())
                    .moved();
        }
        for (JsonObject experiment : list(API, "Experiment")) {
            moved |= experiments
                    .reconcile("default", experiment.object("metadata").text("name", ""), now())
                    .moved();
        }
        for (JsonObject run : list(API, "AnalysisRun")) {
            String name = run.object("metadata").text("name", "");
            runs.reconcile("default", name, now());
            moved |= !cluster.get(ref(API, "AnalysisRun", name))
                    .map(after -> after.object("status"))
                    .equals(java.util.Optional.of(run.object("status")));
        }
        return moved;
    }

    /** Pods asked for by revision: {@code 1=3 2=1}. */
    String pods() {
        List<String> counts = new ArrayList<>();
        for (JsonObject rs : list("apps/v1", "ReplicaSet")) {
            String revision = rs.object("metadata").object("annotations").text("rollout.argoproj.io/revision");
            if (revision != null && rs.object("metadata").text("name", "").startsWith("shop-")) {
                counts.add(revision + "=" + rs.object("spec").get("replicas").toJson());
            }
        }
        counts.sort(null);
        return String.join(" ", counts);
    }

    /** Phases of the AnalysisRuns, sorted. */
    List<String> runPhases() {
        List<String> phases = new ArrayList<>();
        list(API, "AnalysisRun")
                .forEach(run -> phases.add(run.object("status").text("phase", AnalysisPhase.PENDING.wire())));
        phases.sort(null);
        return phases;
    }

    /** What a service selects. */
    JsonObject selector(String service) {
        return get("v1", "Service", service).object("spec").object("selector");
    }
}
