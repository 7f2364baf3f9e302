package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Renderer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelmChartsTest {
    private final List<Renderer.Request> requests = new ArrayList<>();

    /** Answers one ConfigMap with the release's name. */
    private final class FakeHelm implements Renderer {
        @Override
        public String name() {
            return "Helm";
        }

        @Override
        public boolean detects(SourceTree tree, String path) {
            return true;
        }

        @Override
        public Outcome<Rendered> render(Request request) {
            requests.add(request);
            String release = request.options().text("releaseName", "");
            if ("broken".equals(release)) {
                return Outcome.failed(Problem.error("HELM_TEMPLATE", "the template has no end"));
            }
            JsonObject map = JsonObject.builder()
                    .put("apiVersion", "v1")
                    .put("kind", "ConfigMap")
                    .put("metadata", JsonObject.of("name", Json.of(release)))
                    .build();
            return ManifestSet.of(List.of(Manifest.trusted(map, new Origin("chart", 0, List.of()))))
                    .then(set -> Outcome.of(new Rendered(set, Map.of())));
        }
    }

    private Outcome<KustomizeResult> build(String kustomization) {
        MemoryTree tree = Trees.tree("app/kustomization.yaml", kustomization);
        return Kustomize.build(
                tree, "app", KustomizeOptions.builder().helm(new FakeHelm()).build());
    }

    @Test
    void helmCharts_areRenderedAndTransformed() {
        KustomizeResult result = build("""
                        namePrefix: a-
                        helmGlobals: {chartHome: vendor}
                        helmCharts:
                        - name: redis
                          releaseName: cache
                          version: 1.2.3
                          repo: https://charts.example.com
                          namespace: shop
                          includeCRDs: true
                          valuesFile: values.yaml
                          additionalValuesFiles: [more.yaml]
                          valuesInline: {replicas: 2}
                        """).orThrow();

        assertThat(result.yaml()).contains("name: a-cache");
        Renderer.Request request = requests.get(0);
        assertThat(request.path()).isEqualTo("app/vendor/redis");
        assertThat(request.options().toJson())
                .contains("\"version\":\"1.2.3\"")
                .contains("\"repoURL\":\"https://charts.example.com\"")
                .contains("\"namespace\":\"shop\"")
                .contains("\"skipCrds\":false")
                .contains("/app/values.yaml")
                .contains("/app/more.yaml")
                .contains("\"replicas\":2");
    }

    @Test
    void helmChartInflationGenerator_ofOldFiles_isRendered() {
        assertThat(build("""
                                helmChartInflationGenerator:
                                - chartName: redis
                                  releaseName: old
                                  chartRepoUrl: https://charts.example.com
                                """).orThrow().yaml()).contains("name: old");
        assertThat(requests.get(0).options().text("repoURL", "")).isEqualTo("https://charts.example.com");
    }

    @Test
    void helmChartInflationGenerator_asAPlugin_isRendered() {
        assertThat(build("""
                                generators:
                                - |
                                  apiVersion: builtin
                                  kind: HelmChartInflationGenerator
                                  metadata: {name: any}
                                  name: redis
                                  releaseName: plugged
                                """).orThrow().yaml()).contains("name: plugged");
    }

    @Test
    void aChartThatFails_isOneProblemAndRenderedOnce() {
        Outcome<KustomizeResult> outcome = build("helmCharts: [{name: redis, releaseName: broken}]\n");
        assertThat(outcome.errors()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("HELM_TEMPLATE");
            assertThat(problem.where().file()).isEqualTo("app/kustomization.yaml");
        });
        assertThat(requests).hasSize(1);
    }

    @Test
    void withoutTheModule_theProblemNamesIt() {
        Problem problem = Trees.refusal("", "kustomization.yaml", "helmCharts: [{name: redis}]\n");
        assertThat(problem.text()).contains("must specify --enable-helm");
        assertThat(problem.hint()).contains("gitops-helm");
    }

    @Test
    void functions_areNeverRun() {
        for (String how : new String[] {"exec: {path: ./run.sh}", "container: {image: example.com/fn:1}"}) {
            Problem problem = Trees.refusal(
                    "", "kustomization.yaml", "resources: []\ntransformers: [fn.yaml]\n", "fn.yaml", """
                    apiVersion: example.com/v1
                    kind: Fn
                    metadata:
                      name: fn
                      annotations:
                        config.kubernetes.io/function: |
                          %s
                    """.formatted(
                                    how));
            assertThat(problem.code()).isEqualTo("PLUGIN_OFF");
            assertThat(problem.hint()).contains("KustomizePlugin");
        }
    }
}
