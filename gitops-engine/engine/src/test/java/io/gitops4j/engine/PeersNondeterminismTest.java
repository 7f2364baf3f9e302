package io.gitops4j.engine;

import static io.gitops4j.engine.ControllerWorld.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.ApplicationSet;
import io.gitops4j.app.ClusterSecret;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.HealthRules;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.testkit.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What is left to chance in the peers, a property a place: the input is shuffled where its order has no meaning, and the bytes of
 * the answer stay.
 *
 * <p>The places that have their property elsewhere: order of targets, ties of the sort and additional live objects (1, 3, 4)
 * {@code SyncCrashTest#plan_isTheSameInWhateverOrderItsInputComes}; order in which writes end (8)
 * {@code SyncOptionsTest#batches_areBounded_andResultsComeInOneOrderHoweverTheyRun}; the offset of a zone (10)
 * {@code ProjectTest#window_followsTheWallClockOfItsZone_onBothSidesOfAChange}.
 *
 * <p>Source: argocd §15.
 */
class PeersNondeterminismTest {
    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("x.yaml", text).orThrow();
    }

    private static ApplicationSet set(String generators) {
        return ApplicationSet.of(YamlReader.kubectl()
                        .readManifests("set.yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: ApplicationSet
                                metadata: {name: set}
                                spec:
                                  generators: %s
                                  template:
                                    metadata: {name: 'app-{{name}}'}
                                    spec:
                                      project: default
                                      source: {repoURL: r, path: 'p/{{server}}'}
                                      destination: {name: in-cluster, namespace: shop}
                                """.formatted(generators))
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    /** 2. The cluster generator and the merge generator. */
    @Test
    void generators_giveOneOrder_inWhateverOrderClustersAndElementsCome() {
        ControllerWorld world = new ControllerWorld();
        List<ClusterSecret> clusters = new ArrayList<>();
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clusters.add(ClusterSecret.of(yaml("{apiVersion: v1, kind: Secret, metadata: {name: c" + i + ", labels: {"
                            + ClusterSecret.TYPE_LABEL + ": cluster}}, stringData: {name: c" + i
                            + ", server: 'https://c" + i
                            + "'}}"))
                    .orThrow());
            elements.add("{name: c" + i + ", server: s" + i + "}");
        }
        Set<String> answers = new LinkedHashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(clusters, new Random(seed));
            Collections.shuffle(elements, new Random(seed));
            List<ClusterSecret> now = List.copyOf(clusters);
            String merge = "[{merge: {mergeKeys: [name], generators: [{clusters: {}}, {list: {elements: " + elements
                    + "}}]}}]";
            for (String generator : List.of("[{clusters: {}}]", merge)) {
                ApplicationSets.Expanded expanded =
                        ApplicationSets.over(world.gitops).clusters(() -> now).expand(set(generator));
                assertThat(expanded.problems()).isEmpty();
                answers.add(generator.substring(0, 8)
                        + expanded.applications().stream()
                                .map(application -> application.body().toJson())
                                .toList());
            }
        }
        assertThat(answers).hasSize(2);
    }

    /** 5. Several wildcard rules that fit one kind. */
    @Test
    void ofSeveralPatterns_theSameOneDecides_inWhateverOrderTheyStand() {
        List<String> rules = new ArrayList<>(List.of(
                "- {kinds: ['*.example.io/*'], rules: '=> Degraded one'}\n",
                "- {kinds: ['a.example.io/*'], rules: '=> Suspended two'}\n",
                "- {kinds: ['a.*/Wid*'], rules: '=> Progressing three'}\n"));
        Set<String> answers = new LinkedHashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(rules, new Random(seed));
            answers.add(HealthRules.parse(String.join("", rules))
                    .orThrow()
                    .assess(yaml("{apiVersion: a.example.io/v1, kind: Widget, metadata: {name: w}}"))
                    .toString());
        }
        assertThat(answers).hasSize(1);
    }

    /** 6. Messages of a sync in which several objects fail. */
    @Test
    void messagesOfAFailedSync_comeInTheOrderOfItsTasks() {
        Set<String> answers = new LinkedHashSet<>();
        for (int seed = 0; seed < 5; seed++) {
            ControllerWorld world = new ControllerWorld();
            List<String> names = new ArrayList<>(List.of("d", "b", "a", "c"));
            Collections.shuffle(names, new Random(seed));
            StringBuilder all = new StringBuilder();
            names.forEach(name -> all.append("---\n").append(map(name, "1")));
            for (String name : names) {
                world.production.inject(
                        Fault.status(422, "Invalid", "no " + name).on("create").named(name));
            }
            world.push("shop/all.yaml", all.toString());
            world.store.put(world.application("shop", "in-cluster", "syncOptions: [DryRun=false]"));
            world.settle();
            world.operation("shop", "sync: {}\n");
            world.settle();
            answers.add(world.message("shop"));
        }
        assertThat(answers)
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains("no a,", "no b,", "no c,", "no d")
                        .matches("(?s).*no a.*no b.*no c.*no d.*"));
    }

    /** 7. Phases of one hook. */
    @Test
    void hookOfSeveralPhases_hasItsTasksInOneOrder_howeverThePhasesAreListed() {
        List<String> phases = new ArrayList<>(List.of("PostSync", "PreSync", "SyncFail", "Sync"));
        Set<String> answers = new LinkedHashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            Collections.shuffle(phases, new Random(seed));
            ControllerWorld world = new ControllerWorld();
            world.push("shop/a.yaml", map("a", "1"), "shop/h.yaml", """
                    apiVersion: batch/v1
                    kind: Job
                    metadata: {name: h, annotations: {argocd.argoproj.io/hook: '%s'}}
                    spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                    """.formatted(String.join(",", phases)));
            answers.add(world.gitops
                    .plan(world.application("shop", "in-cluster", ""))
                    .orThrow()
                    .display()
                    .replaceAll("@ [0-9a-f]+", ""));
        }
        assertThat(answers).hasSize(1);
    }

    /** 9. Builds side by side share nothing. */
    @Test
    void buildsSideBySide_giveWhatTheyGiveAlone() {
        List<MemoryTree> trees = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Map<String, String> files = new LinkedHashMap<>();
            files.put(
                    "kustomization.yaml",
                    "namePrefix: p" + i + "-\nresources: [a.yaml]\nconfigMapGenerator: [{name: g, literals: [k=" + i
                            + "]}]\n");
            files.put("a.yaml", map("a", "v" + i));
            trees.add(MemoryTree.ofText(files));
        }
        List<String> alone = trees.stream().map(PeersNondeterminismTest::built).toList();
        List<String> together = IntStream.range(0, trees.size())
                .parallel()
                .mapToObj(i -> built(trees.get(i)))
                .toList();
        assertThat(together).isEqualTo(alone);
    }

    private static String built(MemoryTree tree) {
        return Kustomize.build(tree, "", KustomizeOptions.defaults()).orThrow().yaml();
    }
}
