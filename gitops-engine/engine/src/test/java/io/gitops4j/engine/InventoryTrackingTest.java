package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.sync.Inventory;
import io.gitops4j.sync.InventoryKeeper;
import io.gitops4j.sync.ResourceTracking;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A controller that tracks objects by inventories: no marks, and all that marks are good for. */
class InventoryTrackingTest {
    private static final String AUTOMATED = "automated: {prune: true, selfHeal: true}";
    private static final ResourceTracking TRACKING = ResourceTracking.byInventory("default");

    private static ControllerWorld world(ResourceTracking tracking) {
        return new ControllerWorld(builder -> builder.tracking(tracking), builder -> builder);
    }

    private static Optional<Inventory> inventory(ControllerWorld world, String app) {
        return new InventoryKeeper(world.production, TRACKING).read(app);
    }

    private static List<String> names(ControllerWorld world, String app) {
        return inventory(world, app).orElseThrow().entries().stream()
                .map(key -> key.name())
                .toList();
    }

    private static List<String> conditions(ControllerWorld world, String app) {
        return world.status(app).array("conditions").items().stream()
                .map(condition -> ((JsonObject) condition).text("message", ""))
                .toList();
    }

    @Test
    void application_isSyncedHealedPrunedAndDeleted_withoutAMarkOnItsObjects() {
        ControllerWorld world = world(TRACKING);
        world.push("web/a.yaml", ControllerWorld.map("a", "1"), "web/b.yaml", ControllerWorld.map("b", "1"));
        world.store.put(world.application("web", "in-cluster", AUTOMATED)
                .withFinalizers(List.of("resources-finalizer.argocd.argoproj.io")));
        world.settle();
        assertThat(world.sync("web")).isEqualTo("Synced");
        assertThat(names(world, "web")).containsExactly("a", "b");
        JsonObject live = world.production
                .get(ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "a"))
                .orElseThrow();
        assertThat(live.object("metadata").object("annotations").keys())
                .containsExactly("kubectl.kubernetes.io/last-applied-configuration");

        ControllerWorld.edit(world.production, "b", "by hand");
        world.settle();
        assertThat(ControllerWorld.value(world.production, "b")).isEqualTo("1");

        world.push("web/b.yaml", "", "web/c.yaml", ControllerWorld.map("c", "1"));
        world.controller.sourceChanged(ControllerWorld.URL);
        world.settle();
        assertThat(ControllerWorld.value(world.production, "b")).isEqualTo("-");
        assertThat(names(world, "web")).containsExactly("a", "c");
        assertThat(conditions(world, "web")).isEmpty();
        assertThat(world.controller.tree("web")).hasSize(2);

