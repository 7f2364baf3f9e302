package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Severity;
import io.gitops4j.selector.LabelSelector;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The options of a sync, each on an API server in memory. */
class SyncOptionsTest {
    private static final HealthCheck HEALTHY = live -> Optional.of(new Health(Health.Status.HEALTHY, ""));
    private static final HealthCheck PROGRESSING = live -> Optional.of(new Health(Health.Status.PROGRESSING, ""));

    private final FakeCluster cluster =
            FakeCluster.create().ensureNamespace("shop").ensureNamespace("other");
    private SyncSettings settings =
            SyncSettings.defaults().withPrune(true).withOptions(List.of("PrunePropagationPolicy=background"));
    private UnaryOperator<PlanRequest.Builder> more = request -> request;

    // ---- what is synced

    @Test
    void selection_namesTheNamespaceToo_andLeavesTheRestAlone() {
        String two = map("same", "shop", "1") + "---\n" + map("same", "other", "1");
        more = request ->
                request.selection(ResourceSelection.of(List.of(new ResourceKey("", "ConfigMap", "other", "same"))));
        sync(two);
        assertThat(value("shop", "same")).isEqualTo("-");
        assertThat(value("other", "same")).isEqualTo("1");

        settings = settings.withOutOfSyncOnly(false);
        sync(two);
        assertThat(value("shop", "same")).isEqualTo("-");
    }

    @Test
    void selection_byLabelsAndExclusions() {
        String labelled = map("a", "shop", "1").replace("namespace: shop", "namespace: shop, labels: {tier: web}");
        more = request -> request.selection(ResourceSelection.everything()
                .withLabels(LabelSelector.parse("tier=web").orThrow()));
        sync(labelled + "---\n" + map("b", "shop", "1"));
        assertThat(value("shop", "a")).isEqualTo("1");
        assertThat(value("shop", "b")).isEqualTo("-");

        ResourceSelection.Entry not = ResourceSelection.parse("!:ConfigMap:shop/c");
        assertThat(not).isNotNull();
        more = request -> request.selection(new ResourceSelection(List.of(not), LabelSelector.everything()));
        sync(labelled + "---\n" + map("b", "shop", "1") + "---\n" + map("c", "shop", "1"));
        assertThat(value("shop", "b")).isEqualTo("1");
        assertThat(value("shop", "c")).isEqualTo("-");
        assertThat(ResourceSelection.parse("nonsense")).isNull();
    }

