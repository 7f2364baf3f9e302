package io.gitops4j.engine;

import static io.gitops4j.engine.ControllerWorld.CONFIG_MAP;
import static io.gitops4j.engine.ControllerWorld.URL;
import static io.gitops4j.engine.ControllerWorld.edit;
import static io.gitops4j.engine.ControllerWorld.map;
import static io.gitops4j.engine.ControllerWorld.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffResult;
import io.gitops4j.diff.IgnoreRule;
import io.gitops4j.diff.IgnoreRules;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.sync.ApplicationDependencies;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.sync.DiffComparer;
import io.gitops4j.sync.FairQueue;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanStep;
import io.gitops4j.sync.ResourcePages;
import io.gitops4j.sync.ServerSideComparer;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What users of the peers suffer from, a theme a test: the answer that this library gives, all of it. Where a part of an answer
 * has a test of its own elsewhere, the test here names it.
 *
 * <p>Source: argocd §11.
 */
class WhatUsersSufferFromTest {
    private static final String AUTO = "automated: {prune: true, selfHeal: true}";
    private static final Gvk JOB = new Gvk("batch", "v1", "Job");

    private final ControllerWorld world = new ControllerWorld();

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("x.yaml", text).orThrow();
    }

    private static String hook(String name, String phase, String more) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, annotations: {argocd.argoproj.io/hook: %s}}
                spec: {%s template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """.formatted(name, phase, more);
    }

    private void shop(String policy, String... files) {
        world.push(files);
        world.store.put(world.application("shop", "in-cluster", policy));
        world.settle();
    }

    private Application stored() {
        return world.store.get("shop").orElseThrow();
    }

    /** Theme: out of sync with nothing to see. One engine finds drift and tells it. */
    @Test
    void everyDifference_hasPathBothValuesOwnerAndRule() {
        JsonObject target = yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d, namespace: shop}
                spec: {replicas: 1, minReadySeconds: 5}
                """);
        JsonObject live = yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: d
                  namespace: shop
                  managedFields:
                  - {manager: hpa, operation: Update, apiVersion: apps/v1, fieldsType: FieldsV1, fieldsV1: {f:spec: {f:replicas: {}, f:minReadySeconds: {}}}}
                spec: {replicas: 5, minReadySeconds: 9}
                """);
        IgnoreRules rules = IgnoreRules.compile(
                        List.of(IgnoreRule.of(yaml("{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}"))))
                .orThrow();
        DiffResult result =
                DiffEngine.builder().rules(rules).build().diff(target, live).orThrow();

        assertThat(result.modified()).isTrue();
        assertThat(result.differences())
                .filteredOn(d -> !d.ignored())
                .singleElement()
                .satisfies(counted -> {
                    assertThat(counted.path()).isEqualTo(".spec.minReadySeconds");
                    assertThat(counted.live()).isEqualTo(Json.of(9));
                    assertThat(counted.wanted()).isEqualTo(Json.of(5));
                    assertThat(counted.owners()).containsExactly("hpa");
                    assertThat(counted.why()).isNotEmpty();
                });
        assertThat(result.ignored()).singleElement().satisfies(ignored -> {
            assertThat(ignored.path()).isEqualTo(".spec.replicas");
            assertThat(ignored.rule()).isNotNull();
        });
    }

    /** Theme: the server's own diff misses or invents changes. What admission adds is a class of its own. */
    @Test
    void whatAdmissionAdds_isToldApart_andWhatIsPredictedIsWhatAnApplyStores() {
        world.production.admit(request -> {
            JsonObject object = request.object();
            return object != null && object.text("kind", "").equals("ConfigMap")
                    ? new AdmissionHook.Review(
                            List.of(),
                            List.of(),
                            Optional.of(object.with(
                                    "data",
                                    object.object("data")
                                            .with(
                                                    "injected",
                                                    object.object("data").text("value", "")))))
                    : AdmissionHook.Review.allowed();
        });
        ServerSideComparer comparer = new ServerSideComparer(world.production, DiffComparer.plain());
        WriteOptions ours =
                WriteOptions.defaults().withFieldManager("argocd-controller").withForce(true);
        for (int round = 0; round < 20; round++) {
            JsonObject target = yaml(map("m", "v" + round / 2))
                    .with("metadata", yaml("{name: m, namespace: shop, labels: {round: r" + round % 3 + "}}"));
            ObjectRef ref = ObjectRef.of(target);
            if (round > 0) {
                JsonObject live = world.production.get(ref).orElseThrow();
                ServerSideComparer.Prediction predicted = comparer.predict(target, live);
                List<String> changed = new ArrayList<>();
                predicted.own().forEach(change -> changed.add(change.path().toString()));
                predicted.mutated().forEach(change -> changed.add(change.path().toString()));
                assertThat(predicted.own())
                        .noneMatch(change -> change.path().toString().contains("injected"));
                JsonObject after = world.production.apply(ref, target, ours);
                boolean same = after.object("data").equals(live.object("data"))
                        && after.object("metadata")
                                .object("labels")
                                .equals(live.object("metadata").object("labels"));
                assertThat(changed.isEmpty()).isEqualTo(same);
                predicted
                        .own()
                        .forEach(change -> assertThat(after.at(change.path()).orElseThrow())
                                .isEqualTo(change.after()));
            } else {
                world.production.apply(ref, target, ours);
            }
        }

        shop(AUTO, "shop/a.yaml", map("a", "1"));
        world.store.put(world.annotated("shop", "argocd.argoproj.io/compare-options", "ServerSideDiff=true"));
        world.production.journal().clear();
        world.run(Duration.ofMinutes(3));
        assertThat(world.sync("shop")).isEqualTo("Synced");
        assertThat(world.production.journal().calls())
                .anyMatch(call -> call.verb().contains("patch") || call.verb().contains("apply"));
    }

    /**
     * Theme: ignored fields in lists. Lists of custom resources are merged by the keys of their schema
     * ({@code KubernetesSchemaTest#custom_resource_schema_is_read_with_its_markers}), single entries are ignored by key.
     */
    @Test
    void oneEntryOfAList_isIgnoredByItsKey_andKeptByAnApplyThatRespectsIt() {
        String deployment = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d}
                spec:
                  selector: {matchLabels: {app: d}}
                  template:
                    metadata: {labels: {app: d}}
                    spec: {containers: [{name: a, image: 'a:1'}, {name: b, image: 'b:1'}]}
                """;
        world.push("shop/d.yaml", deployment);
        world.store.put(world.application("shop", "in-cluster", AUTO + ", syncOptions: [RespectIgnoreDifferences=true]")
                .withSpec(
                        "ignoreDifferences",
                        JsonArray.of(yaml("{group: apps, kind: Deployment, jqPathExpressions:"
                                + " ['.spec.template.spec.containers[] | select(.name == \"b\") | .image']}"))));
        world.settle();
        ObjectRef d = ObjectRef.of(new Gvk("apps", "v1", "Deployment"), "shop", "d");
        world.production.patch(
                d,
                PatchType.STRATEGIC,
                yaml("spec: {template: {spec: {containers: [{name: b, image: 'b:hot'}]}}}"),
                WriteOptions.defaults().withFieldManager("hand"));
        world.settle();
        assertThat(world.sync("shop")).isEqualTo("Synced");
        world.push("shop/d.yaml", deployment.replace("a:1", "a:2"));
        world.controller.sourceChanged(URL);
        world.settle();

        assertThat(world.production.get(d).orElseThrow().object("spec").toJson())
                .contains("a:2", "b:hot");
    }

    /**
     * Theme: syncs that never end. Deadlines: {@code DependencyTest#deadline_endsAnOperationThatWaits_andSaysForWhat},
     * {@code SyncOptionsTest#wave_thatTakesLongerThanItsDeadline_endsTheOperationAndIsNamed}.
     */
    @Test
    void hookThatHangs_isNamed_oneThatVanishesIsAnError_andFinalizersHoldNoHookBack() {
        shop("", "shop/a.yaml", map("a", "1"), "shop/pre.yaml", hook("pre", "PreSync", "suspend: true,"));
        world.operation("shop", "sync: {}\n");
        world.settle();
        assertThat(world.message("shop")).contains("waiting for completion of hook batch/Job/pre");

        world.production.delete(ObjectRef.of(JOB, "shop", "pre"), io.gitops4j.cluster.DeleteOptions.defaults());
        world.settle();
        assertThat(world.phase("shop")).isEqualTo("Failed");
        assertThat(world.status("shop").object("operationState").toJson()).contains("is gone");

        world.push(
                "shop/pre.yaml",
                hook("pre", "PreSync", "")
                        .replace("annotations: {", "finalizers: [argocd.argoproj.io/hook-finalizer], annotations: {"));
        world.controller.sourceChanged(URL);
        world.settle();
        for (int i = 0; i < 2; i++) {
            world.push("shop/a.yaml", map("a", "again" + i));
            world.controller.sourceChanged(URL);
            world.operation("shop", "sync: {}\n");
            world.run(Duration.ofMinutes(2));
            assertThat(world.phase("shop")).isEqualTo("Succeeded");
            assertThat(value(world.production, "a")).isEqualTo("again" + i);
        }
    }

    /**
     * Theme: no hooks on self-heal, no retry. Hooks: {@code ControllerGuardsTest#hooksRunOnSelfHeal_whereTheApplicationAsksForIt}.
     */
    @Test
    void failedSync_isMadeAgainWithGrowingPauses_withoutANewCommit() {
        world.production.inject(Fault.unavailable().on("create").named("a").times(3));
        shop("automated: {}, retry: {limit: 5, backoff: {duration: 10s, factor: 2}}", "shop/a.yaml", map("a", "1"));
        world.run(Duration.ofMinutes(5));

        assertThat(value(world.production, "a")).isEqualTo("1");
        List<DecisionLog.Entry> begun = world.decisions.stream()
                .filter(entry ->
                        entry.decision().equals("BEGIN") && entry.application().equals("shop"))
                .toList();
        assertThat(begun).hasSizeGreaterThanOrEqualTo(3);
        Duration first = Duration.between(begun.get(0).time(), begun.get(1).time());
        Duration second = Duration.between(begun.get(1).time(), begun.get(2).time());
        assertThat(second).isGreaterThan(first);
    }

    /**
     * Theme: dependencies. Objects: {@code DependencyTest#object_goesBehindWhatItDependsOn}; definitions before their users:
     * {@code SyncOptionsTest#definitionAndNamespace_comeBeforeWhatNeedsThem_andAreWaitedFor}.
     */
    @Test
    void applicationThatNeedsAnother_waitsUntilItIsReady_andCirclesAreNamed() {
        world.push("shop/a.yaml", map("a", "1"), "infra/i.yaml", map("i", "1"), "infra/j.yaml", hook("j", "Skip", ""));
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.store.put(world.annotated("shop", ApplicationDependencies.ANNOTATION, "infra"));
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("-");
        assertThat(world.status("shop").array("conditions").toJson())
                .contains("depends on infra, which does not exist");

        world.store.put(world.application("infra", "in-cluster", ""));
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("-");
        assertThat(world.decisions).anySatisfy(entry -> {
            assertThat(entry.decision()).isEqualTo("WAITS");
            assertThat(entry.reason()).contains("waits for infra, which is OutOfSync");
        });
        world.operation("infra", "sync: {}\n");
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("1");

        world.push("shop/a.yaml", map("a", "2"));
        world.store.put(world.annotated("shop", ApplicationDependencies.READY_WHEN, "metadata.labels.stage == 'open'"));
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(3));
        assertThat(value(world.production, "a")).isEqualTo("1");
        Application infra = world.store.get("infra").orElseThrow();
        world.store.put(infra.withMetadata(infra.body().object("metadata").with("labels", yaml("stage: open"))));
        world.run(Duration.ofMinutes(3));
        assertThat(value(world.production, "a")).isEqualTo("2");

        world.store.put(world.annotated("infra", ApplicationDependencies.ANNOTATION, "shop"));
        world.push("shop/a.yaml", map("a", "3"));
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(3));
        assertThat(value(world.production, "a")).isEqualTo("2");
        assertThat(world.status("shop").array("conditions").toJson()).contains("shop -> infra -> shop");
        assertThat(ApplicationDependencies.stages(
                                List.of(stored(), world.store.get("infra").orElseThrow()))
                        .errors())
                .extracting(Problem::code)
                .contains("APP_DEPENDS_CYCLE");
    }

    /** Theme: preview before apply. For pull requests: {@code PreviewTest#between_twoCommits_namesWhatHappensToWhom}. */
    @Test
    void plan_isImmutableHashedAndWritten_andRefusedWhereLiveHasMovedOn() {
        shop("", "shop/a.yaml", map("a", "1"));
        Plan plan = world.gitops.plan(stored()).orThrow();
        assertThat(world.gitops.plan(stored()).orThrow().hash()).isEqualTo(plan.hash());
        assertThat(JsonReader.parse(plan.toJson().toJson()).orThrow()).isEqualTo(plan.toJson());
        List<PlanStep> steps = plan.steps();
        assertThatThrownBy(steps::clear).isInstanceOf(UnsupportedOperationException.class);

        world.gitops.sync(stored());
        world.push("shop/a.yaml", map("a", "2"));
        Plan later = world.gitops.plan(stored()).orThrow();
        assertThat(later.hash()).isNotEqualTo(plan.hash());
        edit(world.production, "a", "by hand");
        assertThat(world.gitops.apply(stored(), later).problems())
                .extracting(Problem::code)
                .containsExactly("PLAN_STALE");
        assertThat(value(world.production, "a")).isEqualTo("by hand");
    }

    /**
     * Theme: accidents of pruning. Caps: {@code SyncOptionsTest#caps_holdByShareAndByKind}; consent:
     * {@code ApplicationControllerTest#pruneThatAsksForConsent_waitsForIt}; the identity of what is deleted:
     * {@code SyncOptionsTest#delete_isRefusedWhenTheObjectIsAnotherOneOfTheSameName}.
     */
    @Test
    void objectThatMovesToAnotherApplication_isNeverDeleted() {
        shop(AUTO, "shop/a.yaml", map("a", "1"), "shop/keep.yaml", map("keep", "1"), "other/o.yaml", map("o", "1"));
        world.store.put(world.application("other", "in-cluster", AUTO));
        world.settle();
        String uid = world.production
                .get(ObjectRef.of(CONFIG_MAP, "shop", "a"))
                .orElseThrow()
                .object("metadata")
                .text("uid", "");
        world.push("shop/a.yaml", "", "other/a.yaml", map("a", "1"));
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(5));

        JsonObject moved =
                world.production.get(ObjectRef.of(CONFIG_MAP, "shop", "a")).orElseThrow();
        assertThat(moved.object("metadata").text("uid")).isEqualTo(uid);
        assertThat(moved.object("metadata").object("annotations").toJson()).contains("other:/ConfigMap:shop/a");
        assertThat(world.production.journal().changes())
                .noneMatch(call -> call.verb().equals("delete"));
    }

    /** Theme: status too large. Cut: {@code FleetTest#status_isCutToItsSize_andWhatIsNotInOrderStays}. */
    @Test
    void resources_areThereInFull_outsideOfTheObject_inPagesWithDigests() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            many.append("---\n").append(map("m" + i, "1"));
        }
        shop(AUTO, "shop/all.yaml", many.toString());
        ResourcePages pages = world.controller.resources("shop", 1_000).orElseThrow();

        assertThat(pages.total()).isEqualTo(40);
        assertThat(pages.pages())
                .hasSizeGreaterThan(3)
                .allSatisfy(
                        page -> assertThat(page.resources().toJson().length()).isLessThanOrEqualTo(1_000));
        assertThat(pages.pages().stream()
                        .mapToInt(page -> page.resources().size())
                        .sum())
                .isEqualTo(40);
        assertThat(world.controller.resources("shop", 1_000).orElseThrow()).isEqualTo(pages);
        edit(world.production, "m39", "x");
        world.store.put(world.application("shop", "in-cluster", ""));
        world.settle();
        ResourcePages after = world.controller.resources("shop", 1_000).orElseThrow();
        assertThat(after.digest()).isNotEqualTo(pages.digest());
        assertThat(world.controller.resources("nobody", 1_000)).isEmpty();
    }

    /**
     * Theme: rollback. Pins that end: {@code ApplicationControllerTest#pin_holdsARollbackUnderAutomatedSync_untilItEnds}; hooks:
     * {@code ControllerGuardsTest#conflictPolicy_decidesBetweenSources_andHooksOfARollbackRunWhereAsked}.
     */
    @Test
    void rollback_isASyncOfAnOldPlan_withItsHooks_alsoUnderAPin() {
        String policy = AUTO + ", syncOptions: [HooksOnRollback=true]";
        shop(policy, "shop/a.yaml", map("a", "1"), "shop/h.yaml", hook("h", "PreSync", ""));
        String first = world.git.repository(URL).head("main");
        world.push("shop/a.yaml", map("a", "bad"));
        world.controller.sourceChanged(URL);
        world.settle();
        world.production.journal().clear();
        world.store.put(
                new io.gitops4j.app.Pin(List.of(first), world.time.instant().plusSeconds(600), "ann").on(stored()));
        world.settle();

        assertThat(value(world.production, "a")).isEqualTo("1");
        assertThat(world.production.journal().changes())
                .anyMatch(call ->
                        call.verb().equals("create") && call.ref().name().equals("h"));
        world.run(Duration.ofMinutes(15));
        assertThat(value(world.production, "a")).isEqualTo("bad");
    }

    /**
     * Theme: starvation. Turns: {@code FleetTest#tenants_takeTurns_andNoneHasMoreInWorkThanItMay}; clusters:
     * {@code ApplicationControllerTest#brokenCluster_holdsNoApplicationOfAnotherUp_andIsLeftAloneForAGrowingWhile}.
     */
    @Test
    void failingApplications_areAskedForLessAndLess_andHoldNobodyUp() {
        FairQueue<String> queue = new FairQueue<>(1);
        for (int i = 0; i < 100; i++) {
            queue.add("noisy", "n" + i);
        }
        queue.add("quiet", "q");
        queue.take();
        assertThat(queue.take().orElseThrow().key()).isEqualTo("q");

        world.push("good/g.yaml", map("g", "1"));
        for (int i = 0; i < 20; i++) {
            world.store.put(world.application("bad" + i, "in-cluster", AUTO));
        }
        world.store.put(world.application("good", "in-cluster", AUTO));
        world.settle();
        assertThat(value(world.production, "g")).isEqualTo("1");
        List<DecisionLog.Entry> failures = world.decisions.stream()
                .filter(entry -> entry.decision().equals("NO_SOURCE")
                        && entry.application().equals("bad0"))
                .toList();
        assertThat(Duration.between(failures.get(0).time(), failures.get(1).time()))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(Duration.between(failures.get(1).time(), failures.get(2).time()))
                .isEqualTo(Duration.ofSeconds(20));
    }

    /**
     * Theme: isolation. Lists, watches, diffs and writes:
     * {@code ControllerGuardsTest#serviceAccountOfTheProject_isUsedForEveryCall}.
     */
    @Test
    void identityOfTheProject_isUsedFromTheFirstListToTheLastDelete() {
        JsonObject rule = yaml("{server: '*', namespace: shop, defaultServiceAccount: deployer}");
        AppProject project = AppProject.of(
                "default",
                AppProject.permissive("default").spec().with("destinationServiceAccounts", JsonArray.of(rule)));
        ControllerWorld own = new ControllerWorld(
                facade -> facade.project(project)
                        .impersonator((cluster, user) -> ((FakeCluster) cluster).as(user, "system:serviceaccounts")),
                builder -> builder);
        own.push("shop/a.yaml", map("a", "1"), "shop/h.yaml", hook("h", "PreSync", ""));
        own.production.journal().clear();
        own.store.put(
                own.application("shop", "in-cluster", AUTO).withFinalizers(List.of(Application.RESOURCES_FINALIZER)));
        own.settle();
        assertThat(own.status("shop").object("health").text("status")).isEqualTo("Healthy");
        own.store.delete("shop", own.time.instant());
        own.run(Duration.ofMinutes(3));

        assertThat(own.store.get("shop")).isEmpty();
        List<Call> ours = own.production.journal().calls().stream()
                .filter(call -> call.user().contains("serviceaccount")
                        || call.ref().name().equals("a"))
                .toList();
        assertThat(ours).extracting(Call::verb).contains("list", "create", "delete");
        assertThat(ours).extracting(Call::user).containsOnly("system:serviceaccount:shop:deployer");
    }

    /**
     * Theme: hidden state and flaky order. Plans: {@code SyncCrashTest#plan_isTheSameInWhateverOrderItsInputComes}; worlds:
     * {@code SyncSimulationTest#sameSeed_givesTheSameTrace}.
     *
     * <p>The themes that are not here: memory at scale ({@code RealSyncTest#tenThousandObjectsWatched_fitIntoThreeHundredMegabytes}
     * and the benchmarks), monorepos ({@code RenderCacheTest}, {@code ChangedPathsTest#filesOfTheLastRender_needNoAnnotation}), and
     * use as a library ({@code ArchitectureTest#r2_coreTouchesNoFileSocketOrThread}).
     */
    @Test
    void twoControllersOverTheSameWorld_writeTheSameBytes() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ControllerWorld each = new ControllerWorld();
            each.push(
                    "shop/b.yaml",
                    map("b", "1"),
                    "shop/a.yaml",
                    map("a", "1"),
                    "shop/h.yaml",
                    hook("h", "PostSync", ""));
            each.store.put(each.application("shop", "in-cluster", AUTO));
            each.settle();
            told.add(each.store.get("shop").orElseThrow().body().toJson() + each.decisions + each.events);
        }
        assertThat(told.get(0)).isEqualTo(told.get(1));
    }
}
