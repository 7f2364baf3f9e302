package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitOpsCliTest {
    private static final String URL = "https://git.example.com/shop.git";
    private static final String APP = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: shop, namespace: argocd}
            spec:
              project: default
              source: {repoURL: %s, targetRevision: main, path: deploy}
              destination: {server: https://kubernetes.default.svc, namespace: shop}
              syncPolicy: {syncOptions: [CreateNamespace=true]}
            """.formatted(URL);

    @TempDir
    Path folder;

    @Test
    void demo_runsTheWholeStoryAndSaysTheSameTwice() {
        Ran first = run("demo");
        assertThat(first.code()).as(first.all()).isZero();
        assertThat(first.out())
                .contains("==> Sync 7 Applications")
                .contains("0 writes")
                .contains("/spec/template/spec/containers/0/image: \"myapp:debug\" -> \"myapp:v2.0.1\"")
                .contains("production runs myapp:v2.0.1");
        assertThat(run("demo").out()).isEqualTo(first.out());
    }

    @Test
    void build_overlay_printsWhatKustomizePrints() throws Exception {
        Path overlay = examples().resolve("apps/myapp/overlays/production");
        Ran built = run("build", overlay.toString());
        assertThat(built.code()).isZero();
        assertThat(built.out())
                .startsWith("apiVersion: v1\ndata:\n  environment: production\n")
                .contains("image: myapp:v2.0.1");
        assertThat(built.err()).contains("'patchesStrategicMerge' is deprecated");
        Ran why = run("build", "--explain", "apps/Deployment/myapp:/spec/replicas", overlay.toString());
        assertThat(why.out()).contains("base/deployment.yaml").contains("ReplicaCountTransformer");
        Ran missing = run("build", folder.resolve("nowhere").toString());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out()).isEmpty();
        assertThat(missing.err()).contains("no such file or directory");
    }

    @Test
    void app_syncDiffHistoryRollback_overARepositoryAndAStateFolder() throws Exception {
        JGitRepository git = repository();
        String first = commit(git, null, Map.of("apps.yaml", APP, "deploy/map.yaml", map("one")));
        String[] where = {
            "--repo",
            folder.resolve("shop.git").toString(),
            "--map",
            URL + "=" + folder.resolve("shop.git"),
            "--state",
            folder.resolve("state").toString()
        };
        assertThat(run(with(where, "plan")).code()).isEqualTo(1);
        assertThat(run(with(where, "app", "diff", "shop")).code()).isEqualTo(1);
        Ran synced = run(with(where, "app", "sync", "shop"));
        assertThat(synced.code()).as(synced.all()).isZero();
        assertThat(run(with(where, "app", "sync", "shop")).out()).contains("0 writes");
        assertThat(run(with(where, "plan")).code()).isZero();
        assertThat(run(with(where, "app", "diff", "shop")).out()).isEmpty();
        commit(git, first, Map.of("deploy/map.yaml", map("two")));
        Ran diff = run(with(where, "app", "diff", "shop"));
        assertThat(diff.out()).contains("===== /ConfigMap shop/settings ======").contains("\"one\" -> \"two\"");
        assertThat(run(with(where, "app", "sync", "shop")).code()).isZero();
        assertThat(run(with(where, "app", "history", "shop")).out().lines().count())
                .isEqualTo(3);
        assertThat(run(with(where, "app", "rollback", "shop")).code()).isZero();
        assertThat(run(with(where, "app", "list")).out()).contains("OutOfSync");
        assertThat(run(with(where, "app", "get", "shop", "-o", "yaml")).out()).contains("status: OutOfSync");
        assertThat(run(with(where, "render", "shop")).out()).contains("value: two");
    }

    private static final String SETS = """
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata: {name: shops, namespace: argocd}
            spec:
              goTemplate: true
              generators:
              - git: {repoURL: %s, revision: main, directories: [{path: 'shops/*'}]}
              - pullRequest: {github: {owner: org, repo: shop}, template: {spec: {source: {path: shops/one}}}}
              template:
                metadata: {name: 'shop-{{if .number}}pr-{{.number}}{{else}}{{.path.basename}}{{end}}'}
                spec:
                  project: shops
                  source: {repoURL: %s, targetRevision: main, path: '{{.path.path}}'}
                  destination: {server: https://kubernetes.default.svc, namespace: shop}
                  syncPolicy: {syncOptions: [CreateNamespace=true]}
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: AppProject
            metadata: {name: shops, namespace: argocd}
            spec:
              sourceRepos: ['*']
              destinations: [{server: '*', namespace: shop}]
              clusterResourceWhitelist: [{group: '', kind: Namespace}]
              namespaceResourceBlacklist: [{group: '', kind: Secret}]
            """.formatted(URL, URL);

    @Test
    void applicationSets_areListedGeneratedPlannedAndPreviewed() throws Exception {
        JGitRepository git = repository();
        String sets = SETS.replace(
                        "'shop-{{if .number}}pr-{{.number}}{{else}}{{.path.basename}}{{end}}'",
                        "'shop-{{.path.basename}}'")
                .replace(
                        "  - pullRequest: {github: {owner: org, repo: shop}, template: {spec: {source: {path: shops/one}}}}\n",
                        "");
        String first = commit(git, null, Map.of("sets.yaml", sets, "shops/one/map.yaml", map("one")));
        String shop = folder.resolve("shop.git").toString();
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString()
        };
        assertThat(run(with(where, "appset", "list")).out())
                .contains("argocd/shops")
                .contains("ok");
        assertThat(run(with(where, "appset", "generate", "shops")).out()).contains("name: shop-one");
        assertThat(run(with(where, "appset", "generate", "nobody")).err()).contains("APPSET_UNKNOWN");
        assertThat(run(with(where, "app", "list")).out()).contains("argocd/shop-one");
        assertThat(run(with(where, "app", "sync", "shop-one")).out()).contains("SUCCEEDED");

        commit(
                git,
                first,
                Map.of(
                        "shops/two/secret.yaml",
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: b}\n"));
        Ran preview = run(with(where, "preview", "--url", URL, "--base", first, "--head", "main"));
        assertThat(preview.out()).contains("shop-two");
        Ran refused = run(with(where, "plan", "shop-two"));
        assertThat(refused.code()).as(refused.all()).isEqualTo(20);
        assertThat(refused.err()).contains("Secret");
    }

    @Test
    void generatorAnswers_standForProviders_andMissingOnesAreTold() throws Exception {
        JGitRepository git = repository();
        String sets = SETS.replace(
                        "  - git: {repoURL: " + URL + ", revision: main, directories: [{path: 'shops/*'}]}\n", "")
                .replace(
                        "'shop-{{if .number}}pr-{{.number}}{{else}}{{.path.basename}}{{end}}'", "'shop-pr-{{.number}}'")
                .replace("'{{.path.path}}'", "shops/one");
        commit(git, null, Map.of("sets.yaml", sets, "shops/one/map.yaml", map("one")));
        String shop = folder.resolve("shop.git").toString();
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString()
        };
        Path answers = Files.writeString(
                folder.resolve("answers.yaml"),
                "pullRequest: {github: [{number: 7, title: t, branch: b, targetBranch: main, headSha: '0123456789'}]}\n");

        assertThat(run(with(where, "appset", "generate", "shops")).err()).contains("ApplicationSet shops");
        assertThat(run(with(where, "appset", "generate", "shops", "--generator-answers", answers.toString()))
                        .out())
                .contains("name: shop-pr-7");
    }

    @Test
    void helmApplication_isRenderedPlannedSyncedAndRolledForward_fromAChartInGit() throws Exception {
        assumeTrue(
                io.gitops4j.helm.HelmRenderer.unavailable().isEmpty(),
                "skipped, Helm's engine cannot be loaded here: " + io.gitops4j.helm.HelmRenderer.unavailable());
        JGitRepository git = repository();
        String chart = APP.replace(
                "path: deploy}",
                "path: chart, helm: {releaseName: rel, valueFiles: [values-eu.yaml], valuesObject: {color: red}}}");
        String template = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: '{{ .Release.Name }}-settings'}
                data: {color: '{{ .Values.color }}', region: '{{ .Values.region }}', size: '{{ .Values.size }}'}
                """;
        String first = commit(
                git,
                null,
                Map.of(
                        "apps.yaml", chart,
                        "chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
                        "chart/values.yaml", "color: blue\nregion: none\nsize: s\n",
                        "chart/values-eu.yaml", "region: eu\n",
                        "chart/templates/map.yaml", template));
        String shop = folder.resolve("shop.git").toString();
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString()
        };
        assertThat(run(with(where, "render", "shop")).out())
                .contains("name: rel-settings")
                .contains("color: red")
                .contains("region: eu")
                .contains("size: s");
        Ran synced = run(with(where, "app", "sync", "shop"));
        assertThat(synced.code()).as(synced.all()).isZero();
        assertThat(run(with(where, "app", "sync", "shop")).out()).contains("0 writes");
        commit(git, first, Map.of("chart/values.yaml", "color: blue\nregion: none\nsize: m\n"));
        assertThat(run(with(where, "app", "diff", "shop")).out()).contains("/data/size: \"s\" -> \"m\"");
        assertThat(run(with(where, "preview", "--url", URL, "--base", first, "--head", "main"))
                        .out())
                .contains("rel-settings");
        assertThat(run(with(where, "app", "sync", "shop")).out()).contains("SUCCEEDED");
    }

    @Test
    void health_isJudgedByTheRulesThatAreAskedFor() throws Exception {
        JGitRepository git = repository();
        commit(git, null, Map.of("apps.yaml", APP, "deploy/map.yaml", map("one")));
        String shop = folder.resolve("shop.git").toString();
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString()
        };
        assertThat(run(with(where, "app", "sync", "shop")).code()).isZero();
        Path own = Files.writeString(
                folder.resolve("health.yaml"),
                "- {apiVersion: v1, kind: ConfigMap, current: \"data.value == 'two'\", failed: \"data.value == 'one'\"}\n");

        assertThat(run(with(where, "app", "get", "shop")).out()).contains("Health Status:      Healthy");
        assertThat(run(with(where, "app", "get", "shop", "--health-rules", "kstatus"))
                        .out())
                .contains("Healthy");
        assertThat(run(with(where, "app", "get", "shop", "--health-checks", own.toString()))
                        .out())
                .contains("Health Status:      Degraded");
        assertThat(run(with(where, "app", "get", "shop", "--health-rules", "none"))
                        .err())
                .contains("HEALTH_RULES");
    }

    @Test
    void pinAndPause_giveTheAnnotatedApplication() throws Exception {
        JGitRepository git = repository();
        commit(git, null, Map.of("apps.yaml", APP, "deploy/map.yaml", map("one")));
        String shop = folder.resolve("shop.git").toString();
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString()
        };
        assertThat(run(with(where, "app", "sync", "shop")).code()).isZero();

        Ran pinned = run(with(where, "app", "pin", "shop", "0", "--until", "2030-01-01T00:00:00Z", "--by", "me"));
        assertThat(pinned.out())
                .contains("gitops4j.io/pinned-revision: ")
                .contains("gitops4j.io/pinned-until: \"2030-01-01T00:00:00Z\"")
                .contains("gitops4j.io/pinned-by: me");
        assertThat(pinned.err()).contains("commit this to apps.yaml");
        assertThat(run(with(where, "app", "pin", "shop")).err()).contains("PIN_TARGET");
        assertThat(run(with(where, "app", "pin", "shop", "9")).err()).contains("ROLLBACK_UNKNOWN");
        Ran paused = run(with(where, "app", "pause", "shop", "--reason", "move"));
        assertThat(paused.out()).contains("gitops4j.io/paused: move");
        commit(git, git.resolve("main").orThrow(), Map.of("apps.yaml", paused.out()));
        assertThat(run(with(where, "app", "resume", "shop")).out()).doesNotContain("gitops4j.io/paused");
        assertThat(run(with(where, "app", "unpin", "shop")).out()).contains("kind: Application");
    }

    @Test
    void badInput_isOneClearProblemAndExitCode20() throws Exception {
        JGitRepository git = repository();
        String shop = folder.resolve("shop.git").toString();
        commit(
                git,
                null,
                Map.of(
                        "apps.yaml",
                        APP + "---\n" + APP.replace("name: shop", "name: lost").replace("deploy", "gone"),
                        "deploy/map.yaml",
                        map("one")));
        String[] where = {
            "--repo",
            shop,
            "--map",
            URL + "=" + shop,
            "--state",
            folder.resolve("state").toString()
        };
        Ran list = run(with(where, "app", "list"));
        assertThat(list.code()).isEqualTo(20);
        assertThat(list.out()).contains("argocd/shop").contains("argocd/lost").contains("Unknown");
        assertThat(run(with(where, "plan")).err()).contains("PATH_GONE").contains("hint:");
        assertThat(run(with(where, "app", "sync", "lost")).code()).isEqualTo(20);
        Ran unknown = run(with(where, "app", "get", "nobody"));
        assertThat(unknown.code()).isEqualTo(20);
        assertThat(unknown.err())
                .contains("APP_UNKNOWN")
                .contains("Applications: shop, lost")
                .doesNotContain("\tat ");
        assertThat(run("app", "list", "--repo", folder.toString()).err()).contains("GIT_UNREACHABLE");
        assertThat(run("nonsense").code()).isEqualTo(2);
    }

    @Test
    void help_ofEveryCommand_hasAnExample() {
        for (String command : new String[] {"demo", "build", "render", "plan", "app"}) {
            assertThat(run(command, "--help").out()).as(command).contains("Example");
        }
        assertThat(run("--version").out()).contains("gitops4j");
    }

    private record Ran(int code, String out, String err) {
        String all() {
            return out + err;
        }
    }

    private static Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private static String[] with(String[] options, String... command) {
        String[] all = java.util.Arrays.copyOf(command, command.length + options.length);
        System.arraycopy(options, 0, all, command.length, options.length);
        return all;
    }

    private JGitRepository repository() throws Exception {
        Path place = folder.resolve("shop.git");
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(place.toFile()).setBare().build()) {
            repository.create(true);
            repository.updateRef("HEAD").link("refs/heads/main");
        }
        return JGitAccess.builder().build().openLocal(place).orThrow();
    }

    private static String commit(JGitRepository git, String head, Map<String, String> files) {
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach((path, text) -> content.put(path, Optional.of(Bytes.utf8(text))));
        return git.commit(new GitWriter.Change(
                        "main",
                        Optional.ofNullable(head),
                        content,
                        "Change",
                        "Robot <robot@example.com>",
                        Instant.parse("2026-01-01T00:00:00Z")))
                .orThrow();
    }

    private static String map(String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: " + value + "}\n";
    }

    private static Path examples() {
        return Path.of(System.getProperty("gitops4j.root", "..")).resolve("examples/infrastructure");
    }

    @Test
    void examples_areThere() {
        assertThat(Files.isDirectory(examples())).isTrue();
    }
}