    @Test
    void sharedResource_isAWarning_andWithFailOnSharedResourceAnError() {
        apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a, namespace: shop, annotations: {argocd.argoproj.io/tracking-id: 'theirs:/ConfigMap:shop/a'}}
                """);
        Outcome<Plan> warned = plan(map("a", "shop", "1"));
        assertThat(warned.problems())
                .extracting(Problem::code, Problem::severity)
                .contains(org.assertj.core.groups.Tuple.tuple("PLAN_SHARED_RESOURCE", Severity.WARNING));
        assertThat(warned.problems().get(0).text()).contains("applications app and theirs");

        settings = settings.withOptions(List.of("FailOnSharedResource=true"));
        assertThat(plan(map("a", "shop", "1")).errors())
                .extracting(Problem::code)
                .containsExactly("PLAN_SHARED_RESOURCE");
    }

    @Test
    void objectGivenTwice_isToldWithBothPlaces_andThePolicyDecides() {
        List<Manifest> twice = List.of(
                manifest(map("a", "shop", "first"), "one.yaml"), manifest(map("a", "shop", "second"), "two.yaml"));
        for (PlanRequest.ConflictPolicy policy : PlanRequest.ConflictPolicy.values()) {
            Outcome<Plan> planned = Planner.plan(PlanRequest.builder("app", "shop")
                    .desired(twice)
                    .conflicts(policy)
                    .build());
            assertThat(planned.problems().get(0).text()).contains("one.yaml").contains("two.yaml");
            switch (policy) {
                case ERROR -> assertThat(planned.ok()).isFalse();
                case FIRST -> assertThat(wanted(planned)).isEqualTo("first");
                case LAST -> assertThat(wanted(planned)).isEqualTo("second");
            }
        }
    }

    private static String wanted(Outcome<Plan> planned) {
        return planned.orThrow().steps().get(0).task().subject().object("data").text("value", "");
    }

    // ---- before anything is written

    @Test
    void refusalOfTheServer_isFoundByTheDryRun_beforeAnythingIsWritten() {
        SyncResult result = sync(map("a", "shop", "1") + """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: bad, namespace: shop}
                spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {c: d}}, spec: {containers: [{name: c, image: i}]}}}
                """);

        assertThat(result.succeeded()).isFalse();
        assertThat(result.status().message()).contains("dry run");
        assertThat(result.writes()).isZero();
        assertThat(cluster.journal().changes())
                .extracting(call -> call.ref().name())
                .doesNotContain("a");
        assertThat(result.permanent()).isTrue();
    }

    @Test
    void caps_holdByShareAndByKind() {
        sync(map("a", "shop", "1") + "---\n" + map("b", "shop", "1") + "---\n" + map("c", "shop", "1"));
        settings = settings.withMaxPrunePercent(50);
        assertThat(plan(map("a", "shop", "1")).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("2 of 3 objects, at most 50 %"));
        assertThat(plan(map("a", "shop", "1") + "---\n" + map("b", "shop", "1")).ok())
                .isTrue();

        settings = settings.withMaxPrunePercent(100).withMaxPrunesOf("ConfigMap", 1);
        assertThat(plan(map("a", "shop", "1")).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("2 objects of kind ConfigMap"));
    }

    @Test
    void approval_isForExactlyThatPlan_andForATime() {
        Plan plan = plan(map("a", "shop", "1")).orThrow();
        Instant now = cluster.time().instant();
        PlanApproval approval = PlanApproval.of(plan, "ann", now.plusSeconds(60));

        assertThat(approval.refusal(plan, now)).isEmpty();
        assertThat(approval.refusal(plan, now.plusSeconds(61)).orElseThrow().code())
                .isEqualTo("PLAN_EXPIRED");
        Plan other = plan(map("a", "shop", "2")).orThrow();
        assertThat(approval.refusal(other, now).orElseThrow().code()).isEqualTo("PLAN_NOT_APPROVED");
    }

    // ---- order

    @Test
    void kindOrder_canBeReplaced_andStaysTotal() {
        String both =
                map("a", "shop", "1") + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\n";
        assertThat(order(both)).containsExactly("Secret", "ConfigMap");
        settings = settings.withKindOrder(List.of("ConfigMap", "Secret"));
        assertThat(order(both)).containsExactly("ConfigMap", "Secret");
    }

    private List<String> order(String yaml) {
        return plan(yaml).orThrow().steps().stream()
                .map(step -> step.task().key().kind())
                .toList();
    }

    @Test
    void batches_areBounded_andResultsComeInOneOrderHoweverTheyRun() {
        StringBuilder many = new StringBuilder();
        for (int i = 10; i < 32; i++) {
            many.append(map("m" + i, "shop", "1")).append("---\n");
        }
        settings = settings.withBatch(5);
        List<Integer> sizes = new ArrayList<>();
        SyncRunner runner = new SyncRunner(cluster, DiffComparer.plain(), HEALTHY).withBatch(calls -> {
            sizes.add(calls.size());
            List<SyncAction.Result> results = new ArrayList<>();
            for (int i = calls.size() - 1; i >= 0; i--) {
                results.add(0, calls.get(i).get());
            }
            return results;
        });
        Plan plan = plan(many.toString()).orThrow();
        SyncResult backwards = runner.run(plan, cluster.time());

        assertThat(backwards.succeeded()).isTrue();
        assertThat(sizes.subList(1, sizes.size())).containsExactly(5, 5, 5, 5, 2);
        assertThat(List.copyOf(backwards.status().results().keySet()))
                .isEqualTo(plan.spec().tasks().stream().map(SyncTask::id).toList());
    }

    @Test
    void definitionAndNamespace_comeBeforeWhatNeedsThem_andAreWaitedFor() {
        settings = settings.withDefinitionWait(Duration.ofSeconds(30));
        String all = """
                apiVersion: example.com/v1
                kind: Widget
                metadata: {name: w, namespace: fresh}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: fresh}
                ---
                """ + DEFINITION;
        SyncResult result = sync(all);

        assertThat(result.succeeded()).as(result.status().toString()).isTrue();
        assertThat(cluster.journal().changes().stream()
                        .filter(Call::isWrite)
                        .filter(call -> call.verb().equals("create"))
                        .map(call -> call.ref().gvk().kind()))
                .containsSubsequence("Namespace", "CustomResourceDefinition", "Widget");
    }

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
            """;

    @Test
    void definitionThatIsNotEstablishedInTime_isAFailureThatSaysSo() {
        FakeCluster slow = FakeCluster.builder().housekeeping(false).build();
        settings = settings.withDefinitionWait(Duration.ofSeconds(30));
        Plan plan = Planner.plan(PlanRequest.builder("app", "default")
                        .desired(
                                Yaml.manifests(
                                        DEFINITION
                                                + "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: default}\n"))
                        .kinds(Kinds.of(slow))
                        .settings(settings)
                        .now(slow.time().instant())
                        .build())
                .orThrow();
        SyncRunner runner = new SyncRunner(slow, DiffComparer.plain(), HEALTHY);
        List<Optional<Instant>> waits = new ArrayList<>();
        SyncResult result = runner.run(plan, slow.time(), (wakeAt, status) -> {
            waits.add(Optional.ofNullable(wakeAt));
            slow.time().advance(Duration.ofSeconds(20));
            return waits.size() < 10;
        });

        assertThat(result.status().phase()).isEqualTo(OperationPhase.FAILED);
        assertThat(result.status().message()).contains("widgets.example.com was not established within PT30S");
        assertThat(waits.get(0)).isPresent();
    }

    @Test
    void pruneLast_goesBehindEverything() {
        sync(map("old", "shop", "1"));
        settings = settings.withOptions(List.of("PruneLast=true", "PrunePropagationPolicy=background"));
        cluster.journal().clear();
        sync(map("new", "shop", "1")
                .replace("namespace: shop", "namespace: shop, annotations: {argocd.argoproj.io/sync-wave: '3'}"));

        assertThat(cluster.journal().changes())
                .extracting(call -> call.verb() + " " + call.ref().name())
                .containsExactly("create new", "delete old");
    }

    // ---- waiting

    @Test
    void wave_thatTakesLongerThanItsDeadline_endsTheOperationAndIsNamed() {
        settings = settings.withStepDeadline(Duration.ofSeconds(60));
        Plan plan = plan(map("a", "shop", "1") + "---\n"
                        + map("b", "shop", "1")
                                .replace(
                                        "namespace: shop",
                                        "namespace: shop, annotations: {argocd.argoproj.io/sync-wave: '1'}"))
                .orThrow();
        SyncResult result = new SyncRunner(cluster, DiffComparer.plain(), PROGRESSING)
                .run(plan, cluster.time(), (wakeAt, status) -> {
                    cluster.time().advance(Duration.ofSeconds(45));
                    return true;
                });

        assertThat(result.status().phase()).isEqualTo(OperationPhase.FAILED);
        assertThat(result.status().message())
                .contains("Step Sync/0 exceeded its deadline of PT1M")
                .contains("/ConfigMap/a");
        assertThat(value("shop", "b")).isEqualTo("-");
    }

    @Test
    void pruneWithoutConsent_waits_andGoesOnWithIt() {
        sync(map("a", "shop", "1")
                .replace(
                        "namespace: shop",
                        "namespace: shop, annotations: {argocd.argoproj.io/sync-options: Prune=confirm}"));
        Plan plan = plan(map("b", "shop", "1")).orThrow();
        SyncRunner runner = new SyncRunner(cluster, DiffComparer.plain(), HEALTHY);
        SyncStatus status = SyncStatus.begun(cluster.time().instant());
        SyncTransition waits = runner.drive(plan.spec(), status, cluster.time().instant(), false);
        assertThat(waits.status().message()).contains("waiting for the confirmation to prune");
        assertThat(value("shop", "a")).isEqualTo("1");

        SyncTransition done = runner.drive(
                plan.spec(), waits.status(), cluster.time().instant(), new SyncRunner.Control(false, true, kept -> {}));
        assertThat(done.status().phase()).isEqualTo(OperationPhase.SUCCEEDED);
        assertThat(value("shop", "a")).isEqualTo("-");
    }

    // ---- how objects are written

    @Test
    void replaceAndForce_doWhatTheySay() {
        sync(map("a", "shop", "1"));
        JsonObject before = live("shop", "a");
        cluster.replace(
                ObjectRef.of(before),
                before.with("data", before.object("data").with("foreign", "x")),
                WriteOptions.defaults());
        sync(map("a", "shop", "2"));
        assertThat(live("shop", "a").object("data").has("foreign")).isTrue();

        settings = settings.withOptions(List.of("Replace=true"));
        sync(map("a", "shop", "3"));
        assertThat(live("shop", "a").object("data").has("foreign")).isFalse();
        assertThat(uid("a")).isEqualTo(before.object("metadata").text("uid"));

        settings = settings.withOptions(List.of("Replace=true", "Force=true"));
        sync(map("a", "shop", "4"));
        assertThat(uid("a")).isNotEqualTo(before.object("metadata").text("uid"));
        assertThat(value("shop", "a")).isEqualTo("4");
    }

    @Test
    void delete_isRefusedWhenTheObjectIsAnotherOneOfTheSameName() {
        sync(map("a", "shop", "1"));
        Plan plan = plan(map("b", "shop", "1")).orThrow();
        SyncRunner runner = new SyncRunner(cluster, DiffComparer.plain(), HEALTHY);
        // between the plan and its prune somebody makes the object anew
        cluster.delete(ObjectRef.of(live("shop", "a")), DeleteOptions.defaults());
        apply(map("a", "shop", "precious"));
        SyncTransition end = runner.drive(
                plan.spec(),
                SyncStatus.begun(cluster.time().instant()),
                cluster.time().instant(),
                false);

        assertThat(end.status().phase()).isEqualTo(OperationPhase.FAILED);
        assertThat(value("shop", "a")).isEqualTo("precious");
    }

    @Test
    void serverSideComparison_seesWhatTheServerWouldMakeOfIt() {
        settings = settings.withOptions(List.of("ServerSideApply=true"));
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec: {selector: {app: web}, ports: [{port: 80}]}
                """;
        sync(service);
        ServerSideComparer comparer = new ServerSideComparer(cluster, DiffComparer.plain());
        JsonObject live = cluster.get(ObjectRef.of(new Gvk("", "v1", "Service"), "shop", "web"))
                .orElseThrow();
        cluster.journal().clear();
        JsonObject target = Yaml.manifests(service).get(0).body();
        JsonObject tracked =
                ResourceTracking.byAnnotation().set(target, "app", "shop").orThrow();

        assertThat(comparer.compare(tracked, live).modified()).isFalse();
        JsonObject changed =
                tracked.with("spec", tracked.object("spec").with("selector", JsonObject.of("app", Json.of("other"))));
        assertThat(comparer.compare(changed, live).changes())
                .extracting(change -> change.path().toString())
                .containsExactly("/spec/selector/app");
        assertThat(cluster.journal().changes()).isEmpty();
    }

    @Test
    void failures_areToldApart_byTheirClass() {
        cluster.inject(Fault.status(422, "Invalid", "never").on("create").times(1));
        assertThat(sync(map("a", "shop", "1")).permanent()).isTrue();
        cluster.heal().inject(Fault.unavailable().on("create").times(1));
        assertThat(sync(map("a", "shop", "1")).permanent()).isFalse();
        int[] permanent = {400, 401, 403, 405, 413, 415, 422};
        int[] passing = {404, 408, 409, 429, 500, 502, 503, 504};
        for (int code : permanent) {
            assertThat(FailureClass.of(io.gitops4j.cluster.ApiStatus.of(code, "", "")))
                    .isEqualTo(FailureClass.PERMANENT);
        }
        for (int code : passing) {
            assertThat(FailureClass.of(io.gitops4j.cluster.ApiStatus.of(code, "", "")))
                    .isEqualTo(FailureClass.TRANSIENT);
        }
    }

    // ---- helpers

    private static String map(String name, String namespace, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + namespace
                + "}\ndata: {value: '" + value + "'}\n";
    }

    private static Manifest manifest(String yaml, String file) {
        return Manifest.trusted(Yaml.manifests(yaml).get(0).body(), Origin.file(file, 0));
    }

    private void apply(String yaml) {
        cluster.create(Yaml.manifests(yaml).get(0).body(), WriteOptions.defaults());
    }

    private JsonObject live(String namespace, String name) {
        return cluster.get(ObjectRef.of(new Gvk("", "v1", "ConfigMap"), namespace, name))
                .orElseThrow();
    }

    private String value(String namespace, String name) {
        return cluster.get(ObjectRef.of(new Gvk("", "v1", "ConfigMap"), namespace, name))
                .map(object -> object.object("data").text("value", ""))
                .orElse("-");
    }

    private String uid(String name) {
        return live("shop", name).object("metadata").text("uid", "");
    }

    private Outcome<Plan> plan(String yaml) {
        Kinds kinds = Kinds.of(cluster);
        ResourceIndex index = ResourceIndex.read(cluster, kinds, ResourceTracking.byAnnotation());
        List<ResourceKey> keys = new ArrayList<>();
        Yaml.manifests(yaml).forEach(manifest -> keys.add(manifest.key()));
        return Planner.plan(more.apply(PlanRequest.builder("app", "shop")
                        .desired(Yaml.manifests(yaml))
                        .live(index.of("app", keys))
                        .kinds(kinds)
                        .comparer(DiffComparer.plain())
                        .settings(settings)
                        .revision("0123456789abcdef")
                        .now(cluster.time().instant()))
                .build());
    }

    private SyncResult sync(String yaml) {
        return new SyncRunner(cluster, DiffComparer.plain(), HEALTHY)
                .run(plan(yaml).orThrow(), cluster.time());
    }
}
