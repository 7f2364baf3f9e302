package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.Renderer;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What may stand behind a source: other places than Git, and plugins that are not trusted. */
class SourcesTest {
    private static final String URL = "https://git.example.com/shop";
    private final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final FakeGit git = FakeGit.create(time);

    private static Application application(String source) {
        return Application.of(YamlReader.kubectl()
                        .readManifests("app.yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Application
                                metadata: {name: shop}
                                spec:
                                  source: %s
                                  destination: {server: https://kubernetes.default.svc, namespace: shop}
                                """.formatted(source))
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    @Test
    void artifactsOfARegistry_areASourceLikeAnyOther_byTagRangeAndDigest() {
        FakeGit registry = FakeGit.create(time);
        String digest = registry.repository("oci://registry.example.com/shop")
                .change("1.2.0")
                .file("map.yaml", ControllerWorld.map("a", "1.2.0"))
                .push();
        registry.repository("oci://registry.example.com/shop").tag("1.2.0", digest);
        GitAccess both = git.with("oci://", registry);
        GitOps gitops = GitOps.builder(both, time).build();

        RenderedApplication rendered = gitops.render(
                        application("{repoURL: 'oci://registry.example.com/shop', targetRevision: 1.x, path: .}"))
                .orThrow();

        assertThat(rendered.revision()).isEqualTo(digest);
        assertThat(rendered.manifests())
                .singleElement()
                .satisfies(manifest -> assertThat(manifest.name()).isEqualTo("a"));
    }

    private Outcome<RenderedApplication> plugged(
            Limits limits, Function<Renderer.Request, Outcome<List<Manifest>>> how) {
        git.repository(URL).change("x").file("deploy/in.txt", "hello").push();
        Renderer plugin = new Renderer() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public boolean detects(SourceTree tree, String path) {
                return false;
            }

            @Override
            public Outcome<Rendered> render(Request request) {
                return how.apply(request).then(ManifestSet::of).map(set -> new Rendered(set, new LinkedHashMap<>()));
            }
        };
        return GitOps.builder(git, time)
                .limits(limits)
                .renderer(plugin)
                .build()
                .render(application(
                        "{repoURL: '" + URL + "', path: deploy, plugin: {name: mine, env: [{name: A, value: b}]}}"));
    }

    private static List<Manifest> maps(int count, String value) {
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            manifests.addAll(YamlReader.kubectl()
                    .readManifests("x.yaml", ControllerWorld.map("m" + i, value))
                    .orThrow());
        }
        return manifests;
    }

    @Test
    void plugin_isChosenByName_andHasItsOptions() {
        List<JsonObject> options = new ArrayList<>();
        Outcome<RenderedApplication> rendered = plugged(Limits.defaults(), request -> {
            options.add(request.options());
            return Outcome.of(maps(2, "v"));
        });

        assertThat(rendered.orThrow().manifests()).hasSize(2);
        assertThat(options)
                .singleElement()
                .satisfies(given -> assertThat(given.toJson()).contains("\"A\""));
    }

    @Test
    void plugin_thatGivesTooMuchOrThrows_failsItsOwnSourceAlone() {
        Limits small =
                Limits.defaults().toBuilder().documents(3).totalBytes(10_000).build();

        assertThat(plugged(small, request -> Outcome.of(maps(4, "v"))).problems())
                .extracting("code")
                .containsExactly("OBJECT_COUNT");
        assertThat(plugged(small, request -> Outcome.of(maps(2, "v".repeat(9_000))))
                        .problems())
                .extracting("code")
                .containsExactly("RENDER_BUDGET");
        assertThat(plugged(small, request -> {
                            throw new IllegalStateException("oops");
                        })
                        .problems())
                .extracting("code")
                .containsExactly("RENDERER_FAILED");
    }
}
