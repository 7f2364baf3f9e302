package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.spi.FileEvaluator;
import io.gitops4j.spi.Renderer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DirectoryRendererTest {
    private final Map<String, String> files = new LinkedHashMap<>();

    private void configMap(String path, String name) {
        files.put(path, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\n");
    }

    @Test
    void directory_isReadInLexicalOrderAndNotDeeper() {
        configMap("app/b.yaml", "b");
        configMap("app/a.yml", "a");
        configMap("app/deep/c.yaml", "c");
        files.put("app/README.md", "no manifest");

        assertThat(names(JsonObject.empty())).containsExactly("a", "b");
    }

    @Test
    void recurse_readsDirectoriesBelow_andExcludeWinsOverInclude() {
        configMap("app/a.yaml", "a");
        configMap("app/deep/c.yaml", "c");
        configMap("app/deep/secret.yaml", "s");

        JsonObject options = JsonObject.builder()
                .put("recurse", true)
                .put("include", "**/*.yaml")
                .put("exclude", "{deep/secret.yaml,nothing}")
                .build();

        assertThat(names(options)).containsExactly("a", "c");
    }

    @Test
    void filesOfValues_arePassedOver_butABrokenManifestIsAnError() {
        configMap("app/a.yaml", "a");
        files.put("app/values.yaml", "replicas: 3\n");
        files.put("app/junk.yaml", "a: [1\n");
        assertThat(names(JsonObject.empty())).containsExactly("a");

        files.put("app/broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [\n");
        Outcome<Renderer.Rendered> broken = render(JsonObject.empty());

        assertThat(broken.ok()).isFalse();
        assertThat(broken.errors().get(0).where().file()).isEqualTo("app/broken.yaml");
    }

    @Test
    void markedFile_isLeftOut_andFilesReadAreReported() {
        configMap("app/a.yaml", "a");
        files.put("app/skipped.yaml", "# +argocd:skip-file-rendering\napiVersion: v1\nkind: X\nmetadata: {name: x}\n");

        Renderer.Rendered rendered = render(JsonObject.empty()).orThrow();

        assertThat(rendered.manifests().size()).isEqualTo(1);
        assertThat(rendered.filesRead()).containsKeys("app/a.yaml", "app/skipped.yaml");
    }

    @Test
    void missingDirectory_andTwoObjectsOfOneKey_areProblems() {
        assertThat(render(JsonObject.empty()).errors())
                .extracting(Problem::code)
                .containsExactly("RENDER_PATH_MISSING");

        configMap("app/a.yaml", "same");
        configMap("app/b.yaml", "same");
        assertThat(render(JsonObject.empty()).errors())
                .extracting(Problem::code)
                .containsExactly("MANIFEST_DUPLICATE");
    }

    @Test
    void manifestsAboveTheLimit_areRefused() {
        configMap("app/a.yaml", "a");
        Limits small = Limits.builder().totalBytes(10).build();

        assertThat(new DirectoryRenderer()
                        .render(new Renderer.Request(
                                MemoryTree.ofText(files), "app", JsonObject.empty(), Map.of(), Map.of(), small))
                        .errors())
                .extracting(Problem::code)
                .containsExactly("RENDER_TOO_LARGE");
    }

    @Test
    void invalidPattern_isAProblem() {
        configMap("app/a.yaml", "a");

        assertThat(render(JsonObject.of("include", Json.of("[a"))).errors())
                .extracting(Problem::code)
                .containsExactly("RENDER_GLOB_INVALID");
    }

    private List<String> names(JsonObject options) {
        return render(options).orThrow().manifests().manifests().stream()
                .map(Manifest::name)
                .toList();
    }

    private Outcome<Renderer.Rendered> render(JsonObject options) {
        return new DirectoryRenderer()
                .render(new Renderer.Request(
                        MemoryTree.ofText(files), "app", options, Map.of(), Map.of(), Limits.defaults()));
    }

    /** Takes {@code .jsonnet} for JSON in which {@code import 'x'} stands for the text of another file. */
    private static final FileEvaluator EVALUATOR = new FileEvaluator() {
        @Override
        public boolean evaluates(String fileName) {
            return fileName.endsWith(".jsonnet");
        }

        @Override
        public Outcome<Evaluated> evaluate(Input input) {
            String text = input.tree().read(input.path()).orElseThrow().utf8();
            String library =
                    input.options().object("jsonnet").array("libs").get(0).textOrNull() + "/name.txt";
            String name = input.tree().read(library).orElseThrow().utf8();
            return YamlReader.kubectl()
                    .read(input.path(), text.replace("import 'name'", name))
                    .map(value -> new Evaluated(List.of(value), Set.of(library)));
        }
    };

    @Test
    void filesToEvaluate_areEvaluated_andWithoutAnybodyWhoCouldTheyAreAnError() {
        MemoryTree tree = MemoryTree.ofText(Map.of(
                "app/a.jsonnet", "{apiVersion: v1, kind: ConfigMap, metadata: {name: import 'name'}}",
                "app/lib.libsonnet", "{}",
                "vendor/name.txt", "told"));
        JsonObject options = (JsonObject)
                YamlReader.kubectl().read("o", "{jsonnet: {libs: [vendor]}}").orThrow();
        Renderer.Request request = new Renderer.Request(tree, "app", options, Map.of(), Map.of(), Limits.defaults());

        Renderer.Rendered rendered =
                new DirectoryRenderer(List.of(EVALUATOR)).render(request).orThrow();
        assertThat(rendered.manifests().manifests())
                .singleElement()
                .satisfies(manifest -> assertThat(manifest.name()).isEqualTo("told"));
        assertThat(rendered.filesRead()).containsKeys("app/a.jsonnet", "vendor/name.txt");

        assertThat(new DirectoryRenderer().render(request).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("JSONNET_OFF");
                    assertThat(problem.where().place()).startsWith("app/a.jsonnet");
                });
    }
}
