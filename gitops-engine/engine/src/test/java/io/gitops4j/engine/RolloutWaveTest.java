package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.controller.RolloutController;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Rollout in a sync: its health holds the wave after it, through pods, pauses and promotion. */
class RolloutWaveTest {
    private static final String URL = "https://git.example/shop.git";
    private static final ObjectRef ROLLOUT = ObjectRef.of(Gvk.of("argoproj.io/v1alpha1", "Rollout"), "shop", "web");

    private final FakeCluster cluster =
            FakeCluster.builder().workloads().build().ensureNamespace("shop");
    private final FakeGit git = FakeGit.create(cluster.time());
    private final RolloutController rollouts = new RolloutController(cluster, event -> {});

    @Test
    void waveAfterARollout_waitsUntilItIsHealthy() {
        cluster.create(object("""
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: rollouts.argoproj.io}
                        spec:
                          group: argoproj.io
                          scope: Namespaced
                          names: {plural: rollouts, singular: rollout, kind: Rollout, listKind: RolloutList}
                          versions:
                            - name: v1alpha1
                              served: true
                              storage: true
                              subresources: {status: {}}
                              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                        """), WriteOptions.defaults());
        GitOps gitops = GitOps.builder(git, cluster.time())
                .cluster(cluster)
                .health(HealthChecks.standard())
                .build();
        commit("1");
        assertThat(gitops.sync(application()).succeeded()).isFalse();
        assertThat(note()).isEmpty();

        rest();
        assertThat(gitops.sync(application()).succeeded()).isTrue();
        assertThat(note()).isEqualTo("1");

        commit("2");
        assertThat(gitops.sync(application()).succeeded()).isFalse();
        rest();
        assertThat(status()).isEqualTo("Paused");
        assertThat(note()).as("held by the update").isEqualTo("1");

        Json promoted =
                JsonReader.parse("{\"status\":{\"pauseConditions\":null}}").orThrow();
        cluster.patch(ROLLOUT.sub("status"), PatchType.MERGE, promoted, WriteOptions.defaults());
        rest();
        assertThat(gitops.sync(application()).succeeded()).isTrue();
        assertThat(note()).isEqualTo("2");
    }

    private void rest() {
        for (int i = 0; i < 12; i++) {
            rollouts.settle("shop", "web", cluster.time().instant(), 30);
            cluster.settle(Duration.ofSeconds(5));
        }
        rollouts.settle("shop", "web", cluster.time().instant(), 30);
    }

    private String status() {
        return cluster.get(ROLLOUT).orElseThrow().object("status").text("phase", "");
    }

    private String note() {
        return cluster.get(ObjectRef.of(Gvk.of("v1", "ConfigMap"), "shop", "note"))
                .map(map -> map.object("data").text("version", ""))
                .orElse("");
    }

    private void commit(String version) {
        git.repository(URL)
                .change(version)
                .file("app/web.yaml", """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Rollout
                        metadata: {name: web}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: web}}
                          template:
                            metadata: {labels: {app: web}}
                            spec:
                              containers: [{name: web, image: "web:%s"}]
                          strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}]}}
                        ---
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: note, annotations: {argocd.argoproj.io/sync-wave: "1"}}
                        data: {version: "%s"}
                        """.formatted(version, version))
                .push();
    }

    private static Application application() {
        return Application.trusted(object("""
                {apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: app}, spec: {
                  source: {repoURL: %s, path: app, targetRevision: HEAD},
                  destination: {server: 'https://kubernetes.default.svc', namespace: shop}}}
                """.formatted(URL)));
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("test.yaml", yaml).orThrow();
    }
}
