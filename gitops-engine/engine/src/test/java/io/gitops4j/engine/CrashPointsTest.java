package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import io.gitops4j.sync.Inventory;
import io.gitops4j.sync.InventoryKeeper;
import io.gitops4j.sync.ResourceTracking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The controller dies at every single call to the cluster, once before and once after the call has had its effect; another one
 * goes on from the store and the journal. In the end the cluster is the same, and nothing has been done twice.
 */
class CrashPointsTest {

    /** What is going on while the controller dies. */
    enum Scenario {
        SYNC(world -> world.store.put(world.application("web", "in-cluster", ""))) {
            @Override
            void begin(ControllerWorld world) {
                world.operation("web", "sync: {prune: true}");
            }
        },
        SYNC_OF_A_CHANGE_WITH_PRUNE(Scenario::deployed) {
            @Override
            void begin(ControllerWorld world) {
                world.push("web/a.yaml", map("a", "2", 0), "web/old.yaml", "");
                world.controller.sourceChanged(ControllerWorld.URL);
                world.operation("web", "sync: {prune: true}");
            }
        },
        ROLLBACK(world -> {
            deployed(world);
            world.push("web/a.yaml", map("a", "2", 0), "web/new.yaml", map("new", "1", 2), "web/old.yaml", "");
            world.controller.sourceChanged(ControllerWorld.URL);
            world.operation("web", "sync: {prune: true}");
            live(world, 10);
        }) {
            @Override
            void begin(ControllerWorld world) {
                world.operation(
                        "web",
                        "sync: {prune: true, revision: %s, syncOptions: [HooksOnRollback=true]}"
                                .formatted(
                                        world.status("web").array("history").get(0) instanceof JsonObject entry
                                                ? entry.text("revision", "")
                                                : ""));
            }
        },
        SELF_HEAL(world -> {
            world.store.put(world.application("web", "in-cluster", "automated: {prune: true, selfHeal: true}"));
            live(world, 10);
        }) {
            @Override
            void begin(ControllerWorld world) {
                ControllerWorld.edit(world.production, "a", "drifted");
                ControllerWorld.edit(world.production, "b", "drifted");
                world.production.delete(
                        ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "old"), DeleteOptions.defaults());
            }
        };

        private final Consumer<ControllerWorld> before;

        Scenario(Consumer<ControllerWorld> before) {
            this.before = before;
        }

        abstract void begin(ControllerWorld world);

