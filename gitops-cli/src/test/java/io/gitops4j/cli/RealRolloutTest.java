package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.k8s.ClientOptions;
import io.gitops4j.k8s.Kubeconfig;
import io.gitops4j.rollout.controller.RolloutController;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.real.RealCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A canary on a real API server, whose pods become ready. Runs under {@code -Preal}. */
class RealRolloutTest {
    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        return GitOpsCli.run(new PrintWriter(out), new PrintWriter(out, true), args);
    }

    @Test
    void canary_onARealServer_isUpdatedPausedAndPromoted() {
        String kubeconfig = RealCluster.named("cluster-a").kubeconfig().toString();
        assertThat(run("rollout", "run", "--kubeconfig", kubeconfig, "--install-kinds", "--for", "1s"))
                .as(out.toString())
                .isZero();
        Kubeconfig config = Kubeconfig.read(Path.of(kubeconfig)).orThrow();
        Cluster cluster =
                config.open(config.currentContext(), ClientOptions.defaults()).orThrow();
        JsonObject rollout =
                YamlReader.kubectl().readObjects("r.yaml", """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Rollout
                        metadata: {name: real-shop, namespace: default}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: real-shop}}
                          template:
                            metadata: {labels: {app: real-shop}}
                            spec:
                              terminationGracePeriodSeconds: 0
                              containers: [{name: shop, image: "shop:1"}]
                          strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}]}}
                        """).orThrow().get(0);
        cluster.create(rollout, WriteOptions.defaults());
        try {
            RolloutController controller = new RolloutController(cluster, event -> {});
            assertThat(reaches(controller, cluster, rollout, "Healthy")).isTrue();
            run("rollout", "set-image", "real-shop", "shop=shop:2", "--kubeconfig", kubeconfig);
            assertThat(reaches(controller, cluster, rollout, "Paused")).isTrue();
            assertThat(run("rollout", "get", "real-shop", "--kubeconfig", kubeconfig))
                    .isZero();
            assertThat(out.toString()).contains("॥ Paused", "# revision:2", "ready:1/1");
            run("rollout", "promote", "real-shop", "--kubeconfig", kubeconfig);
            assertThat(reaches(controller, cluster, rollout, "Healthy")).isTrue();
        } finally {
            cluster.delete(ObjectRef.of(rollout), DeleteOptions.defaults());
        }
    }

    private static boolean reaches(RolloutController controller, Cluster cluster, JsonObject rollout, String phase) {
        Instant end = Instant.now().plusSeconds(60);
        while (Instant.now().isBefore(end)) {
            controller.settle("default", "real-shop", Instant.now(), 20);
            JsonObject live = cluster.get(ObjectRef.of(rollout)).orElseThrow();
            boolean observed = live.object("status")
                    .text("observedGeneration", "")
                    .equals(String.valueOf(live.object("metadata").get("generation")));
            if (observed && live.object("status").text("phase", "").equals(phase)) {
                return true;
            }
            LockSupport.parkNanos(200_000_000L);
        }
        return false;
    }
}
