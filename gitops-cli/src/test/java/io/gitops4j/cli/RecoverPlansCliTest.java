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
        assertThat(done.out()).containsPattern("verification +web +2 +HEALTHY");
    }

    @Test
    void fleet_withWhatDoesNotBelongThere_isRefusedByName() throws IOException {
        Path fleet = folder.resolve("fleet.yaml");
        for (String[] broken : new String[][] {
            {"members: [{name: a}]", "no apps"},
            {"members: [{name: a}, {name: a}]\napps: [{name: x}]", "'a' is listed twice"},
            {"members: [{name: a, zone: b}]\napps: [{name: x}]", "unknown field 'zone'"},
            {"members: [{name: a}]\napps: [{name: x, copies: many}]", "copies must be a whole number"},
            {"members: [{name: a}]\napps: [{name: x, storage: disk}]", "storage 'disk'"},
            {"members: [{name: a}]\napps: [{name: x}]\ntimings: {silence: soon}", "timings.silence must be a duration"},
            {"[]", "must hold a map"}
        }) {
            Files.writeString(fleet, broken[0]);
            Ran ran = run("recover", "failover-plan", fleet.toString(), "--fail", "a");
            assertThat(ran.code()).as(broken[0]).isNotZero();
            assertThat(ran.err()).contains("FLEET_INVALID", broken[1]);
        }
    }

    @Test
    void failoverPlan_beginsWithTheStatusThatAHubKept() throws IOException {
        Path fleet = folder.resolve("fleet.yaml");
        Files.writeString(fleet, FLEET + "timings: {silence: PT20S, failing: PT15S}\n");
        Path status = folder.resolve("status.yaml");
        Files.writeString(status, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: failover}
                data:
                  status.json: |
                    {"version":1,"revision":9,"massFailure":false,"members":{},"placements":
                      {"shop":{"member":"eu-2","generation":4,"phase":"SERVING","note":""},
                       "db":{"member":"eu-3","generation":1,"phase":"SERVING","note":""}}}
                """);
        Ran ran = run("recover", "failover-plan", fleet.toString(), "--fail", "eu-2", "--status", status.toString());
        assertThat(ran.code()).as(ran.err() + ran.out()).isZero();
        assertThat(ran.out()).containsPattern("shop +eu-2 +eu-[13] +5 +2\\d s");
        Files.writeString(status, "{version: 7}");
        assertThat(run("recover", "failover-plan", fleet.toString(), "--fail", "eu-2", "--status", status.toString())
                        .err())
                .contains("RECORD_UNREADABLE");
    }

    private void commit(Path repo) throws GitAPIException {
        try (Git git = Git.init().setDirectory(repo.toFile()).call()) {
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("x")
                    .setAuthor("a", "a@b")
                    .setCommitter("a", "a@b")
                    .setSign(false)
                    .call();
        }
    }

    @Test
    void dr40_rebuildWithoutGit_usesTheRendersOfTheSnapshot_ifAllowed() throws IOException, GitAPIException {
        Path apps = folder.resolve("apps");
        Path web = folder.resolve("web");
        Files.createDirectories(apps.resolve("bootstrap"));
        Files.createDirectories(web);
        Files.writeString(
                web.resolve("all.yaml"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {a: b}}");
        Files.writeString(
                apps.resolve("bootstrap/first.yaml"), "{apiVersion: v1, kind: Namespace, metadata: {name: first}}");
        Files.writeString(apps.resolve("app.yaml"), """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: web, namespace: argocd}
                spec:
                  project: default
                  source: {repoURL: "https://git.invalid/web", path: ., targetRevision: HEAD}
                  destination: {server: "https://kubernetes.default.svc", namespace: shop}
                """);
        commit(apps);
        commit(web);
        String repo = apps.toString();
        String map = "https://git.invalid/web=" + web;
        String gone = "https://git.invalid/web=" + folder.resolve("gone");
        String store = folder.resolve("store").toString();
        Ran first = run("recover", "rebuild", "--repo", repo, "--map", map, "--bootstrap", "bootstrap");
        assertThat(first.code()).as(first.err() + first.out()).isZero();
        Ran taken = run("recover", "snapshot", "--repo", repo, "--map", map, "--store", store);
        assertThat(taken.code()).as(taken.err()).isZero();

        String fresh = folder.resolve("fresh").toString();
        Ran refused = run("recover", "rebuild", "--repo", repo, "--map", gone, "--state", fresh);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("BLOCKED").contains("GIT_UNREACHABLE");
        Ran cached = run(
                "recover",
                "rebuild",
                "--repo",
                repo,
                "--map",
                gone,
                "--state",
                fresh,
                "--store",
                store,
                "--allow-cached-render");
        assertThat(cached.code()).as(cached.err() + cached.out()).isZero();
        assertThat(cached.err()).contains("CACHED_RENDER");
        assertThat(cached.out())
                .contains("not from Git: all of web, from the render of ")
                .contains("not from Git: Namespace//first (live only)");
        assertThat(run("recover", "rebuild", "--repo", repo, "--allow-cached-render")
                        .code())
                .isEqualTo(2);
        Ran nothing = run(
                "recover",
                "rebuild",
                "--repo",
                folder.resolve("nowhere").toString(),
                "--state",
                folder.resolve("other").toString(),
                "--store",
                store,
                "--allow-cached-render");
        assertThat(nothing.code()).as(nothing.err() + nothing.out()).isZero();
        assertThat(nothing.out()).containsPattern("configuration +web +1 +HEALTHY");

        Ran drill = run("recover", "drill", "--repo", repo, "--map", gone, "--store", store);
        assertThat(drill.code()).isEqualTo(1);
        assertThat(drill.out()).contains("RED", "NOT_PLANNED Application web: GIT_UNREACHABLE");
    }
}
