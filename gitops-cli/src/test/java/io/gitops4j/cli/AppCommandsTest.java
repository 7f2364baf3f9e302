package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on Applications as users of {@code argocd} know them: exit codes, flags, and what they print. */
class AppCommandsTest {
    private static final String URL = "https://git.example.com/shop.git";

    @TempDir
    Path folder;

    private JGitRepository git;
    private String head;
    private String[] where;

    private record Ran(int code, String out, String err) {}

    private Ran run(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Arrays.copyOf(command, command.length + where.length);
        System.arraycopy(where, 0, all, command.length, where.length);
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), all);
        return new Ran(code, out.toString(), err.toString());
    }

    private static String app(String name, String more) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: %s, namespace: argocd%s}
                spec:
                  project: default
                  source: {repoURL: %s, targetRevision: main, path: %s, directory: {recurse: true}}
                  destination: {server: https://kubernetes.default.svc, namespace: %s}
                  syncPolicy: {syncOptions: [CreateNamespace=true]}
                """.formatted(name, more, URL, name, name);
    }

    private static String map(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {value: '" + value + "'}\n";
    }

    @BeforeEach
    void shopAndBase() throws Exception {
        Path repository = folder.resolve("shop.git");
        where = new String[] {
            "--repo",
            repository.toString(),
            "--map",
            URL + "=" + repository,
            "--state",
            folder.resolve("state").toString(),
            "--state-key",
            folder.resolve("state.key").toString()
        };
        try (Repository made = new FileRepositoryBuilder()
                .setGitDir(repository.toFile())
                .setBare()
                .build()) {
            made.create(true);
            made.updateRef("HEAD").link("refs/heads/main");
        }
        git = JGitAccess.builder().build().openLocal(repository).orThrow();
        commit(Map.of(
                "apps/shop.yaml",
                app("shop", ", annotations: {gitops4j.io/depends-on: base}"),
                "apps/base.yaml",
                app("base", ""),
                "base/b.yaml",
                map("b", "1"),
                "shop/a.yaml",
                map("a", "${WORD}"),
                "shop/d.yaml",
                """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: web}
                        spec:
                          selector: {matchLabels: {app: web}}
                          template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}
                        """,
                "argocd/argocd-cm.yaml",
                """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: argocd-cm}
                        data:
                          resource.customizations.health.ConfigMap: |
                            hs = {status = "Progressing", message = "value is " .. obj.data.value}
                            if obj.data.value == "ready" then hs.status = "Healthy" end
                            return hs
                        """));
    }

    private void push(String path, String text) {
        commit(Map.of(path, text));
    }

    private void commit(Map<String, String> files) {
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach(
                (path, text) -> content.put(path, text.isEmpty() ? Optional.empty() : Optional.of(Bytes.utf8(text))));
        head = git.commit(new GitWriter.Change(
                        "main",
                        Optional.ofNullable(head),
                        content,
                        "Change",
                        "Robot <robot@example.com>",
                        Instant.parse("2026-01-01T00:00:00Z")))
                .orThrow();
    }

    @Test
    void sync_goesByDependencies_andWait_andTheScriptsOfArgocdCmJudge() {
        Ran synced = run("app", "sync", "shop", "base", "--substitute", "WORD=ready");
        assertThat(synced.code()).as(synced.err()).isZero();
        assertThat(synced.out().lines().map(line -> line.split(":", 2)[0])).containsExactly("base", "shop");

        assertThat(run("app", "get", "shop", "--substitute", "WORD=ready", "-o", "json")
                        .out())
                .contains("value is ready");
        Ran waits = run("app", "wait", "base", "--health", "--timeout", "3");
        assertThat(waits.code()).isEqualTo(20);
        assertThat(waits.err()).contains("base is Progressing").contains("WAIT_TIMEOUT");
        assertThat(run("app", "wait", "base", "--sync").code()).isZero();
        Ran healthy = run("app", "wait", "shop", "--substitute", "WORD=ready", "--timeout", "600");
        assertThat(healthy.code()).as(healthy.err()).isZero();
    }

    @Test
    void resources_areATreeOfOwners_andManifestsAreGitsOrTheClusters() {
        assertThat(run("app", "sync", "shop", "--substitute", "WORD=x").code()).isZero();
        Ran tree = run("app", "resources", "shop", "--tree", "--substitute", "WORD=x");
        assertThat(tree.out()).startsWith("KIND/NAME").contains("ConfigMap/a").contains("Deployment/web");
        assertThat(run("app", "get", "shop", "-o", "tree=detailed", "--substitute", "WORD=x")
                        .out())
                .contains("CREATED");
        assertThat(run("app", "resources", "shop", "--orphaned", "--substitute", "WORD=x")
                        .out())
                .contains("ORPHANED");
        assertThat(run("app", "get", "shop", "--show-params", "--show-operation", "--substitute", "WORD=x")
                        .out())
                .contains("directory.recurse")
                .contains("Operation");
        assertThat(run("app", "manifests", "shop", "--substitute", "WORD=y").out())
                .contains("value: \"y\"");
        assertThat(run("app", "actions", "list", "shop", "--kind", "Deployment").out())
                .contains("restart");
        assertThat(run("app", "actions", "run", "shop", "restart", "--kind", "Deployment")
                        .code())
                .isZero();
        assertThat(run("app", "manifests", "shop", "--source", "live").out()).contains("restartedAt");
        assertThat(run("cluster", "shards", "--replicas", "2", "--algorithm", "round-robin")
                        .out())
                .contains("https://kubernetes.default.svc");
    }

    @Test
    void sync_ofSomeObjects_ofAnApprovedPlan_andWithWhatNeedsPruning_hasItsExitCode() {
        Ran part = run("app", "sync", "base", "--resource", ":ConfigMap:b");
        assertThat(part.code()).as(part.err()).isZero();
        assertThat(run("app", "sync", "base", "--strategy", "dance").code()).isEqualTo(20);
        push("base/c.yaml", map("c", "1"));
        String plans = run("plan", "base", "-o", "json").out();
        String hash = plans.replaceFirst("(?s).*\"hash\":\"([0-9a-f]+)\".*", "$1");
        assertThat(run("app", "diff", "base", "--diff-exit-code", "7").code()).isEqualTo(7);
        assertThat(run("app", "diff", "base", "--revision", head).code()).isEqualTo(1);
        assertThat(run("app", "diff", "nobody").code()).isEqualTo(20);
        Ran other = run("app", "sync", "base", "--plan", "0".repeat(64));
        assertThat(other.code()).isEqualTo(20);
        assertThat(other.err()).contains("PLAN_STALE").contains(hash);
        assertThat(run("app", "sync", "base", "--plan", hash).code()).isZero();

        push("base/c.yaml", "");
        Ran left = run("app", "sync", "base");
        assertThat(left.code()).isEqualTo(1);
        assertThat(left.err()).contains("1 resources require pruning");
    }

    @Test
    void preview_takesStepsBack_andRefusesWhatNeedsAWorkTree() throws Exception {
        push("base/b.yaml", map("b", "2"));
        Ran preview = run("preview", "--url", URL, "--base", "HEAD~1", "--head", "HEAD");
        assertThat(preview.code()).as(preview.err()).isEqualTo(1);
        assertThat(preview.out()).contains("base").contains("2");
        Ran refused = run("preview", "--url", URL, "--base", "HEAD@{1}", "--head", "HEAD");
        assertThat(refused.code()).isEqualTo(20);
        assertThat(refused.err()).contains("BAD_REF").contains("HEAD~1");

        Path own = folder.resolve("cm.yaml");
        Files.writeString(own, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: argocd-cm}
                data:
                  resource.customizations: |
                    '*/Nothing': {health.lua: "return {status = 'Healthy'}"}
                    ConfigMap: {health.lua: "return {status = 'Suspended', message = 'by hand'}"}
                """);
        assertThat(run("app", "sync", "base").code()).isZero();
        assertThat(run("app", "get", "base", "-o", "json", "--argocd-cm", own.toString())
                        .out())
                .contains("Suspended")
                .contains("by hand");
    }

    @Test
    void tracking_isThatOfTheConfiguration() throws Exception {
        Path own = folder.resolve("cm.yaml");
        assertThat(syncedWith(own, "label, application.instanceLabelKey: example.com/app"))
                .contains("example.com/app")
                .doesNotContain("tracking-id");
        assertThat(syncedWith(own, "annotation")).contains("tracking-id");
        assertThat(syncedWith(own, "stickers"))
                .contains("BAD_TRACKING")
                .contains("annotation, label, annotation+label and inventory");
    }

    private String syncedWith(Path settings, String tracking) throws Exception {
        Files.writeString(settings, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: argocd-cm}
                data: {application.resourceTrackingMethod: %s}
                """.formatted(tracking));
        Ran synced = run("app", "sync", "base", "--argocd-cm", settings.toString());
        Ran live = run("app", "manifests", "base", "--source", "live", "--argocd-cm", settings.toString());
        return synced.err() + live.out();
    }

    @Test
    void sync_deletesWhatAsksForAConfirmation_onlyWithOne() {
        push(
                "base/c.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {argocd.argoproj.io/sync-options: Prune=confirm}}\n");
        assertThat(run("app", "sync", "base").code()).isZero();
        push("base/c.yaml", "");

        Ran waiting = run("app", "sync", "base", "--prune");
        assertThat(waiting.code()).isNotZero();
        assertThat(waiting.out() + waiting.err()).contains("confirmation to prune");
        assertThat(run("app", "manifests", "base", "--source", "live").out()).contains("name: c");

        Ran confirmed = run("app", "sync", "base", "--prune", "--confirm");
        assertThat(confirmed.code()).as(confirmed.err()).isZero();
        assertThat(run("app", "manifests", "base", "--source", "live").out()).doesNotContain("name: c");
    }
}
