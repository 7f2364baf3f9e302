package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Problem;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GitOpsSyncTest {
    private static final String URL = "https://git.example/shop.git";

    private final FakeCluster cluster = FakeCluster.create().ensureNamespace("shop");
    private final FakeGit git = FakeGit.create(cluster.time());

    @Test
    void application_isSynced_thenInSync_thenRolledBack() {
        String first = commit("blue");
        GitOps gitops = gitops(null);

        assertThat(gitops.sync(application("")).succeeded()).isTrue();
        cluster.journal().clear();
        assertThat(gitops.sync(application("")).writes()).isZero();
        assertThat(cluster.journal().writes()).isEmpty();

        commit("green");
        assertThat(gitops.sync(application("")).succeeded()).isTrue();
        assertThat(colour()).isEqualTo("green");
        assertThat(gitops.history(application("")))
                .extracting(HistoryEntry::revision)
                .contains(first);

        assertThat(gitops.rollback(application(""), 0).succeeded()).isTrue();
        assertThat(colour()).isEqualTo("blue");
    }

    @Test
    void ignoredField_isNoDrift_andIsLeftAloneWhereThatIsAsked() {
        commit("blue");
        String ignore = "ignoreDifferences: [{group: '', kind: ConfigMap, jsonPointers: [/data/colour]}],"
                + " syncPolicy: {syncOptions: [RespectIgnoreDifferences=true]}";
        GitOps gitops = gitops(null);
        assertThat(gitops.sync(application(ignore)).succeeded()).isTrue();
        edit("red");

        assertThat(gitops.plan(application(ignore)).orThrow().outOfSync()).isFalse();
        assertThat(gitops.plan(application("")).orThrow().outOfSync()).isTrue();
    }

    @Test
    void project_isAskedBeforeAnythingIsPlannedOrWritten() {
        commit("blue");
        GitOps refusing = gitops("{sourceRepos: ['https://git.example/other.git'],"
                + " destinations: [{server: '*', namespace: shop}]}");
        assertThat(refusing.plan(application("")).errors())
                .extracting(Problem::code)
                .containsExactly("PROJECT_SOURCE_REFUSED");
        assertThat(refusing.sync(application("")).succeeded()).isFalse();
        assertThat(cluster.journal().changes().stream()
                        .filter(call -> call.toString().contains("settings")))
                .isEmpty();

        GitOps kinds = gitops("{sourceRepos: ['*'], destinations: [{server: '*', namespace: shop}],"
                + " namespaceResourceBlacklist: [{group: '', kind: ConfigMap}]}");
        assertThat(kinds.plan(application("")).errors())
                .extracting(Problem::code)
                .containsExactly("PLAN_NOT_PERMITTED");

        GitOps permitting = gitops("{sourceRepos: ['*'], destinations: [{server: '*', namespace: shop}]}");
        assertThat(permitting.sync(application("")).succeeded()).isTrue();
        assertThat(permitting.plan(application("project: nowhere")).errors())
                .extracting(Problem::code)
                .containsExactly("PROJECT_UNKNOWN");
    }

    private String commit(String colour) {
        return git.repository(URL)
                .change(colour)
                .file(
                        "app/settings.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: " + colour + "}\n")
                .push();
    }

    private GitOps gitops(@org.jspecify.annotations.Nullable String project) {
        GitOps.Builder builder = GitOps.builder(git, cluster.time())
                .cluster(cluster)
                .health(live -> Optional.of(new Health(Health.Status.HEALTHY, "")));
        if (project != null) {
            builder.project(AppProject.of("default", object(project)));
        }
        return builder.build();
    }

    private static Application application(String more) {
        return Application.trusted(object("""
                {apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: app}, spec: {
                  source: {repoURL: %s, path: app, targetRevision: HEAD},
                  destination: {server: 'https://kubernetes.default.svc', namespace: shop}%s}}
                """.formatted(URL, more.isEmpty() ? "" : ", " + more)));
    }

    private void edit(String colour) {
        JsonObject live = live();
        cluster.replace(
                ObjectRef.of(live),
                live.with("data", JsonObject.of("colour", Json.of(colour))),
                WriteOptions.defaults());
    }

    private String colour() {
        return live().object("data").text("colour", "");
    }

    private JsonObject live() {
        return cluster.get(ObjectRef.of(Gvk.of("v1", "ConfigMap"), "shop", "settings"))
                .orElseThrow();
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
