package io.gitops4j.engine;

import static io.gitops4j.engine.ControllerWorld.edit;
import static io.gitops4j.engine.ControllerWorld.map;
import static io.gitops4j.engine.ControllerWorld.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.MetricsSink;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What makes a render be made again, and what does not. */
class RenderCacheTest {
    private final ControllerWorld world = new ControllerWorld();
    private Application shop = world.application("shop", "in-cluster", "");

    @Test
    void overlay_isRenderedAgain_forEveryInputThatChanges_andForNothingElse() {
        world.push(
                "shop/kustomization.yaml",
                "resources: [../base, own.yaml]\nnamePrefix: p-\n",
                "shop/own.yaml",
                map("own", "1"),
                "base/kustomization.yaml",
                "resources: [a.yaml]\n",
                "base/a.yaml",
                map("a", "1"));
        assertMade(true);
        assertMade(false);
        world.push("elsewhere/x.yaml", map("x", "1"));
        assertMade(false);
        world.push("base/a.yaml", map("a", "2"));
        assertMade(true);
        world.push("shop/own.yaml", map("own", "2"));
        assertMade(true);
        world.push("shop/.argocd-source.yaml", "kustomize: {nameSuffix: -s}\n");
        assertMade(true);
        assertThat(names()).contains("p-own-s");
        world.push(
                "base/extra.yaml", map("extra", "1"), "base/kustomization.yaml", "resources: [a.yaml, extra.yaml]\n");
        assertMade(true);
        assertThat(names()).contains("p-extra-s");
        world.push("base/kustomization.yml", "resources: []\n");
        assertThat(world.gitops.render(shop).ok()).as("two kustomization files").isFalse();
    }

    @Test
    void options_andTheEnvironmentThatTheyUse_arePartOfTheKey() {
        world.push("shop/kustomization.yaml", "resources: [own.yaml]\n", "shop/own.yaml", map("own", "1"));
        assertMade(true);
        options("commonAnnotations", JsonObject.of("at", Json.of("fixed")));
        assertMade(true);
        world.push("elsewhere/x.yaml", map("x", "1"));
        assertMade(false);
        options("commonAnnotations", JsonObject.of("at", Json.of("${ARGOCD_APP_REVISION}")));
        assertMade(true);
        world.push("elsewhere/x.yaml", map("x", "2"));
        assertMade(true);
    }

    @Test
    void directory_isRenderedAgain_forAnyFileInIt() {
        world.push("shop/a.yaml", map("a", "1"));
        assertMade(true);
        world.push("shop/deep/README.md", "words");
        assertMade(true);
        world.push("other/b.yaml", map("b", "1"));
        assertMade(false);
        world.gitops.forgetRenders();
        assertMade(true);
    }

    @Test
    void oneChangedObject_makesOneApplicationOfManyBeCompared() {
        long[] compared = {0};
        MetricsSink none = MetricsSink.none();
        ControllerWorld many = new ControllerWorld(
                facade -> facade,
                builder -> builder.metrics(new MetricsSink() {
                    @Override
                    public void count(String name, Map<String, String> labels, long amount) {
                        compared[0] += name.equals("argocd_app_reconcile") ? amount : 0;
                    }

                    @Override
                    public void gauge(String name, Map<String, String> labels, double figure) {
                        none.gauge(name, labels, figure);
                    }

                    @Override
                    public void observe(String name, Map<String, String> labels, double figure) {
                        none.observe(name, labels, figure);
                    }
                }));
        for (int i = 0; i < 100; i++) {
            many.push("a" + i + "/m.yaml", map("m" + i, "1"));
            many.store.put(many.application("a" + i, "in-cluster", "automated: {selfHeal: true}"));
        }
        many.controller.run();
        many.controller.run();
        compared[0] = 0;
        edit(many.production, "m42", "by hand");
        many.controller.run();

        assertThat(value(many.production, "m42")).isEqualTo("1");
        assertThat(compared[0]).isBetween(1L, 3L);
    }

    private void options(String name, JsonObject value) {
        JsonObject source = shop.spec().object("source");
        shop = shop.withSpec("source", source.with("kustomize", JsonObject.of(name, value)));
    }

    private List<String> names() {
        return world.gitops.render(shop).orThrow().manifests().stream()
                .map(manifest -> manifest.key().name())
                .toList();
    }

    private void assertMade(boolean made) {
        long before = world.gitops.rendersMade();
        world.gitops.render(shop).orThrow();
        assertThat(world.gitops.rendersMade() - before).isEqualTo(made ? 1 : 0);
    }
}