        static void deployed(ControllerWorld world) {
            world.store.put(world.application("web", "in-cluster", ""));
            live(world, 1);
            world.operation("web", "sync: {prune: true}");
            live(world, 10);
        }
    }

    /** Lets so many seconds pass, with a kubelet that ends the pods of hooks. */
    private static void live(ControllerWorld world, int seconds) {
        for (int second = 0; second < seconds; second++) {
            finishHooks(world);
            world.run(Duration.ofSeconds(1));
        }
    }

    private static void finishHooks(ControllerWorld world) {
        Gvk pod = new Gvk("", "v1", "Pod");
        for (String name : List.of("pre", "post")) {
            ObjectRef ref = ObjectRef.of(pod, "shop", name);
            world.production
                    .get(ref)
                    .filter(live -> !live.object("status").text("phase", "").equals("Succeeded"))
                    .ifPresent(live -> world.production.patch(
                            ref.sub("status"),
                            PatchType.MERGE,
                            JsonObject.of("status", JsonObject.of("phase", Json.of("Succeeded"))),
                            WriteOptions.defaults().withFieldManager("kubelet")));
        }
    }

    private static String map(String name, String value, int wave) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, annotations: {argocd.argoproj.io/sync-wave: '%d'}}
                data: {value: '%s'}
                """.formatted(name, wave, value);
    }

    private static String hook(String name, String phase) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, annotations: {argocd.argoproj.io/hook: %s}}
                spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
                """.formatted(name, phase);
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void crash_atEveryCall_leavesTheSameCluster_andNothingIsDoneTwice(Scenario scenario) {
        Run reference = new Run(-1);
        reference.play(scenario);
        assertThat(reference.phase()).isEqualTo("Succeeded");
        assertThat(reference.effects).isNotEmpty();
        assertThat(reference.calls).isGreaterThan(5);

        for (int crash = 1; crash <= 2 * reference.calls; crash++) {
            Run run = new Run(crash);
            run.play(scenario);
            assertThat(run.crashed).as("crash at %s", crash).isTrue();
            assertThat(run.phase())
                    .as("crash at %s: %s", crash, run.world.message("web"))
                    .isEqualTo("Succeeded");
            assertThat(run.objects()).as("crash at %s", crash).isEqualTo(reference.objects());
            assertThat(run.effects).as("crash at %s", crash).isEqualTo(reference.effects);
        }
    }

    /** What is tracked by an inventory alone is in it at any moment, so that whoever goes on finds it. */
    @ParameterizedTest
    @EnumSource(
            value = Scenario.class,
            names = {"SYNC", "SYNC_OF_A_CHANGE_WITH_PRUNE"})
    void crash_atEveryCall_withInventories_losesNoObject(Scenario scenario) {
        Run reference = new Run(-1, ResourceTracking.byInventory("default"));
        reference.play(scenario);
        assertThat(reference.phase()).isEqualTo("Succeeded");
        assertThat(reference.unrecorded()).isEmpty();
        assertThat(reference.inventory().isWhole()).isTrue();

        for (int crash = 1; crash <= 2 * reference.calls; crash++) {
            Run run = new Run(crash, ResourceTracking.byInventory("default"));
            run.play(scenario);
            assertThat(run.crashed).as("crash at %s", crash).isTrue();
            assertThat(run.lost).as("crash at %s", crash).isEmpty();
            assertThat(run.phase()).as("crash at %s", crash).isEqualTo("Succeeded");
            assertThat(run.objects()).as("crash at %s", crash).isEqualTo(reference.objects());
            assertThat(run.inventory().entries())
                    .as("crash at %s", crash)
                    .isEqualTo(reference.inventory().entries());
            assertThat(run.inventory().isWhole()).as("crash at %s", crash).isTrue();
        }
    }

    /** The process dies in the middle of a call. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    /** One world in which the controller dies at one point, or at none. */
    private static final class Run {
        private final int crashAt;
        private final Map<String, Integer> effects = new TreeMap<>();
        private boolean counting;
        private int points;
        private int calls;
        private boolean crashed;
        private final List<String> lost = new ArrayList<>();
        private final ControllerWorld world;

        Run(int crashAt) {
            this(crashAt, ResourceTracking.byAnnotation());
        }

        Run(int crashAt, ResourceTracking tracking) {
            this.crashAt = crashAt;
            this.world = new ControllerWorld(
                    builder -> builder.tracking(tracking), builder -> builder.access(cluster -> new Dying(cluster)));
        }

        Inventory inventory() {
            return new InventoryKeeper(world.production, ResourceTracking.byInventory("default"))
                    .read("web")
                    .orElseThrow();
        }

        /** The ConfigMaps that are there and in no inventory. */
        List<String> unrecorded() {
            List<String> names = new ArrayList<>();
            InventoryKeeper keeper = new InventoryKeeper(world.production, ResourceTracking.byInventory("default"));
            List<ResourceKey> entries =
                    keeper.read("web").map(Inventory::entries).orElse(List.of());
            world.production
                    .list(ListQuery.of(ControllerWorld.CONFIG_MAP).in("shop"))
                    .items()
                    .forEach(object -> names.add(object.object("metadata").text("name", "")));
            names.remove("kube-root-ca.crt");
            names.removeIf(
                    name -> entries.stream().anyMatch(entry -> entry.name().equals(name)));
            return names;
        }

        String phase() {
            return world.phase("web");
        }

        void play(Scenario scenario) {
            world.push(
                    "web/a.yaml", map("a", "1", 0),
                    "web/b.yaml", map("b", "1", 1),
                    "web/old.yaml", map("old", "1", 1),
                    "web/pre.yaml", hook("pre", "PreSync"),
                    "web/post.yaml", hook("post", "PostSync"));
            scenario.before.accept(world);
            counting = true;
            scenario.begin(world);
            for (int second = 0; second < 40; second++) {
                try {
                    live(world, 1);
                } catch (Crash crash) {
                    crashed = true;
                    lost.addAll(unrecorded());
                    world.controller.close();
                    world.store.reread();
                    world.controller = world.controller(builder -> builder.access(cluster -> new Dying(cluster)));
                }
            }
            calls = points / 2;
        }

        /** What is in the namespace, without what tells one run from another. */
        Map<String, String> objects() {
            Map<String, String> objects = new TreeMap<>();
            for (String kind : List.of("ConfigMap", "Pod")) {
                world.production
                        .list(ListQuery.of(new Gvk("", "v1", kind)).in("shop"))
                        .items()
                        .forEach(object -> objects.put(
                                kind + " " + object.object("metadata").text("name", ""), content(object)));
            }
            return objects;
        }

        private static String content(JsonObject object) {
            return object.object("data").toJson()
                    + object.object("metadata").object("annotations").text("argocd.argoproj.io/tracking-id", "");
        }

        private void point() {
            if (counting && ++points == crashAt) {
                throw new Crash();
            }
        }

        /** A cluster at whose calls the controller dies; what changes there by a call is counted. */
        private final class Dying implements Cluster {
            private final Cluster cluster;

            Dying(Cluster cluster) {
                this.cluster = cluster;
            }

            private <T> T call(Supplier<T> call) {
                point();
                T answer = call.get();
                point();
                return answer;
            }

            private <T> T write(String verb, ObjectRef ref, boolean dryRun, Supplier<T> call) {
                return call(() -> {
                    String before = cluster.get(ref).map(Run::content).orElse("-");
                    T answer = call.get();
                    String after = cluster.get(ref).map(Run::content).orElse("-");
                    if (counting && !dryRun && !before.equals(after)) {
                        effects.merge(verb + " " + ref.gvk().kind() + " " + ref.name(), 1, Integer::sum);
                    }
                    return answer;
                });
            }

            @Override
            public String name() {
                return cluster.name();
            }

            @Override
            public String server() {
                return cluster.server();
            }

            @Override
            public Optional<JsonObject> get(ObjectRef ref) {
                return call(() -> cluster.get(ref));
            }

            @Override
            public ListPage list(ListQuery query) {
                // a controller that begins lists everything: that is no interaction of an operation
                return cluster.list(query);
            }

            @Override
            public Watch watch(ListQuery query) {
                return cluster.watch(query);
            }

            @Override
            public JsonObject create(JsonObject object, WriteOptions options) {
                return write("create", ObjectRef.of(object), options.dryRun(), () -> cluster.create(object, options));
            }

            @Override
            public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
                return write("write", ref, options.dryRun(), () -> cluster.replace(ref, object, options));
            }

            @Override
            public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
                return write("write", ref, options.dryRun(), () -> cluster.patch(ref, type, patch, options));
            }

            @Override
            public JsonObject delete(ObjectRef ref, DeleteOptions options) {
                return write("delete", ref, options.dryRun(), () -> cluster.delete(ref, options));
            }

            @Override
            public List<ApiResource> resources() {
                return cluster.resources();
            }

            @Override
            public Optional<JsonObject> schema(Gvk gvk) {
                return cluster.schema(gvk);
            }

            @Override
            public String version() {
                return cluster.version();
            }
        }
    }
}
