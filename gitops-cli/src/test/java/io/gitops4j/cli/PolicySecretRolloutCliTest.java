package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySecretRolloutCliTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("gitops4j.root", "..")).resolve("examples/infrastructure");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args);
    }

    @Test
    void rollout_simulateOfTheExample_printsItsTimeline() {
        Path progressive = EXAMPLES.resolve("apps/myapp/progressive");
        int code = run(
                "rollout",
                "simulate",
                progressive.resolve("canary.yaml").toString(),
                "--analysis",
                progressive.resolve("analysis-template.yaml").toString());
        assertThat(code).as(err.toString()).isLessThan(2);
        assertThat(out.toString()).contains("TIME", "PHASE", "1/9 pause: 10m");
    }

    @Test
    void policy_migrate_namesTheLevel() throws Exception {
        Path file = folder.resolve("psp.yaml");
        Files.writeString(file, """
                apiVersion: policy/v1beta1
                kind: PodSecurityPolicy
                metadata: {name: open}
                spec: {privileged: true}
                """);
        assertThat(run("policy", "migrate", file.toString())).isZero();
        assertThat(out.toString()).contains("open", "privileged");
    }
}
