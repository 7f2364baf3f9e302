package io.gitops4j.appset;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.ApplicationSet;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplicationSetGeneratorTest {
    private static final GeneratorSources SOURCES = new GeneratorSources() {
        @Override
        public List<ClusterEntry> clusters() {
            return List.of(
                    new ClusterEntry("us", "https://us", "", JsonObject.of("env", Json.of("prod")), JsonObject.empty()),
                    new ClusterEntry(
                            "eu", "https://eu", "", JsonObject.of("env", Json.of("prod")), JsonObject.empty()));
        }

        @Override
        public Outcome<SourceTree> tree(String repoUrl, String revision) {
            return repoUrl.equals("https://git")
                    ? Outcome.of(MemoryTree.ofText(
                            Map.of("apps/web/k.yaml", "", "apps/api/k.yaml", "", "conf/a.yaml", "tier: {name: one}\n")))
                    : Outcome.failed(Problem.error("GIT_UNREACHABLE", "nobody home"));
        }
    };

    @Test
    void matrix_ofDirectoriesAndClusters_givesTheirProductByName() {
        ApplicationSetGenerator.Generated generated = generate("""
                goTemplate: true
                generators:
                  - matrix:
                      generators:
                        - git: {repoURL: https://git, directories: [{path: apps/*}]}
                        - clusters: {selector: {matchLabels: {env: prod}}}
                template:
                  metadata: {name: '{{.path.basename}}-{{.name}}'}
                  spec: {project: default, destination: {server: '{{.server}}'}}
                """);

        assertThat(names(generated)).containsExactly("api-eu", "api-us", "web-eu", "web-us");
        assertThat(generated.applications().get(0).find("spec", "destination", "server"))
                .isEqualTo(Json.of("https://eu"));
        assertThat(generated.applications().get(0).find("metadata", "finalizers"))
                .isNotNull();
    }

    @Test
    void merge_overridesTheBaseAndDropsWhatHasNoBase() {
        ApplicationSetGenerator.Generated generated = generate("""
                generators:
                  - merge:
                      mergeKeys: [k]
                      generators:
                        - list: {elements: [{k: '1', v: base}, {k: '2', v: base}]}
                        - list: {elements: [{k: '1', v: over}, {k: '9', v: lost}]}
                template:
                  metadata: {name: 'k{{k}}-{{v}}'}
                  spec: {project: p}
                """);

        assertThat(names(generated)).containsExactly("k1-over", "k2-base");
    }

    @Test
    void gitFiles_giveTheirContentAsParameters() {
        assertThat(names(generate("""
                        generators:
                          - git: {repoURL: https://git, files: [{path: 'conf/**/*.yaml'}]}
                        template:
                          metadata: {name: '{{tier.name}}-{{path.filename}}'}
                          spec: {project: p}
                        """))).containsExactly("one-a.yaml");
    }

    @Test
    void failingGenerator_isAProblem_andNothingMayBeApplied() {
        ApplicationSetGenerator.Generated generated = generate("""
                generators:
                  - git: {repoURL: https://elsewhere, directories: [{path: '*'}]}
                  - list: {elements: [{k: ok}]}
                  - scmProvider: {github: {}}
                template:
                  metadata: {name: '{{k}}'}
                  spec: {project: p}
                """);

        assertThat(generated.ok()).isFalse();
        assertThat(generated.problems())
                .extracting(Problem::code)
                .containsExactly("APPSET_GENERATOR", "APPSET_GENERATOR");
        assertThat(names(generated)).containsExactly("ok");
    }

    @Test
    void valuesOfAnElement_mustBeAMapping() {
        ApplicationSetGenerator.Generated generated = generate("""
                generators: [{list: {elements: [{k: a, values: dev}]}}]
                template:
                  metadata: {name: '{{k}}'}
                  spec: {project: p}
                """);

        assertThat(generated.problems())
                .extracting(Problem::text)
                .containsExactly("values of an element of a list generator are no mapping: \"dev\"");
        assertThat(generated.applications()).isEmpty();
    }

    @Test
    void templatePatch_isMergedButTheProjectStays() {
        ApplicationSetGenerator.Generated generated = generate("""
                goTemplate: true
                generators: [{list: {elements: [{k: a}]}}]
                template:
                  metadata: {name: '{{.k}}'}
                  spec: {project: mine, source: {repoURL: r, path: p}}
                templatePatch: |
                  spec:
                    project: stolen
                    source: {path: '{{.k}}/x'}
                """);

        JsonObject spec = generated.applications().get(0).object("spec");
        assertThat(spec.text("project")).isEqualTo("mine");
        assertThat(spec.object("source").text("path")).isEqualTo("a/x");
        assertThat(spec.object("source").text("repoURL")).isEqualTo("r");
    }

    @Test
    void validate_tellsWhatIsWrongWithEachApplication() {
        ApplicationSetGenerator.Generated generated = generate("""
                generators: [{list: {elements: [{k: a}, {k: a}]}}]
                template:
                  metadata: {name: '{{k}}'}
                  spec: {project: '', destination: {server: s}}
                """);

        assertThat(ApplicationSetGenerator.validate(generated.applications()))
                .extracting(Problem::code)
                .containsExactly("APPSET_PROJECT_MISSING", "APPSET_NAME_DUPLICATE", "APPSET_PROJECT_MISSING");
    }

    @Test
    void policy_decidesWhatHappensToExistingApplications() {
        List<JsonObject> generated = List.of(app("new", "1"), app("changed", "2"), app("same", "1"));
        List<JsonObject> existing = List.of(app("changed", "1"), app("same", "1"), app("old", "1"));

        assertThat(verbs("sync", generated, existing))
                .containsExactly("UPDATE changed", "CREATE new", "KEEP same", "DELETE old");
        assertThat(verbs("create-only", generated, existing))
                .containsExactly("KEEP changed", "CREATE new", "KEEP same", "KEEP old");
        assertThat(verbs("create-delete", generated, existing)).contains("KEEP changed", "DELETE old");
    }

    @Test
    void rollingSync_opensAStepWhenTheOneBeforeIsHealthy() {
        List<JsonObject> steps = List.of(step("dev", null), step("prod", "50%"));
        List<RollingSync.AppState> apps = List.of(state("d", "dev"), state("p1", "prod"), state("p2", "prod"));

        RollingSync.Pass first = RollingSync.pass(steps, apps, List.of());
        assertThat(first.eligible()).containsExactly("d");
        assertThat(first.status())
                .extracting(RollingSync.AppStatus::status)
                .containsExactly("Pending", "Waiting", "Waiting");

        List<RollingSync.AppStatus> healthy = new ArrayList<>(first.status());
        healthy.set(0, new RollingSync.AppStatus("d", "Healthy", "", List.of("r"), "1"));
        RollingSync.Pass second = RollingSync.pass(steps, apps, healthy);
        assertThat(second.status())
                .extracting(RollingSync.AppStatus::status)
                .containsExactly("Healthy", "Pending", "Waiting");
        assertThat(RollingSync.pass(steps, apps, second.status()).status()).isEqualTo(second.status());
    }

    private static JsonObject step(String env, @org.jspecify.annotations.Nullable String maxUpdate) {
        JsonObject step = (JsonObject) YamlReader.kubectl()
                .read("", "matchExpressions: [{key: env, operator: In, values: [" + env + "]}]")
                .orThrow();
        return maxUpdate == null ? step : step.with("maxUpdate", maxUpdate);
    }

    private static RollingSync.AppState state(String name, String env) {
        return new RollingSync.AppState(
                name, JsonObject.of("env", Json.of(env)), "Healthy", "OutOfSync", List.of("r"), "", false, false);
    }

    private static List<String> verbs(String policy, List<JsonObject> generated, List<JsonObject> existing) {
        ApplicationSet set = set("syncPolicy: {applicationsSync: " + policy + "}\n");
        return SetPolicy.changes(set, generated, existing).stream()
                .map(change -> change.verb() + " " + change.name())
                .toList();
    }

    private static JsonObject app(String name, String revision) {
        return JsonObject.of(
                "metadata", JsonObject.of("name", Json.of(name)), "spec", JsonObject.of("rev", Json.of(revision)));
    }

    private static List<String> names(ApplicationSetGenerator.Generated generated) {
        return generated.applications().stream()
                .map(ApplicationSetGenerator::name)
                .toList();
    }

    private static ApplicationSetGenerator.Generated generate(String spec) {
        return ApplicationSetGenerator.generate(set(spec), SOURCES, Limits.defaults());
    }

    private static ApplicationSet set(String spec) {
        String yaml =
                "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s, namespace: argocd}\nspec:\n"
                        + spec.indent(2);
        return ApplicationSet.of(YamlReader.kubectl()
                        .readManifests("set.yaml", yaml)
                        .orThrow()
                        .get(0))
                .orThrow();
    }
}
