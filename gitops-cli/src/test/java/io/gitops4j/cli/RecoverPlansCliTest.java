package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverPlansCliTest {
    private static final String FLEET = """
            members:
            - {name: eu-1, labels: {zone: a}}
            - {name: eu-2, labels: {zone: b}}
            - {name: eu-3, labels: {zone: c}}
            apps:
            - {name: shop, runsOn: [eu-1]}
            - {name: db, storage: stateful, runsOn: [eu-1]}
            observers: [hub, eu-2]
            """;

    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, String out, String err) {}

    private static Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void failoverPlan_saysWhatMovesAndWhatStays() throws IOException {
        Path fleet = folder.resolve("fleet.yaml");
        Files.writeString(fleet, FLEET);

        Ran table = run("recover", "failover-plan", fleet.toString(), "--fail", "eu-1");
        assertThat(table.code()).as(table.err()).isEqualTo(1);
        assertThat(table.out())
                .contains("eu-1: Suspect → Failed: no good probe for")
                .containsPattern("shop +eu-1 +eu-[23] +2 +[345]\\d s")
                .contains("db stays: FENCE_REQUIRED");
        Ran json = run("recover", "failover-plan", fleet.toString(), "--fail", "eu-1", "--format", "JSON");
        assertThat(json.out()).contains("\"held\":{\"db\":\"FENCE_REQUIRED\"}");
        Ran back = run(
                "recover",
                "failover-plan",
                fleet.toString(),
                "--fail",
                "eu-1",
                "--back-after",
                "PT39S",
                "--format",
                "YAML");
        assertThat(back.code()).isZero();
        assertThat(back.out()).contains("moves: []");
        assertThat(run("recover", "failover-plan", fleet.toString(), "--fail", "mars")
                        .err())
                .contains("MEMBER_UNKNOWN");
    }

    @Test
    void rebuild_plansAndRuns() throws IOException, GitAPIException {
        Path repo = folder.resolve("repo");
        Files.createDirectories(repo.resolve("web"));
        Files.writeString(repo.resolve("web/all.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: web}
                data: {a: b}
                """);
        Files.writeString(repo.resolve("app.yaml"), """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: web, namespace: argocd}
                spec:
                  project: default
                  source: {repoURL: "%s", path: web, targetRevision: HEAD}
                  destination: {server: "https://kubernetes.default.svc", namespace: shop}
                """.formatted(repo));
        try (Git git = Git.init().setDirectory(repo.toFile()).call()) {
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("x")
                    .setAuthor("a", "a@b")
                    .setCommitter("a", "a@b")
                    .setSign(false)
                    .call();
        }
        Ran plan = run("recover", "rebuild", "--repo", repo.toString(), "--plan");
        assertThat(plan.code()).as(plan.err()).isZero();
        assertThat(plan.out()).containsPattern("namespaces +web +1").containsPattern("configuration +web +1");
        Ran done = run("recover", "rebuild", "--repo", repo.toString(), "--progress");
        assertThat(done.code()).as(done.err() + done.out()).isZero();
        assertThat(done.out()).containsPattern("configuration +web +1 +HEALTHY").contains("RTO ");
        assertThat(done.err()).contains("configuration/web: 2 of 2 objects");
    }
}
