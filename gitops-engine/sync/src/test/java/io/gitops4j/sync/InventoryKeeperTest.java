package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.ForwardingCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The record of what belongs to an application: pages, digest, and a writer that dies at any call. */
class InventoryKeeperTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final ResourceTracking TRACKING = ResourceTracking.byInventory("kube-system");

    private final FakeCluster cluster = FakeCluster.builder().build().ensureNamespace("ns");

    private static String maps(String prefix, int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ")
                    .append(prefix)
                    .append(i)
                    .append(", namespace: ns}\n---\n");
        }
        return all.toString();
    }

    private Plan plan(String app, String desired, ResourceTracking tracking) {
        Kinds kinds = Kinds.of(cluster);
        ResourceIndex index = ResourceIndex.read(cluster, kinds, tracking);
        List<ResourceKey> keys = new ArrayList<>();
        Yaml.manifests(desired).forEach(manifest -> keys.add(manifest.key()));
        return Planner.plan(PlanRequest.builder(app, "ns")
                        .desired(desired.isEmpty() ? List.of() : Yaml.manifests(desired))
                        .live(index.of(app, keys))
                        .settings(SyncSettings.defaults().withPrune(true).withAllowEmpty(true))
                        .tracking(tracking)
                        .ownership(index)
                        .kinds(kinds)
                        .build())
                .orThrow();
    }

    private Set<String> recorded(Cluster at, String app) {
        Set<String> names = new LinkedHashSet<>();
        new InventoryKeeper(at, TRACKING)
                .read(app)
                .ifPresent(inventory -> inventory.entries().forEach(key -> names.add(key.name())));
        return names;
    }

    private void create(Plan plan) {
        for (PlanStep step : plan.steps()) {
            if (step.action() == PlanStep.Action.CREATE) {
                cluster.create(step.task().subject(), WriteOptions.defaults());
            }
        }
    }

    private long parts() {
        return cluster.list(ListQuery.of(CONFIG_MAP).in("kube-system").labels(Inventory.LABEL))
                .items()
                .size();
    }

    // ---- the record

    @Test
    void record_isWidenedBeforeWrites_andNarrowedAfterDeletions() {
        InventoryKeeper keeper = new InventoryKeeper(cluster, TRACKING);
        Plan first = plan("app", maps("m", 3), TRACKING);
        keeper.widen(first);
        assertThat(recorded(cluster, "app")).containsExactly("m0", "m1", "m2");
        create(first);
        keeper.narrow(first, key -> false);
        assertThat(recorded(cluster, "app")).containsExactly("m0", "m1", "m2");
        assertThat(cluster.get(ObjectRef.of(CONFIG_MAP, "ns", "m0"))
                        .orElseThrow()
                        .object("metadata")
                        .has("annotations"))
                .isFalse();

        Plan second = plan("app", maps("m", 2) + maps("n", 1), TRACKING);
        assertThat(second.counts()).containsEntry(PlanStep.Action.DELETE, 1).containsEntry(PlanStep.Action.CREATE, 1);
        keeper.widen(second);
        assertThat(recorded(cluster, "app")).containsExactly("m0", "m1", "m2", "n0");
        create(second);
        keeper.narrow(second, key -> false);
        assertThat(recorded(cluster, "app")).as("what is still there stays").contains("m2");
        cluster.delete(ObjectRef.of(CONFIG_MAP, "ns", "m2"), DeleteOptions.defaults());
        keeper.narrow(second, key -> false);
        assertThat(recorded(cluster, "app")).containsExactly("m0", "m1", "n0");
        String version = cluster.list(ListQuery.of(CONFIG_MAP)).resourceVersion();
        keeper.widen(plan("app", maps("m", 2) + maps("n", 1), TRACKING));
        assertThat(cluster.list(ListQuery.of(CONFIG_MAP)).resourceVersion()).isEqualTo(version);
        keeper.delete("app");
        assertThat(parts()).isZero();
    }

    @Test
    void record_thatIsTooLargeForOneObject_isPaged_andOldPagesGo() {
        InventoryKeeper keeper = new InventoryKeeper(cluster, TRACKING, 300);
        keeper.widen(plan("app", maps("object", 40), TRACKING));
        Inventory inventory = keeper.read("app").orElseThrow();
        assertThat(inventory.entries()).hasSize(40);
        assertThat(inventory.isWhole()).isTrue();
        assertThat(inventory.pages()).isGreaterThan(2);
        assertThat(parts()).isEqualTo(inventory.pages() + 1L);
        cluster.list(ListQuery.of(CONFIG_MAP).in("kube-system").labels(Inventory.LABEL))
                .items()
                .forEach(part -> assertThat(
                                part.object("data").text("entries", "").length())
                        .isLessThanOrEqualTo(300));

        keeper.widen(plan("app", maps("object", 41), TRACKING));
        Inventory next = keeper.read("app").orElseThrow();
        assertThat(next.entries()).hasSize(41);
        assertThat(next.generation()).isEqualTo(inventory.generation() + 1);
        assertThat(parts()).isEqualTo(next.pages() + 1L);
        assertThatExceptionOfType(GitOpsException.class)
                .isThrownBy(() ->
                        new InventoryKeeper(cluster, TRACKING, 20).widen(plan("other", maps("object", 90), TRACKING)))
                .satisfies(e -> assertThat(e.code()).isEqualTo("INVENTORY_SIZE"));
    }

    @Test
    void names_withColons_areReadAsTheyWereWritten() {
        List<ResourceKey> keys = List.of(
                new ResourceKey("rbac.authorization.k8s.io", "ClusterRole", "", "system:a:b"),
                new ResourceKey("", "ConfigMap", "ns", "a.b-c"));
        JsonObject head = Inventory.record("app", "ns", 1, keys, false, 1_000).get(0);
        Inventory read = Inventory.read("app", head, new LinkedHashMap<>());
        assertThat(read.entries()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(Inventory.headName("x".repeat(250))).hasSizeLessThan(100);
    }

    // ---- damage

    @ParameterizedTest
    @ValueSource(strings = {"entries", "digest", "count", "generation", "page"})
    void recordThatWasCutOrEdited_deletesNothing_andSaysSo(String what) {
        InventoryKeeper keeper = new InventoryKeeper(cluster, TRACKING, what.equals("page") ? 60 : 100_000);
        Plan first = plan("app", maps("m", 6), TRACKING);
        keeper.widen(first);
        create(first);
        Inventory whole = keeper.read("app").orElseThrow();
        if (what.equals("page")) {
            cluster.delete(
                    ObjectRef.of(CONFIG_MAP, "kube-system", Inventory.pageName("app", whole.generation(), 0)),
                    DeleteOptions.defaults());
        } else {
            cluster.patch(
                    ObjectRef.of(CONFIG_MAP, "kube-system", Inventory.headName("app")),
                    PatchType.MERGE,
                    JsonObject.of(
                            "data", JsonObject.of(what, Json.of(what.equals("entries") ? "/ConfigMap:ns/m5\n" : "x"))),
                    WriteOptions.defaults());
        }
        Plan plan = plan("app", maps("m", 1), TRACKING);
        assertThat(plan.counts()).doesNotContainKey(PlanStep.Action.DELETE);
        assertThat(plan.problems()).extracting(Problem::code).contains("INVENTORY_DAMAGED");
        assertThat(plan.steps()).anySatisfy(step -> assertThat(step.reason()).contains("the inventory is damaged"));

        // what replaces it is still not trusted, until somebody has looked
        keeper.widen(plan("app", maps("m", 1) + maps("n", 1), TRACKING));
        Inventory after = keeper.read("app").orElseThrow();
        assertThat(after.entries()).extracting(ResourceKey::name).contains("m5", "n0");
        assertThat(after.isWhole()).isFalse();
        assertThat(plan("app", maps("n", 1), TRACKING).counts()).doesNotContainKey(PlanStep.Action.DELETE);
        JsonObject head = cluster.get(ObjectRef.of(CONFIG_MAP, "kube-system", Inventory.headName("app")))
                .orElseThrow();
        cluster.replace(
                ObjectRef.of(head),
                head.with("data", head.object("data").without("incomplete")),
                WriteOptions.defaults());
        assertThat(plan("app", maps("n", 1), TRACKING).counts()).containsKey(PlanStep.Action.DELETE);
    }

    // ---- conflicts and methods

    @Test
    void objectInTheInventoryOfAnother_isAConflict() {
        Plan first = plan("one", maps("m", 1), TRACKING);
        new InventoryKeeper(cluster, TRACKING).widen(first);
        create(first);
        assertThat(plan("two", maps("m", 1), TRACKING).problems())
                .extracting(Problem::code, Problem::text)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "PLAN_SHARED_RESOURCE", "ConfigMap/ns/m0 is part of applications two and one"));
        assertThat(plan("one", maps("m", 1), TRACKING).problems()).isEmpty();
        assertThat(plan("one", maps("m", 1), TRACKING).isNoop()).isTrue();
    }

    @Test
    void objectThatIsThereAlready_isTakenIntoTheInventory_thoughNothingOfItDiffers() {
        cluster.create(Yaml.object(maps("m", 1).replace("---\n", "")), WriteOptions.defaults());
        Plan plan = plan("app", maps("m", 1), TRACKING);
        assertThat(plan.steps()).extracting(PlanStep::reason).containsExactly("not in the inventory yet");
        new InventoryKeeper(cluster, TRACKING).widen(plan);
        assertThat(plan("app", maps("m", 1), TRACKING).isNoop()).isTrue();
    }

    @Test
    void objectsWithMarks_areTakenOver_andGivenBack() {
        ResourceTracking marks = ResourceTracking.byAnnotation();
        Plan marked = plan("app", maps("m", 2), marks);
        create(marked);

        // by inventory: the mark counts until there is one, so that what is no longer desired is deleted
        Plan over = plan("app", maps("m", 1), TRACKING);
        assertThat(over.counts()).containsEntry(PlanStep.Action.DELETE, 1);
        InventoryKeeper keeper = new InventoryKeeper(cluster, TRACKING);
        keeper.widen(over);
        assertThat(recorded(cluster, "app")).containsExactly("m0", "m1");

        // back: what is in the inventory and not marked is the application's still
        cluster.delete(ObjectRef.of(CONFIG_MAP, "ns", "m1"), DeleteOptions.defaults());
        Plan unmarked = plan("app", maps("m", 1) + maps("x", 1), TRACKING);
        keeper.widen(unmarked);
        create(unmarked);
        Plan back = plan("app", maps("m", 1), marks);
        assertThat(back.steps())
                .anySatisfy(step -> assertThat(step.task().key().name() + " " + step.action())
                        .isEqualTo("x0 DELETE"));
        cluster.delete(ObjectRef.of(CONFIG_MAP, "ns", "x0"), DeleteOptions.defaults());
        new InventoryKeeper(cluster, new ResourceTracking(ResourceTracking.Method.ANNOTATION, "l", "", "kube-system"))
                .narrow(back, key -> false);
        assertThat(parts()).isZero();
    }

    // ---- death

    /** The writer dies before or after its n-th write. */
    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void writerThatDiesAtAnyCall_leavesAWholeRecord_andTheNextOneEndsWhereItWould() {
        int died = 0;
        for (int at = 0; at < 200; at++) {
            FakeCluster world = FakeCluster.builder().build().ensureNamespace("ns");
            InventoryKeeper sound = new InventoryKeeper(world, TRACKING, 120);
            List<ResourceKey> before = keys(10);
            write(sound, before);
            DyingCluster dying = new DyingCluster(world, at);
            boolean dies = false;
            try {
                write(new InventoryKeeper(dying, TRACKING, 120), keys(25));
            } catch (Death death) {
                dies = true;
                died++;
            }
            Inventory after = sound.read("app").orElseThrow();
            assertThat(after.damage()).as("death at %s", at).isEmpty();
            assertThat(after.entries()).as("death at %s", at).containsAll(before);
            write(sound, keys(25));
            Inventory end = sound.read("app").orElseThrow();
            assertThat(end.entries()).as("death at %s", at).hasSize(25);
            assertThat(end.isWhole()).isTrue();
            if (!dies) {
                break;
            }
        }
        assertThat(died).isGreaterThan(10);
    }

    private static List<ResourceKey> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ResourceKey("", "ConfigMap", "ns", "object-" + i))
                .toList();
    }

    /** Widens by a plan that creates these objects. */
    private static void write(InventoryKeeper keeper, List<ResourceKey> keys) {
        List<PlanStep> steps = new ArrayList<>();
        for (ResourceKey key : keys) {
            JsonObject object = Yaml.object(
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + key.name() + ", namespace: ns}\n");
            steps.add(
                    new PlanStep(SyncTask.apply(SyncPhase.SYNC, object, null), PlanStep.Action.CREATE, "", List.of()));
        }
        SyncSpec spec = new SyncSpec("", List.of(), new LinkedHashMap<>(), SyncSettings.defaults(), "");
        keeper.widen(new Plan("app", "r", steps, spec, List.of()));
    }

    /** A cluster at whose calls the caller dies, once before and once after the call has had its effect. */
    private static final class DyingCluster extends ForwardingCluster {
        private int left;

        DyingCluster(Cluster cluster, int calls) {
            super(cluster);
            left = calls;
        }

        private void point() {
            if (left-- == 0) {
                throw new Death();
            }
        }

        @Override
        protected <T> T call(Supplier<T> call) {
            point();
            T answer = call.get();
            point();
            return answer;
        }
    }
}
