package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import io.gitops4j.sync.Refresh;
import io.gitops4j.sync.ResourceTracking;
import io.gitops4j.testkit.ForwardingCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a controller keeps of live objects: metadata of all, whole manifests within a budget, and the same results with any. */
class LiveManifestsTest {
    private static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    private static final String AUTOMATED = "automated: {prune: true, selfHeal: true}";

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %s}
            spec:
              replicas: %d
              selector: {matchLabels: {app: %s}}
              template:
                metadata: {labels: {app: %s}}
                spec: {containers: [{name: web, image: 'web:%d'}]}
            """;

    private static final String INGRESS = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: front}
            spec:
              tls: [{hosts: [shop.example.com]}]
              rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: w, port: {number: 80}}}}]}}]
            """;

    /** A horizontal autoscaler in a version that is not the preferred one. */
    private static final String SCALER = """
            apiVersion: autoscaling/v1
            kind: HorizontalPodAutoscaler
            metadata: {name: scaler}
            spec: {maxReplicas: %d, targetCPUUtilizationPercentage: 70, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
            """;

    private static ControllerWorld world(long budget, List<String> calls) {
        return new ControllerWorld(
                builder -> builder.limits(Limits.builder().manifestBytes(budget).build()),
                builder -> builder.access(cluster -> new Counting(cluster, calls)));
    }

    // ---- the same results with any budget

    /** Everything that a controller says and does in a world with edits, prunes, rollouts, adoption and foreign hands. */
    private static Map<String, Object> story(long budget, int seed) {
        ControllerWorld world = world(budget, new ArrayList<>());
        Random random = new Random(seed);
        world.production.create(object(ControllerWorld.map("found", "0")), WriteOptions.defaults());
        world.push(
                "web/web.yaml", WEB.formatted("web", 2, "web", "web", 1),
                "web/front.yaml", INGRESS,
                "web/scaler.yaml", SCALER.formatted(3),
                "web/found.yaml", ControllerWorld.map("found", "1"),
                "many/a.yaml", maps(40, "1"),
                "hand/h.yaml", ControllerWorld.map("hand", "1"));
        world.store.put(world.application("web", "in-cluster", AUTOMATED));
        world.store.put(world.application("many", "in-cluster", AUTOMATED));
        world.store.put(world.application("hand", "staging", ""));
        world.settle();
        for (int step = 0; step < 12; step++) {
            step(world, random.nextInt(9), step);
            world.run(Duration.ofSeconds(5 + random.nextInt(90)));
        }
        world.restart();
        world.settle();
        Map<String, Object> told = new TreeMap<>();
        for (String name : List.of("web", "many", "hand")) {
            told.put("status of " + name, world.status(name).canonical());
        }
        told.put("decisions", world.decisions.toString());
        told.put("events", world.events.toString());
        told.put("journal", world.journal.toString().replaceAll("@[0-9a-f]+", ""));
        told.put("trees", world.controller.tree("web").toString());
        for (Gvk kind : List.of(ControllerWorld.CONFIG_MAP, DEPLOYMENT)) {
            told.put(
                    kind.kind(),
                    world.production.list(ListQuery.of(kind)).items().toString());
        }
        return told;
    }

    private static void step(ControllerWorld world, int what, int step) {
        switch (what) {
            case 0 -> ControllerWorld.edit(world.production, "found", "by hand " + step);
            case 1 -> world.push("web/web.yaml", WEB.formatted("web", 3, "web", "web", 1 + step));
            case 2 -> world.push("many/a.yaml", maps(20 + step, String.valueOf(step)));
            case 3 ->
                world.production.delete(
                        ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "m3"), DeleteOptions.defaults());
            case 4 -> world.push("web/scaler.yaml", SCALER.formatted(3 + step));
            case 5 ->
                world.production.patch(
                        ObjectRef.of(DEPLOYMENT, "shop", "web"),
                        PatchType.MERGE,
                        JsonObject.of("spec", JsonObject.of("replicas", Json.of(7))),
                        WriteOptions.defaults().withFieldManager("somebody"));
            case 6 -> world.operation("hand", "sync: {prune: true}");
            case 7 -> world.controller.refresh("many", Refresh.Level.FORCED);
            default -> world.push("web/extra.yaml", ControllerWorld.map("extra", String.valueOf(step)));
        }
        world.controller.sourceChanged(ControllerWorld.URL);
    }

    private static String maps(int count, String value) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(ControllerWorld.map("m" + i, value)).append("---\n");
        }
        return all.toString();
    }

    private static JsonObject object(String yaml) {
        JsonObject object = YamlReader.kubectl()
                .readManifests("a.yaml", yaml)
                .orThrow()
                .get(0)
                .body();
        return object.with("metadata", object.object("metadata").with("namespace", "shop"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void statusesAndDecisions_areTheSame_withNoBudgetATinyAndAHugeOne(int seed) {
        Map<String, Object> huge = story(1L << 40, seed);
        assertThat((String) huge.get("status of web"))
                .contains("\"images\":[\"web:")
                .contains("https://shop.example.com/")
                .contains("\"status\":\"Synced\"");
        for (long budget : new long[] {0, 6_000}) {
            Map<String, Object> other = story(budget, seed);
            huge.forEach((what, told) ->
                    assertThat(first(other.get(what), told)).as(what).isEmpty());
        }
    }

    /** Where two long texts begin to differ. */
    private static String first(Object one, Object other) {
        String a = String.valueOf(one);
        String b = String.valueOf(other);
        int at = 0;
        while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
            at++;
        }
        int from = Math.max(0, at - 200);
        return a.equals(b)
                ? ""
                : a.substring(from, Math.min(a.length(), at + 200)) + "\n-- not --\n"
                        + b.substring(from, Math.min(b.length(), at + 200));
    }

    // ---- what is read, and when

    /** An access to a cluster that notes reads. */
    private static final class Counting extends ForwardingCluster {
        private final List<String> calls;

        Counting(Cluster cluster, List<String> calls) {
            super(cluster);
            this.calls = calls;
        }

        @Override
        public Optional<JsonObject> get(ObjectRef ref) {
            calls.add("get " + ref.gvk().apiVersion() + " " + ref.key().kind() + " " + ref.name());
            return super.get(ref);
        }

        @Override
        public ListPage list(ListQuery query) {
            calls.add("list " + query.gvk().kind() + (query.namespace().isEmpty() ? "" : " in " + query.namespace()));
            return super.list(query);
        }

        @Override
        public Watch watch(ListQuery query) {
            calls.add("watch " + query.gvk().kind());
            return super.watch(query);
        }

        @Override
        public ListPage listMetadata(ListQuery query) {
            calls.add("metadata of " + query.gvk().kind());
            return super.listMetadata(query);
        }

        @Override
        public Watch watchMetadata(ListQuery query) {
            calls.add("watch metadata of " + query.gvk().kind());
            return super.watchMetadata(query);
        }
    }

    private static ControllerWorld synced(long budget, List<String> calls) {
        ControllerWorld world = world(budget, calls);
        world.push("many/a.yaml", maps(40, "1"), "few/f.yaml", ControllerWorld.map("f", "1"));
        world.store.put(world.application("many", "in-cluster", AUTOMATED));
        world.store.put(world.application("few", "in-cluster", AUTOMATED));
        world.settle();
        assertThat(world.sync("many")).isEqualTo("Synced");
        calls.clear();
        return world;
    }

    @Test
    void kindsOfWhichNothingIsManaged_areReadByTheirMetadata_theOthersWhole() {
        List<String> calls = new ArrayList<>();
        ControllerWorld world = synced(0, calls);
        world.restart();
        world.controller.close();
        world.controller = world.controller(builder -> builder.access(cluster -> new Counting(cluster, calls)));
        calls.clear();
        world.run(Duration.ofSeconds(1));
        Set<String> kinds = new LinkedHashSet<>(calls);

        assertThat(kinds).contains("metadata of Secret", "watch metadata of Secret", "metadata of Pod");
        assertThat(kinds).contains("list ConfigMap", "watch ConfigMap").doesNotContain("list Secret", "watch Pod");
    }

    @Test
    void comparisonThatWasMade_needsNoManifest() {
        List<String> calls = new ArrayList<>();
        ControllerWorld world = synced(0, calls);
        world.controller.refresh("many", Refresh.Level.FORCED);
        world.run(Duration.ofSeconds(1));
        assertThat(calls).isEmpty();

        // one of forty has changed: one is read, and the sync of it reads what it writes
        ControllerWorld.edit(world.production, "m7", "by hand");
        world.controller.run();
        assertThat(calls).isNotEmpty().allMatch(call -> call.equals("get v1 ConfigMap m7"));
        assertThat(ControllerWorld.value(world.production, "m7")).isEqualTo("1");
    }

    @Test
    void manyMissingManifests_areReadByOneList_fewOneByOne_andNoneThatFit() {
        List<String> calls = new ArrayList<>();
        ControllerWorld world = synced(0, calls);
        world.push("many/a.yaml", maps(40, "1") + ControllerWorld.map("m40", "1"));
        world.controller.sourceChanged(ControllerWorld.URL);
        world.controller.run();
        assertThat(calls).doesNotContain("list ConfigMap in shop");

        // the rules have changed, so that all is compared again
        calls.clear();
        world.store.put(world.store
                .get("many")
                .orElseThrow()
                .withSpec(
                        "ignoreDifferences",
                        io.gitops4j.json.JsonArray.of(YamlReader.kubectl()
                                .read("i.yaml", "{kind: ConfigMap, jsonPointers: [/data/other]}")
                                .orThrow())));
        world.controller.run();
        assertThat(calls)
                .containsExactly(
                        "get v1 ConfigMap m0", "get v1 ConfigMap m1", "get v1 ConfigMap m10", "list ConfigMap in shop");

        List<String> roomy = new ArrayList<>();
        ControllerWorld other = synced(1L << 30, roomy);
        other.store.put(other.store
                .get("many")
                .orElseThrow()
                .withSpec(
                        "ignoreDifferences",
                        io.gitops4j.json.JsonArray.of(YamlReader.kubectl()
                                .read("i.yaml", "{kind: ConfigMap, jsonPointers: [/data/other]}")
                                .orThrow())));
        other.controller.run();
        assertThat(roomy).isEmpty();
    }

    @Test
    void objectInAnotherVersionThanThePreferredOne_isComparedInTheVersionOfGit() {
        List<String> calls = new ArrayList<>();
        ControllerWorld world = world(1L << 30, calls);
        world.push("web/scaler.yaml", SCALER.formatted(3));
        world.store.put(world.application("web", "in-cluster", AUTOMATED));
        world.settle();
        assertThat(world.sync("web")).isEqualTo("Synced");
        world.production.patch(
                ObjectRef.of(new Gvk("autoscaling", "v2", "HorizontalPodAutoscaler"), "shop", "scaler"),
                PatchType.MERGE,
                JsonObject.of("metadata", JsonObject.of("labels", JsonObject.of("by", Json.of("hand")))),
                WriteOptions.defaults());
        calls.clear();
        world.controller.run();
        assertThat(world.sync("web")).isEqualTo("Synced");
        assertThat(calls).containsExactly("get autoscaling/v1 HorizontalPodAutoscaler scaler");
        calls.clear();
        world.controller.refresh("web", Refresh.Level.FORCED);
        world.controller.run();
        assertThat(calls).isEmpty();
    }

    @Test
    void tree_showsWhatBelongsToAnApplication_andWhatThatOwns() {
        ControllerWorld world = world(0, new ArrayList<>());
        world.push("web/web.yaml", WEB.formatted("web", 2, "web", "web", 1));
        world.store.put(world.application("web", "in-cluster", AUTOMATED));
        world.settle();
        assertThat(world.controller.tree("web"))
                .extracting(node -> node.depth() + " " + node.key().kind())
                .containsExactly("0 Deployment", "1 ReplicaSet", "2 Pod", "2 Pod");
        assertThat(world.controller.tree("nobody")).isEmpty();
    }

    // ---- the parts

    private static final ResourceKey A = new ResourceKey("", "ConfigMap", "shop", "a");
    private static final ResourceKey B = new ResourceKey("", "ConfigMap", "shop", "b");
    private static final ResourceKey C = new ResourceKey("", "ConfigMap", "shop", "c");

    @Test
    void cache_keepsWhatWasUsedLast_withinItsBytes() {
        JsonObject object = object(ControllerWorld.map("a", "1"));
        long size = ManifestCache.size(object);
        ManifestCache cache = new ManifestCache(2 * size);
        cache.put(A, object);
        cache.put(B, object);
        assertThat(cache.get(A)).isSameAs(object);
        cache.put(C, object);

        assertThat(cache.has(A)).isTrue();
        assertThat(cache.has(B)).isFalse();
        assertThat(cache.bytes()).isEqualTo(2 * size);
        cache.put(A, object.with("data", JsonObject.of("big", Json.of("x".repeat((int) (2 * size))))));
        assertThat(cache.size()).isOne();
        cache.remove(C);
        assertThat(cache.bytes()).isZero();
        assertThat(new ManifestCache(0).get(A)).isNull();
    }

    @Test
    void olderAnswerThanWhatIsKnown_isNoBasisForAComparison() {
        ControllerWorld world = new ControllerWorld();
        JsonObject old = world.production.create(object(ControllerWorld.map("a", "1")), WriteOptions.defaults());
        ControllerWorld.edit(world.production, "a", "2");
        JsonObject now = world.production
                .get(ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "a"))
                .orElseThrow();
        Cluster late = new ForwardingCluster(world.production) {
            @Override
            public Optional<JsonObject> get(ObjectRef ref) {
                return Optional.of(old);
            }
        };
        LiveObjects objects =
                new LiveObjects(late, ResourceTracking.byAnnotation(), HealthChecks.standard(), key -> true, 0);
        assertThat(objects.put(now, true)).isTrue();
        assertThat(objects.put(old, true)).isFalse();
        JsonObject summary = objects.index().get(A);

        assertThat(summary).isNotNull();
        assertThat(summary.has("data")).isFalse();
        assertThatExceptionOfType(GitOpsException.class)
                .isThrownBy(() -> objects.whole("v1", summary))
                .satisfies(e -> assertThat(e.code()).isEqualTo("STALE_READ"));
    }

    @Test
    void objectThatMovesOnWhileAPlanIsMade_letsThePlanBeMadeAgain() {
        ControllerWorld world = new ControllerWorld();
        JsonObject first = world.production.create(object(ControllerWorld.map("a", "1")), WriteOptions.defaults());
        LiveObjects objects = new LiveObjects(
                world.production, ResourceTracking.byAnnotation(), HealthChecks.standard(), key -> true, 0);
        objects.put(first, true);
        ControllerWorld.edit(world.production, "a", "2");
        List<String> seen = new ArrayList<>();
        String made = objects.reading(List.of(objects.index().all().get(0)), () -> {
            String value = objects.whole("v1", objects.index().all().get(0))
                    .object("data")
                    .text("value", "");
            seen.add(value);
            return value;
        });
        assertThat(made).isEqualTo("2");
        assertThat(seen).containsExactly("2", "2");
        world.production.delete(ObjectRef.of(ControllerWorld.CONFIG_MAP, "shop", "a"), DeleteOptions.defaults());
        int left = objects.reading(List.of(), () -> {
            objects.index().all().forEach(summary -> objects.whole("v1", summary));
            return objects.index().all().size();
        });
        assertThat(left).isZero();
        assertThat(objects.graph().size()).isZero();
    }
}
