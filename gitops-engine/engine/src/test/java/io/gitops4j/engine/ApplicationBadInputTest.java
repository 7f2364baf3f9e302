package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Applications, projects and sets that are not in order: refused with code and place, the others unaffected. */
class ApplicationBadInputTest {
    private static final String GOOD = """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: good}
            spec:
              source: {repoURL: r, path: p}
              destination: {server: s, namespace: ns}
            """;

    @Test
    void fieldOfAWrongType_isToldWithTheApplicationAndItsLine_andTheNextOneIsFound() {
        String bad = """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata:
                  name: payments
                spec:
                  source:
                    repoURL: r
                    path: p
                  destination:
                    server: s
                    namespace: [not, a, string]
                  syncPolicy:
                    automated: {prune: "yes"}
                """;
        ApplicationDiscovery.Found found = ApplicationDiscovery.in(
                MemoryTree.ofText(Map.of("apps/all.yaml", "# comment\n" + bad + "---\n" + GOOD)),
                "",
                Limits.defaults());

        assertThat(found.applications()).extracting(a -> a.name()).containsExactly("good");
        assertThat(found.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "apps/all.yaml:12:5: payments: spec.destination.namespace must be a string, it is a list"
                                + " [APP_FIELD_TYPE]",
                        "apps/all.yaml:14:17: payments: spec.syncPolicy.automated.prune must be true or false, it is a"
                                + " string [APP_FIELD_TYPE]");
    }

    @Test
    void everyRefusal_hasItsCode() {
        assertThat(codes(GOOD.replace("{server: s,", "{server: s, name: c,")))
                .containsExactly("APP_DESTINATION_AMBIGUOUS");
        assertThat(codes(GOOD.replace("{server: s, namespace: ns}", "{namespace: ns}")))
                .containsExactly("APP_DESTINATION_MISSING");
        assertThat(codes(GOOD.replace("  source: {repoURL: r, path: p}\n", ""))).containsExactly("APP_SOURCE_MISSING");
        assertThat(codes(GOOD.replace("path: p", "path: ../../etc"))).containsExactly("APP_PATH_OUTSIDE");
        assertThat(codes(GOOD.replace("path: p", "path: /etc"))).containsExactly("APP_PATH_OUTSIDE");
        assertThat(codes(GOOD.replace("path: p}", "path: p, helm: {}, kustomize: {}}")))
                .containsExactly("APP_SOURCE_TYPES");
        assertThat(codes(GOOD.replace("repoURL: r, ", ""))).containsExactly("APP_REPO_MISSING");
        assertThat(codes(GOOD.replace("source: {repoURL: r, path: p}", "sources: [{repoURL: r, ref: 'a b'}]")))
                .containsExactly("APP_REF_INVALID");
        assertThat(codes(GOOD.replace("name: good", "name: good, labels: {a: b}")))
                .isEmpty();
    }

    @Test
    void projectsAndSets_ofAWrongType_nameThemselves() {
        Problem project = AppProject.of(YamlReader.kubectl()
                        .readManifests("p.yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: AppProject
                                metadata: {name: team}
                                spec: {sourceRepos: everything}
                                """)
                        .orThrow()
                        .get(0))
                .errors()
                .get(0);
        assertThat(project.code()).isEqualTo("PROJECT_FIELD_TYPE");
        assertThat(project.text()).isEqualTo("team: spec.sourceRepos must be a list, it is a string");
        Problem set = ApplicationSet.of(YamlReader.kubectl()
                        .readManifests("s.yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: ApplicationSet
                                metadata: {name: fleet}
                                spec: {generators: {list: {}}}
                                """)
                        .orThrow()
                        .get(0))
                .errors()
                .get(0);
        assertThat(set.text()).startsWith("fleet: spec.generators must be a list");
    }

    private static List<String> codes(String yaml) {
        return ApplicationDiscovery.in(MemoryTree.ofText(Map.of("a.yaml", yaml)), "", Limits.defaults())
                .problems()
                .stream()
                .filter(Problem::isError)
                .map(Problem::code)
                .toList();
    }
}
