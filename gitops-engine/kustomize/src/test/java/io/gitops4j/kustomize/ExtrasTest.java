package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.Renderer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtrasTest {

    // ---- remote bases

    private record Repository(SourceTree files) implements GitRepository {
        @Override
        public String url() {
            return "https://github.com/org/repo";
        }

        @Override
        public Map<String, String> refs() {
            return Map.of();
        }

        @Override
        public Outcome<String> resolve(String revision) {
            return Outcome.of("commit-of-" + revision);
        }

        @Override
        public SourceTree tree(String commit) {
            return files;
        }

        @Override
        public CommitInfo commit(String commit) {
            return new CommitInfo(commit, List.of(), "", Instant.EPOCH, "");
        }

        @Override
        public List<CommitInfo> log(String commit, int limit) {
            return List.of();
        }
    }

    @Test
    void remoteBase_isReadThroughTheSpiWhereAllowed() {
        List<String> opened = new ArrayList<>();
        MemoryTree remote =
                Trees.tree("deploy/kustomization.yaml", "resources: [web.yaml]\n", "deploy/web.yaml", Trees.WEB);
        KustomizeOptions options = KustomizeOptions.builder()
                .git(
                        url -> {
                            opened.add(url);
                            return Outcome.of(new Repository(remote));
                        },
                        List.of("https://github.com/org/"))
                .build();
        MemoryTree tree = Trees.tree(
                "kustomization.yaml",
                "resources: ['github.com/org/repo//deploy?ref=v1']\nnamePrefix: a-\nbuildMetadata: [originAnnotations]\n");

        KustomizeResult result = Kustomize.build(tree, "", options).orThrow();

        assertThat(opened).containsExactly("https://github.com/org/repo");
        assertThat(result.yaml()).contains("name: a-web").contains("ref: v1").contains("path: deploy/web.yaml");
        assertThat(result.filesRead()).containsKey("https://github.com/org/repo?ref=v1//deploy/web.yaml");
        MemoryTree other = Trees.tree("kustomization.yaml", "resources: ['https://example.com/org/repo']\n");
        assertThat(Kustomize.build(other, "", options).errors().get(0).code()).isEqualTo("REMOTE_REFUSED");
    }

    // ---- plugins and charts

    @Test
    void javaPlugin_generatesAndTransforms() {
        KustomizePlugin plugin = new KustomizePlugin() {
            @Override
            public String apiVersion() {
                return "example.com/v1";
            }

            @Override
            public String kind() {
                return "Stamp";
            }

            @Override
            public Outcome<List<JsonObject>> generate(JsonObject config) {
                return Outcome.of(List.of(config.with("kind", "ConfigMap")
                        .with("apiVersion", "v1")
                        .without("stamp")));
            }

            @Override
            public Outcome<JsonObject> transform(JsonObject config, JsonObject resource) {
                return Outcome.of(resource.with("stamp", config.text("stamp", "")));
            }
        };
        MemoryTree tree = Trees.tree(
                "s.yaml",
                "{apiVersion: example.com/v1, kind: Stamp, metadata: {name: s}, stamp: done}",
                "kustomization.yaml",
                "generators: [s.yaml]\ntransformers: [s.yaml]\n");

        assertThat(Kustomize.build(
                                tree,
                                "",
                                KustomizeOptions.builder().plugin(plugin).build())
                        .orThrow()
                        .yaml())
                .isEqualTo("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\nstamp: done\n");
    }

    // ---- cache

    private static final class MapCache implements KustomizeCache {
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final List<String> stored = new ArrayList<>();

        @Override
        public Entry get(String key) {
            return entries.get(key);
        }

        @Override
        public void put(String key, Entry entry) {
            stored.add(key.substring(key.lastIndexOf(' ') + 1));
            entries.put(key, entry);
        }
    }

    @Test
    void cache_buildsOnlyWhatStandsOnAChangedBase() {
        MapCache cache = new MapCache();
        KustomizeOptions options = KustomizeOptions.builder().cache(cache).build();
        MemoryTree tree = Trees.tree(
                "a/kustomization.yaml",
                "resources: [web.yaml]\n",
                "a/web.yaml",
                Trees.WEB,
                "b/kustomization.yaml",
                "configMapGenerator: [{name: settings, literals: [x=1]}]\n",
                "o/kustomization.yaml",
                "resources: [../a, ../b]\nnamePrefix: o-\n");
        String first = Kustomize.build(tree, "o", options).orThrow().yaml();
        cache.stored.clear();

        assertThat(Kustomize.build(tree, "o", options).orThrow().yaml()).isEqualTo(first);
        assertThat(cache.stored).isEmpty();

        MemoryTree changed = tree.with("a/web.yaml", Trees.WEB.replace("nginx:1.25", "nginx:1.26"));
        KustomizeResult rebuilt = Kustomize.build(changed, "o", options).orThrow();
        assertThat(rebuilt.yaml()).isEqualTo(first.replace("nginx:1.25", "nginx:1.26"));
        assertThat(cache.stored).containsExactly("a/kustomization.yaml", "o");
        assertThat(rebuilt.yaml())
                .isEqualTo(Kustomize.build(changed, "o", KustomizeOptions.defaults())
                        .orThrow()
                        .yaml());
        assertThat(rebuilt.filesRead())
                .isEqualTo(Kustomize.build(changed, "o", KustomizeOptions.defaults())
                        .orThrow()
                        .filesRead());
    }

    // ---- renderer

    @Test
    void renderer_appliesTheOptionsOfAnApplication() {
        MemoryTree tree = Trees.tree(
                "app/kustomization.yaml",
                "resources: [web.yaml]\n",
                "app/web.yaml",
                Trees.WEB,
                "extra/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n");
        JsonObject options = JsonObject.builder()
                .put("namePrefix", "p-")
                .put("namespace", "ns")
                .put("images", Json.array(List.of(Json.of("nginx=mirror/nginx:${TAG}"))))
                .put("replicas", Json.array(List.of(JsonObject.of("name", Json.of("web"), "count", Json.of("2")))))
                .put("commonLabels", JsonObject.of("app", Json.of("$ARGOCD_APP_NAME")))
                .put("labelWithoutSelector", true)
                .put("commonAnnotations", JsonObject.of("a", Json.of("b")))
                .put("components", Json.array(List.of(Json.of("../extra"), Json.of("../missing"))))
                .put("ignoreMissingComponents", true)
                .build();
        Map<String, String> environment = Map.of("TAG", "9", "ARGOCD_APP_NAME", "shop");
        Renderer renderer = new KustomizeRenderer();

        Renderer.Rendered rendered = renderer.render(
                        new Renderer.Request(tree, "app", options, environment, Map.of(), Limits.defaults()))
                .orThrow();

        assertThat(renderer.detects(tree, "app")).isTrue();
        assertThat(renderer.detects(tree, "")).isFalse();
        JsonObject web = rendered.manifests().manifests().get(0).body();
        assertThat(web.find("metadata").toJson())
                .isEqualTo(
                        "{\"name\":\"p-web-c\",\"namespace\":\"ns\",\"labels\":{\"app\":\"shop\"},\"annotations\":{\"a\":\"b\"}}");
        assertThat(web.find("spec", "replicas")).isEqualTo(Json.of(2));
        assertThat(web.find("spec", "template", "spec", "containers", "0", "image"))
                .isEqualTo(Json.of("mirror/nginx:9"));
        assertThat(web.find("spec", "selector")).isNull();
    }

    @Test
    void renderer_refusesToOverwriteLabelsUnlessForced() {
        MemoryTree tree = Trees.tree(
                "kustomization.yaml", "resources: [web.yaml]\ncommonLabels: {app: mine}\n", "web.yaml", Trees.WEB);
        JsonObject options = JsonObject.of("commonLabels", JsonObject.of("app", Json.of("other")));
        Renderer.Request request = new Renderer.Request(tree, "", options, Map.of(), Map.of(), Limits.defaults());
        Renderer.Request forced = new Renderer.Request(
                tree, "", options.with("forceCommonLabels", Json.of(true)), Map.of(), Map.of(), Limits.defaults());

        assertThat(new KustomizeRenderer().render(request).errors().get(0).code())
                .isEqualTo("SOURCE_OPTIONS");
        assertThat(new KustomizeRenderer()
                        .render(forced)
                        .orThrow()
                        .manifests()
                        .manifests()
                        .get(0)
                        .labels()
                        .text("app"))
                .isEqualTo("other");
    }
}
