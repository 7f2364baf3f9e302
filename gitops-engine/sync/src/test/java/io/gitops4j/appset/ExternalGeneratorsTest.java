package io.gitops4j.appset;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.appset.GeneratorSources.ClusterEntry;
import io.gitops4j.appset.PullRequestProvider.PullRequest;
import io.gitops4j.appset.ScmProvider.Repository;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExternalGeneratorsTest {
    private static final String SHA = "0123456789abcdef0123456789abcdef01234567";
    private static final ExternalGenerators ALL = ExternalGenerators.builder()
            .scm(
                    "github",
                    ScmProvider.of(List.of(
                            repository("web", "main", List.of("deploy"), "kustomize/base"),
                            repository("api", "Feature/X", List.of(), "Chart.yaml"),
                            repository("api", "main", List.of("deploy", "go"), "Chart.yaml"))))
            .pullRequests(
                    "github",
                    PullRequestProvider.of(List.of(
                            new PullRequest(12, "Fix it", "fix/Login_Page", "main", SHA, List.of("preview"), "ann"),
                            new PullRequest(3, "WIP", "wip", "release/1", SHA, List.of(), "bob"))))
            .pullRequests(
                    "gitea",
                    config -> Outcome.failed(Problem.error(PullRequestProvider.REPOSITORY_NOT_FOUND, "no such thing")))
            .plugin((config, parameters) -> Outcome.of(List.of(yaml("{a: {b: " + config + "}}"))))
            .decisions(generator -> Outcome.of(new DecisionSource.Decisions(
                    "clusterName",
                    List.of(yaml("{clusterName: eu, reason: near}"), yaml("{clusterName: moon, reason: far}")))))
            .build();

    private static Repository repository(String name, String branch, List<String> labels, String path) {
        return new Repository("org", name, "7", "https://git/" + name, branch, SHA, labels, Set.of(path));
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("test", text).orThrow();
    }

    private static Outcome<List<JsonObject>> sets(String type, String body, boolean go) {
        return ALL.parameters(
                type,
                yaml(body),
                go,
                List.of(new ClusterEntry("eu", "https://eu", "", JsonObject.empty(), JsonObject.empty())));
    }

    private static List<String> texts(String type, String body, String key) {
        return sets(type, body, false).orThrow().stream()
                .map(set -> set.text(key, ""))
                .toList();
    }

    @Test
    void scm_givesArgosParametersInStableOrder() {
        JsonObject first = sets("scmProvider", "{github: {organization: org}}", false)
                .orThrow()
                .get(0);
        assertThat(first.toJson())
                .isEqualTo("{\"organization\":\"org\",\"repository\":\"api\",\"repository_id\":\"7\","
                        + "\"url\":\"https://git/api\",\"branch\":\"Feature/X\",\"sha\":\"" + SHA + "\","
                        + "\"short_sha\":\"01234567\",\"short_sha_7\":\"0123456\",\"labels\":\"\","
                        + "\"branchNormalized\":\"feature-x\"}");
        assertThat(texts("scmProvider", "{github: {}}", "repository")).containsExactly("api", "api", "web");
    }

    @Test
    void scm_filters_areAndWithinAndOrBetween() {
        assertThat(texts("scmProvider", "{github: {}, filters: [{repositoryMatch: ^a, branchMatch: main}]}", "branch"))
                .containsExactly("main");
        assertThat(texts(
                        "scmProvider",
                        "{github: {}, filters: [{labelMatch: ^go$}, {pathsExist: [kustomize]}]}",
                        "repository"))
                .containsExactly("api", "web");
        assertThat(texts("scmProvider", "{github: {}, filters: [{pathsDoNotExist: [Chart.yaml]}]}", "repository"))
                .containsExactly("web");
        assertThat(sets("scmProvider", "{github: {}, filters: [{branchMatch: '('}]}", false)
                        .errors())
                .extracting(Problem::code)
                .containsExactly("APPSET_FILTER");
    }

    @Test
    void pullRequests_giveSlugsAndShortIdsByNumber() {
        List<JsonObject> sets =
                sets("pullRequest", "{github: {owner: o}}", true).orThrow();
        assertThat(sets).extracting(set -> set.text("number")).containsExactly("3", "12");
        JsonObject last = sets.get(1);
        assertThat(last.text("branch_slug")).isEqualTo("fix-login_page");
        assertThat(last.text("target_branch_slug")).isEqualTo("main");
        assertThat(last.text("head_short_sha")).isEqualTo("01234567");
        assertThat(last.text("head_short_sha_7")).isEqualTo("0123456");
        assertThat(last.array("labels").size()).isEqualTo(1);
        assertThat(texts(
                        "pullRequest",
                        "{github: {}, filters: [{targetBranchMatch: ^main$, titleMatch: Fix}]}",
                        "author"))
                .containsExactly("ann");
    }

    @Test
    void missingRepository_isNoPullRequestsWhereAllowed() {
        assertThat(sets("pullRequest", "{gitea: {}}", false).ok()).isFalse();
        assertThat(sets("pullRequest", "{gitea: {}, continueOnRepoNotFoundError: true}", false)
                        .orThrow())
                .isEmpty();
    }

    @Test
    void plugin_givesItsSetsWithTheInput() {
        String body = "{configMapRef: {name: cm}, input: {parameters: {k: v}}}";
        assertThat(sets("plugin", body, false).orThrow().get(0).toJson())
                .isEqualTo("{\"a.b\":\"cm\",\"generator.input.parameters.k\":\"v\"}");
        assertThat(sets("plugin", body, true).orThrow().get(0).toJson())
                .isEqualTo("{\"a\":{\"b\":\"cm\"},\"generator\":{\"input\":{\"parameters\":{\"k\":\"v\"}}}}");
    }

    @Test
    void decisions_areThoseOfKnownClusters() {
        assertThat(sets("clusterDecisionResource", "{configMapRef: cm}", false).orThrow())
                .extracting(JsonObject::toJson)
                .containsExactly(
                        "{\"name\":\"eu\",\"server\":\"https://eu\",\"clusterName\":\"eu\",\"reason\":\"near\"}");
    }

    @Test
    void unknownProvider_isAProblem() {
        for (String body : List.of("{sourceforge: {}}", "{gitlab: {}}", "{}", "{github: {}, gitlab: {}}")) {
            assertThat(sets("scmProvider", body, false).errors())
                    .as(body)
                    .extracting(Problem::code)
                    .containsExactly("APPSET_PROVIDER");
        }
        assertThat(ExternalGenerators.builder()
                        .build()
                        .parameters("plugin", JsonObject.empty(), false, List.of())
                        .ok())
                .isFalse();
    }

    @Test
    void requeueAfter_isTheShortestOfAllGenerators() {
        assertThat(ExternalGenerators.requeueAfter(yaml("generators: [{list: {}}]")))
                .isEmpty();
        assertThat(ExternalGenerators.requeueAfter(yaml("generators: [{list: {}}, {pullRequest: {github: {}}}]")))
                .contains(Duration.ofMinutes(30));
        assertThat(
                        ExternalGenerators.requeueAfter(
                                yaml(
                                        "generators: [{plugin: {}}, {matrix: {generators: [{git: {}}, {scmProvider: {requeueAfterSeconds: 60}}]}}]")))
                .contains(Duration.ofSeconds(60));
    }
}
