package io.gitops4j.rollout.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.spi.MetricsProvider;
import io.gitops4j.testkit.FakeCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolloutControllerTest {
    private final FakeCluster cluster = FakeCluster.create();
    private final List<String> events = new ArrayList<>();
    private final RolloutController controller = new RolloutController(cluster, event -> events.add(event.type()));
    private String sample = "1";
    private final AnalysisRunController runs = new AnalysisRunController(cluster, List.of(new MetricsProvider() {
        @Override
        public String name() {
            return "http";
        }

        @Override
        public Response ask(Request request) {
            assertThat(request.url()).startsWith("http://prometheus:9090/api/v1/query?query=rate-shop");
            return Response.ok(
                    "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"" + sample
                            + "\"]}]}}");
        }
    }));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void serveArgosKinds() {
        for (String kind :
                new String[] {"Rollout", "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment"}) {
            String plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
            String scope = kind.startsWith("Cluster") ? "Cluster" : "Namespaced";
            create("""
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata:
                      name: %s.argoproj.io
                    spec:
                      group: argoproj.io
                      scope: %s
                      names: {plural: %s, singular: %s, kind: %s, listKind: %sList}
                      versions:
                        - name: v1alpha1
                          served: true
                          storage: true
                          subresources: {status: {}}
                          schema:
                            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    """.formatted(plural, scope, plural, kind.toLowerCase(java.util.Locale.ROOT), kind, kind));
        }
    }

    private void create(String yaml) {
        cluster.create((JsonObject) YamlReader.kubectl().read("test.yaml", yaml).orThrow(), WriteOptions.defaults());
    }

    private static ObjectRef ref(String apiVersion, String kind, String name) {
        return ObjectRef.of(io.gitops4j.manifest.Gvk.of(apiVersion, kind), "default", name);
    }

    private JsonObject rollout() {
        return cluster.get(ref("argoproj.io/v1alpha1", "Rollout", "shop")).orElseThrow();
    }

    private String phase() {
        JsonObject status = rollout().object("status");
        return (status.text("phase", "") + " " + status.text("message", "")).trim();
    }

    private void patch(String kind, String name, String json) {
        Json body = io.gitops4j.codec.JsonReader.parse(json).orThrow();
        cluster.patch(ref("argoproj.io/v1alpha1", kind, name), PatchType.MERGE, body, WriteOptions.defaults());
    }

    /** Drives controller, analysis and a stand-in for the ReplicaSet controller until all rest. */
    private void settle() {
        for (int i = 0; i < 60; i++) {
            boolean moved = controller.reconcile("default", "shop", now).moved();
            moved |= reconcileReplicaSets();
            for (JsonObject run : list("argoproj.io/v1alpha1", "AnalysisRun")) {
                runs.reconcile("default", run.object("metadata").text("name", ""), now);
            }
            if (!moved && !controller.reconcile("default", "shop", now).moved()) {
                return;
            }
        }
        throw new AssertionError("no rest: " + rollout().toJson());
    }

    private List<JsonObject> list(String apiVersion, String kind) {
        return cluster.list(ListQuery.of(io.gitops4j.manifest.Gvk.of(apiVersion, kind))
                        .in("default"))
                .items();
    }

    private boolean reconcileReplicaSets() {
        boolean moved = false;
        for (JsonObject rs : list("apps/v1", "ReplicaSet")) {
            Json replicas = rs.object("spec").get("replicas");
            JsonObject counts = JsonObject.builder()
                    .put("replicas", replicas)
                    .put("readyReplicas", replicas)
                    .put("availableReplicas", replicas)
                    .build();
            if (!replicas.equals(rs.object("status").get("replicas"))) {
                cluster.patch(
                        ObjectRef.of(rs).sub("status"),
                        PatchType.MERGE,
                        JsonObject.of("status", counts),
                        WriteOptions.defaults());
                moved = true;
            }
        }
        return moved;
    }

    private String replicas() {
        List<String> counts = new ArrayList<>();
        for (JsonObject rs : list("apps/v1", "ReplicaSet")) {
            counts.add(rs.object("metadata").object("annotations").text("rollout.argoproj.io/revision") + "="
                    + rs.object("spec").get("replicas").toJson());
        }
        counts.sort(null);
        return String.join(" ", counts);
    }

    private static final String ROLLOUT = """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: shop, namespace: default}
            spec:
              replicas: 4
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop}}
                spec:
                  containers: [{name: shop, image: "shop:1"}]
              strategy:
            """;

    @Test
    void canaryWithAnalysis_isPromotedAndItsObjectsAreArgos() {
        create(ROLLOUT + """
                    canary:
                      analysis:
                        templates: [{templateName: rate}]
                        args: [{name: service, value: shop}]
                      steps: [{setWeight: 25}, {pause: {}}]
                """);
        create("""
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: rate, namespace: default}
                spec:
                  args: [{name: service}]
                  metrics:
                    - name: rate
                      interval: 1m
                      successCondition: result[0] > 0.9
                      provider:
                        prometheus: {address: "http://prometheus:9090", query: "rate-{{args.service}}"}
                """);
        settle();
        assertThat(phase()).isEqualTo("Healthy");
        patch(
                "Rollout",
                "shop",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"shop\",\"image\":\"shop:2\"}]}}}}");
        settle();
        assertThat(phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(replicas()).isEqualTo("1=3 2=1");
        JsonObject run = list("argoproj.io/v1alpha1", "AnalysisRun").get(0);
        assertThat(run.object("status").text("phase")).isEqualTo("Running");
        assertThat(run.object("metadata").object("labels").text("rollout-type")).isEqualTo("Background");
        cluster.patch(
                ref("argoproj.io/v1alpha1", "Rollout", "shop").sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", JsonObject.of("pauseConditions", Json.nul())),
                WriteOptions.defaults());
        settle();
        assertThat(phase()).isEqualTo("Healthy");
        assertThat(replicas()).isEqualTo("1=0 2=4");
        assertThat(list("argoproj.io/v1alpha1", "AnalysisRun")
                        .get(0)
                        .object("status")
                        .text("phase"))
                .isEqualTo("Successful");
        assertThat(events).contains("RolloutCompleted", "RolloutStepCompleted");
    }

    @Test
    void badMetrics_abortTheUpdate() {
        create(ROLLOUT + """
                    canary:
                      analysis: {templates: [{templateName: rate}], args: [{name: service, value: shop}]}
                      steps: [{setWeight: 25}, {pause: {}}]
                """);
        create("""
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: rate, namespace: default}
                spec:
                  args: [{name: service}]
                  metrics:
                    - name: rate
                      interval: 1m
                      successCondition: result[0] > 0.9
                      provider:
                        prometheus: {address: "http://prometheus:9090", query: "rate-{{args.service}}"}
                """);
        settle();
        sample = "0.5";
        patch(
                "Rollout",
                "shop",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"shop\",\"image\":\"shop:2\"}]}}}}");
        settle();
        assertThat(phase())
                .isEqualTo(
                        "Degraded RolloutAborted: Rollout aborted update to revision 2: Background analysis phase error/failed:"
                                + " Metric \"rate\" assessed Failed due to failed (1) > failureLimit (0)");
        assertThat(replicas()).isEqualTo("1=4 2=0");
    }

    @Test
    void blueGreen_switchesTheServicesSelectors() {
        for (String name : new String[] {"active", "preview"}) {
            create("""
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %s, namespace: default}
                    spec: {selector: {app: shop}, ports: [{port: 80}]}
                    """.formatted(name));
        }
        create(ROLLOUT + """
                    blueGreen: {activeService: active, previewService: preview, scaleDownDelaySeconds: 5}
                """);
        settle();
        assertThat(phase()).isEqualTo("Healthy");
        patch(
                "Rollout",
                "shop",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"shop\",\"image\":\"shop:2\"}]}}}}");
        settle();
        String current = rollout().object("status").text("currentPodHash", "");
        JsonObject service = cluster.get(ref("v1", "Service", "active")).orElseThrow();
        assertThat(service.object("spec").object("selector").text(TemplateIdentity.HASH_LABEL))
                .isEqualTo(current);
        assertThat(replicas()).isEqualTo("1=4 2=4");
        now = now.plusSeconds(6);
        settle();
        assertThat(replicas()).isEqualTo("1=0 2=4");
    }

    @Test
    void workloadRef_isResolvedAndMissingIsInvalid() {
        String spec = """
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: shop}}
                  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  strategy: {canary: {}}
                """;
        create(spec);
        controller.reconcile("default", "shop", now);
        assertThat(phase()).startsWith("Degraded InvalidSpec: The Rollout \"shop\" is invalid: spec.workloadRef.name");
        create("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: default}
                spec:
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      containers: [{name: shop, image: "shop:1"}]
                """);
        settle();
        assertThat(phase()).isEqualTo("Healthy");
        assertThat(rollout().object("spec").has("template")).isFalse();
    }

    @Test
    void s07_ephemeralMetadata_followsTheRole() {
        create(ROLLOUT + """
                    canary:
                      canaryMetadata: {labels: {role: canary}}
                      stableMetadata: {labels: {role: stable}, annotations: {note: s}}
                      steps: [{setWeight: 25}, {pause: {}}]
                """);
        settle();
        patch(
                "Rollout",
                "shop",
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"shop\",\"image\":\"shop:2\"}]}}}}");
        settle();
        assertThat(roles()).containsExactly("1 stable", "2 canary");
        cluster.patch(
                ref("argoproj.io/v1alpha1", "Rollout", "shop").sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", JsonObject.of("pauseConditions", Json.nul())),
                WriteOptions.defaults());
        settle();
        assertThat(phase()).isEqualTo("Healthy");
        assertThat(roles()).containsExactly("1 null", "2 stable");
    }

    private List<String> roles() {
        List<String> roles = new ArrayList<>();
        for (JsonObject rs : list("apps/v1", "ReplicaSet")) {
            JsonObject labels =
                    rs.object("spec").object("template").object("metadata").object("labels");
            roles.add(rs.object("metadata").object("annotations").text("rollout.argoproj.io/revision") + " "
                    + labels.text("role"));
        }
        roles.sort(null);
        return roles;
    }

    @Test
    void s102_workloadRef_scalesTheDeploymentDownOnSuccess() {
        create("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: default}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      containers: [{name: shop, image: "shop:1"}]
                """);
        create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: shop}}
                  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess}
                  strategy: {canary: {}}
                """);
        settle();
        assertThat(phase()).isEqualTo("Healthy");
        JsonObject deployment = cluster.get(ref("apps/v1", "Deployment", "web")).orElseThrow();
        assertThat(deployment.object("spec").get("replicas").toJson()).isEqualTo("0");
    }

    @Test
    void missingOrEndlessTemplates_makeTheSpecInvalid() {
        create(ROLLOUT + """
                    canary:
                      steps: [{analysis: {templates: [{templateName: rate}]}}]
                """);
        controller.reconcile("default", "shop", now);
        assertThat(phase())
                .endsWith("templates[0].templateName: Invalid value: \"rate\": AnalysisTemplate 'rate' not found");
        create("""
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: rate, namespace: default}
                spec:
                  metrics: [{name: m, interval: 1m, provider: {web: {url: "http://w"}}}]
                """);
        controller.reconcile("default", "shop", now);
        assertThat(phase())
                .isEqualTo(
                        "Degraded InvalidSpec: The Rollout \"shop\" is invalid: spec.strategy.canary.steps[0].analysis.templates:"
                                + " Invalid value: \"rate\": AnalysisTemplate rate has metric m which runs indefinitely. Invalid value for"
                                + " count: <nil>");
    }
}