        world.store.delete("web", world.time.instant());
        world.run(Duration.ofMinutes(3));
        assertThat(ControllerWorld.value(world.production, "a")).isEqualTo("-");
        assertThat(inventory(world, "web")).isEmpty();
    }

    @Test
    void damagedInventory_prunesNothing_andTheApplicationSaysSo() {
        ControllerWorld world = world(TRACKING);
        world.push("web/a.yaml", ControllerWorld.map("a", "1"), "web/b.yaml", ControllerWorld.map("b", "1"));
        world.store.put(world.application("web", "in-cluster", AUTOMATED));
        world.settle();
        world.production.patch(
                ObjectRef.of(ControllerWorld.CONFIG_MAP, "default", "gitops4j-inventory-web"),
                PatchType.MERGE,
                JsonObject.of("data", JsonObject.of("entries", Json.of("/ConfigMap:shop/b\n"))),
                WriteOptions.defaults().withFieldManager("somebody"));
        world.push("web/b.yaml", "");
        world.controller.sourceChanged(ControllerWorld.URL);
        world.settle();
        assertThat(ControllerWorld.value(world.production, "b")).isEqualTo("1");
        assertThat(conditions(world, "web")).anySatisfy(text -> assertThat(text).contains("nothing is pruned"));
        assertThat(world.sync("web")).isEqualTo("OutOfSync");
    }

    @Test
    void objectOfTwoApplications_isAWarning_andOneThatMovesIsHandedOver() {
        ControllerWorld world = world(TRACKING);
        world.push("one/m.yaml", ControllerWorld.map("m", "1"), "two/x.yaml", ControllerWorld.map("x", "1"));
        world.store.put(world.application("one", "in-cluster", AUTOMATED));
        world.store.put(world.application("two", "in-cluster", AUTOMATED));
        world.settle();
        world.push("two/m.yaml", ControllerWorld.map("m", "1"));
        world.controller.sourceChanged(ControllerWorld.URL);
        world.settle();
        assertThat(conditions(world, "two"))
                .anySatisfy(text -> assertThat(text).contains("is part of applications two and one"));

        String uid = world.production
                .get(ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "m"))
                .orElseThrow()
                .object("metadata")
                .text("uid", "");
        world.push("one/m.yaml", "", "one/o.yaml", ControllerWorld.map("o", "1"));
        world.controller.sourceChanged(ControllerWorld.URL);
        world.run(Duration.ofMinutes(5));
        assertThat(world.production
                        .get(ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "m"))
                        .orElseThrow()
                        .object("metadata")
                        .text("uid", ""))
                .isEqualTo(uid);
        assertThat(names(world, "one")).containsExactly("o");
        assertThat(names(world, "two")).containsExactly("m", "x");
        assertThat(conditions(world, "two")).isEmpty();
    }

    @Test
    void method_isChangedThereAndBack_andNothingIsLostOrMadeAnew() {
        ControllerWorld world = world(ResourceTracking.byAnnotation());
        world.push("web/a.yaml", ControllerWorld.map("a", "1"), "web/b.yaml", ControllerWorld.map("b", "1"));
        world.store.put(world.application("web", "in-cluster", AUTOMATED));
        world.settle();
        GitOps marks = world.gitops;
        GitOps inventories = GitOps.builder(world.git, world.time)
                .renderer(new io.gitops4j.kustomize.KustomizeRenderer())
                .health(io.gitops4j.health.HealthChecks.standard())
                .cluster(world.production)
                .cluster(world.staging)
                .tracking(TRACKING)
                .build();
        String uid = uid(world);

        world.gitops = inventories;
        world.push("web/b.yaml", "");
        world.restart();
        world.settle();
        assertThat(ControllerWorld.value(world.production, "b")).isEqualTo("-");
        assertThat(names(world, "web")).containsExactly("a");
        assertThat(uid(world)).isEqualTo(uid);
        assertThat(world.sync("web")).isEqualTo("Synced");

        world.push("web/c.yaml", ControllerWorld.map("c", "1"));
        world.controller.sourceChanged(ControllerWorld.URL);
        world.settle();
        world.gitops = marks;
        world.push("web/c.yaml", "");
        world.restart();
        world.settle();
        assertThat(ControllerWorld.value(world.production, "c")).isEqualTo("-");
        assertThat(uid(world)).isEqualTo(uid);
        assertThat(inventory(world, "web")).isEmpty();
        assertThat(world.sync("web")).isEqualTo("Synced");
    }

    private static String uid(ControllerWorld world) {
        return world.production
                .get(ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "a"))
                .orElseThrow()
                .object("metadata")
                .text("uid", "");
    }

    @Test
    void driftWatch_tellsWhoseObjectHasChanged() {
        ControllerWorld world = world(TRACKING);
        world.push("web/a.yaml", ControllerWorld.map("a", "1"));
        var application = world.application("web", "in-cluster", "");
        assertThat(world.gitops.sync(application).result().orElseThrow().succeeded())
                .isTrue();
        try (DriftWatch drift = DriftWatch.open(world.gitops, world.production, List.of(application))
                .orThrow()) {
            assertThat(drift.poll()).isEmpty();
            ControllerWorld.edit(world.production, "a", "2");
            assertThat(drift.poll()).containsExactly(application);
        }
        assertThat(world.gitops.view(application).resources()).hasSize(1);
    }
}
