package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.rollout.controller.RolloutController;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.http.FakeClusterServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutCliTest {
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
                canary:
                  steps: [{setWeight: 25}, {pause: {%s}}, {setWeight: 50}, {pause: {duration: 10m}}]
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        out.getBuffer().setLength(0);
        return GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void simulate_printsBoundsAndDrawsThePage() throws IOException {
        String rollout = file("r.yaml", ROLLOUT.formatted("duration: 5m")).toString();
        Path html = folder.resolve("t.html");
        Path svg = folder.resolve("t.svg");
        int code = run("rollout", "simulate", rollout, "--html", html.toString(), "--svg", svg.toString());
        assertThat(code).as(err + "" + out).isZero();
        assertThat(out.toString())
                .contains("TIME", "3/4 pause: 10m")
                .contains("at most 5 pods, at least 3 available; finishes after 15m0s at the earliest");
        assertThat(html).content().contains("<svg", "<h1>shop</h1>");
        assertThat(svg).content().startsWith("<svg");
    }

    @Test
    void lint_readsTemplatesBesideTheRollout() throws IOException {
        String rollout = file(
                        "r.yaml",
                        ROLLOUT.formatted("duration: 5m")
                                .replace("canary:\n", "canary:\n      analysis: {templates: [{templateName: rate}]}\n"))
                .toString();
        String templates = file("t.yaml", """
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: rate}
                spec:
                  metrics: [{name: errors, interval: 1m, failureLimit: 3, provider: {prometheus: {query: q}}}]
                """).toString();
        assertThat(run("rollout", "lint", rollout)).as(out.toString()).isZero();
        for (String[] given : new String[][] {{rollout, templates}, {rollout, "--analysis", templates}}) {
            List<String> arguments = new java.util.ArrayList<>(List.of("rollout", "lint"));
            arguments.addAll(List.of(given));
            assertThat(run(arguments.toArray(String[]::new))).isEqualTo(1);
            assertThat(out.toString()).contains("errors");
        }
        assertThat(run("rollout", "lint", templates)).isEqualTo(20);
        assertThat(err.toString()).contains("there is no Rollout in");
    }

    @Test
    void simulate_ofAnUpdateThatIsAborted_doesNotFinish() throws IOException {
        String rollout = file(
                        "r.yaml",
                        ROLLOUT.formatted("duration: 5m")
                                .replace("canary:\n", "canary:\n      analysis: {templates: [{templateName: rate}]}\n"))
                .toString();
        String templates = file("t.yaml", """
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: rate}
                spec:
                  metrics: [{name: rate, interval: 1m, successCondition: "result[0] > 0.9", provider: {prometheus: {query: q}}}]
                """).toString();
        assertThat(run("rollout", "simulate", rollout, "--analysis", templates, "--metric", "rate=0"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("available; does not finish").doesNotContain("never");
    }

    @Test
    void simulate_withCurvesAndHands_followsThem() throws IOException {
        String rollout = file(
                        "r.yaml",
                        ROLLOUT.formatted("")
                                .replace("canary:\n", "canary:\n      analysis: {templates: [{templateName: rate}]}\n"))
                .toString();
        String templates = file("t.yaml", """
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisTemplate
                metadata: {name: rate}
                spec:
                  metrics: [{name: rate, interval: 1m, successCondition: "result[0] > 0.9", provider: {prometheus: {query: q}}}]
                """).toString();
        assertThat(run("rollout", "simulate", rollout, "--analysis", templates, "--at", "2m=promote"))
                .as(err.toString())
                .isZero();
        assertThat(run(
                        "rollout",
                        "simulate",
                        rollout,
                        "--analysis",
                        templates,
                        "--metric",
                        "rate=1@4m:0.5",
                        "--at",
                        "2m=promote"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("Degraded", "failed (1) > failureLimit (0)");
        assertThat(run("rollout", "simulate", rollout, "--at", "soon")).isEqualTo(20);
    }

    @Test
    void compare_saysWhatAnEditCosts() throws IOException {
        String before = file("a.yaml", ROLLOUT.formatted("duration: 5m")).toString();
        String after = file("b.yaml", ROLLOUT.formatted("duration: 45m").replace("25", "100"))
                .toString();
        assertThat(run("rollout", "compare", before, after)).isZero();
        assertThat(out.toString()).contains("this edit adds 40m00s and");
    }

    @Test
    void lint_namesPathAndReason() throws IOException {
        String bad = file("a.yaml", ROLLOUT.formatted("").replace("setWeight: 25", "setWeight: 250"))
                .toString();
        assertThat(run("rollout", "lint", bad)).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "spec.strategy.steps[0].setWeight: Invalid value: 250: SetWeight needs to be between 0 and 100")
                .contains("waits for a person");
    }

    @Test
    void live_rolloutIsSteppedShownAndOperated() throws Exception {
        FakeCluster cluster = FakeCluster.builder().workloads().build();
        try (FakeClusterServer server = FakeClusterServer.start(cluster, 0)) {
            String kubeconfig = file("kubeconfig", server.kubeconfig()).toString();
            assertThat(run("rollout", "run", "--kubeconfig", kubeconfig, "--install-kinds", "--for", "100ms"))
                    .as(err.toString())
                    .isZero();
            cluster.create(
                    YamlReader.kubectl()
                            .readObjects("r.yaml", ROLLOUT.formatted(""))
                            .orThrow()
                            .get(0),
                    WriteOptions.defaults());
            step(cluster);
            assertThat(run("rollout", "status", "shop", "--kubeconfig", kubeconfig))
                    .isZero();
            assertThat(out.toString()).startsWith("Healthy");
            assertThat(run("rollout", "set-image", "shop", "shop=shop:2", "--kubeconfig", kubeconfig))
                    .isZero();
            assertThat(out.toString()).contains("rollout 'shop' image updated");
            step(cluster);
            assertThat(run("rollout", "get", "shop", "--kubeconfig", kubeconfig))
                    .isZero();
            assertThat(out.toString())
                    .contains(
                            "Status:          ॥ Paused",
                            "  Step:          1/4",
                            "# revision:2",
                            "□ shop-",
                            "ready:1/1");
            assertThat(run("rollout", "get", "shop", "--kubeconfig", kubeconfig, "--watch", "--timeout", "100ms"))
                    .isZero();
            assertThat(run("rollout", "explain", "shop", "--kubeconfig", kubeconfig))
                    .isZero();
            assertThat(out.toString()).contains("Paused: CanaryPauseStep");
            assertThat(run("rollout", "abort", "shop", "--kubeconfig", kubeconfig))
                    .isZero();
            step(cluster);
            assertThat(run("rollout", "status", "shop", "--watch", "--kubeconfig", kubeconfig))
                    .isEqualTo(1);
            assertThat(out.toString()).contains("Degraded - RolloutAborted");
            assertThat(run("rollout", "retry", "shop", "--kubeconfig", kubeconfig))
                    .isZero();
            step(cluster);
            assertThat(run("rollout", "promote", "shop", "--full", "--kubeconfig", kubeconfig))
                    .isZero();
            step(cluster);
            assertThat(run("rollout", "status", "shop", "--watch", "--timeout", "5s", "--kubeconfig", kubeconfig))
                    .as(out.toString())
                    .isZero();
            assertThat(run("rollout", "undo", "shop", "--kubeconfig", kubeconfig))
                    .isZero();
            assertThat(run("rollout", "undo", "shop", "--to-revision", "9", "--kubeconfig", kubeconfig))
                    .isEqualTo(20);
            assertThat(run("rollout", "get", "nobody", "--kubeconfig", kubeconfig))
                    .isEqualTo(20);
        }
    }

    /** Lets controller and pods move until they rest, without waiting for a clock. */
    private static void step(FakeCluster cluster) {
        RolloutController controller = new RolloutController(cluster, event -> {});
        int quiet = 0;
        for (int i = 0; i < 40 && quiet < 4; i++) {
            boolean moved = controller
                    .settle("default", "shop", cluster.time().instant(), 30)
                    .moved();
            cluster.time().advance(Duration.ofSeconds(1));
            moved |= controller
                    .reconcile("default", "shop", cluster.time().instant())
                    .moved();
            quiet = moved ? 0 : quiet + 1;
        }
    }
}
