package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.testkit.FakeCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Rollout that is in sync and not healthy holds the waves after its own, without being written. */
class WatchedRolloutTest {
    private static final ObjectRef ROLLOUT = ObjectRef.of(Gvk.of("argoproj.io/v1alpha1", "Rollout"), "shop", "web");

    private static final String BOTH = """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: web}
            spec: {replicas: 1, strategy: {canary: {}}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: later, annotations: {argocd.argoproj.io/sync-wave: "1"}}
            data: {key: value}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: first, annotations: {argocd.argoproj.io/sync-wave: "-1"}}
            data: {key: value}
            """;

    private final FakeCluster cluster = FakeCluster.builder().namespaces("shop").build();

    @BeforeEach
    void define() {
        cluster.create(Yaml.object("""
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
        phase("Healthy");
        assertThat(sync(BOTH).status().phase()).isEqualTo(OperationPhase.RUNNING);
        phase("Healthy");
        assertThat(sync(BOTH).succeeded()).isTrue();
        cluster.journal().clear();
    }

    private void phase(String phase) {
        if (cluster.get(ROLLOUT).isPresent()) {
            cluster.patch(
                    ROLLOUT.sub("status"),
                    PatchType.MERGE,
                    JsonObject.of("status", JsonObject.of("phase", Json.of(phase), "observedGeneration", Json.of("1"))),
                    WriteOptions.defaults());
        }
    }

    @Test
    void pausedRollout_thatIsInSync_holdsLaterWaves_untilItIsHealthy() {
        phase("Paused");
        cluster.journal().clear();
        SyncResult held = sync(BOTH.replace("key: value", "key: other"));

        assertThat(held.status().phase()).isEqualTo(OperationPhase.RUNNING);
        assertThat(held.status().message()).isEqualTo("waiting for healthy state of argoproj.io/Rollout/web");
        assertThat(value("first")).isEqualTo("other");
        assertThat(value("later")).isEqualTo("value");

        phase("Healthy");
        SyncResult done = new SyncRunner(cluster, DiffComparer.plain(), HealthChecks.standard())
                .resume(held.plan(), held.status(), cluster.time(), (wakeAt, status) -> false);
        assertThat(done.succeeded()).as(done.status().message()).isTrue();
        assertThat(value("later")).isEqualTo("other");
        assertThat(cluster.journal().changes())
                .as("the Rollout itself is not written by the sync")
                .filteredOn(call -> call.ref().gvk().kind().equals("Rollout")
                        && call.ref().subresource().isEmpty())
                .isEmpty();
    }

    @Test
    void abortedRollout_thatIsInSync_failsTheSyncBeforeLaterWaves() {
        phase("Degraded");
        SyncResult failed = sync(BOTH.replace("key: value", "key: other"));

        assertThat(failed.status().phase()).isEqualTo(OperationPhase.FAILED);
        assertThat(value("first")).isEqualTo("other");
        assertThat(value("later")).isEqualTo("value");
    }

    @Test
    void pausedRollout_holdsNothingOfItsOwnWaveOrBefore_andNoSyncWithoutChanges() {
        phase("Paused");
        assertThat(sync(BOTH).succeeded()).isTrue();
        String changed = BOTH.substring(0, BOTH.lastIndexOf("data:")) + "data: {key: other}\n";
        assertThat(sync(changed).succeeded()).isTrue();
        assertThat(value("first")).isEqualTo("other");
    }

    private String value(String name) {
        return cluster.get(ObjectRef.of(Gvk.of("v1", "ConfigMap"), "shop", name))
                .orElseThrow()
                .object("data")
                .text("key", "");
    }

    private SyncResult sync(String yaml) {
        Kinds kinds = Kinds.of(cluster);
        ResourceIndex index = ResourceIndex.read(cluster, kinds, ResourceTracking.byAnnotation());
        List<ResourceKey> keys = new ArrayList<>();
        Yaml.manifests(yaml).forEach(manifest -> keys.add(manifest.key().inNamespace("shop")));
        List<JsonObject> live = index.of("app", keys);
        Plan plan = Planner.plan(PlanRequest.builder("app", "shop")
                        .desired(Yaml.manifests(yaml))
                        .live(live)
                        .kinds(kinds)
                        .comparer(DiffComparer.plain())
                        .settings(SyncSettings.defaults())
                        .revision("0123456789abcdef")
                        .now(cluster.time().instant())
                        .build())
                .orThrow();
        return new SyncRunner(cluster, DiffComparer.plain(), HealthChecks.standard()).run(plan, cluster.time());
    }
}
