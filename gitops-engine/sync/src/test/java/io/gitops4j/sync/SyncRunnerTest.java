package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.testkit.FakeCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncRunnerTest {
    private static final HealthCheck ALL_HEALTHY = live -> Optional.of(new Health(Health.Status.HEALTHY, ""));

    private static final String TWO = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: blue}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80}]
            """;

    private final FakeCluster cluster = FakeCluster.create().ensureNamespace("shop");
    private SyncSettings settings =
            SyncSettings.defaults().withPrune(true).withOptions(List.of("PrunePropagationPolicy=background"));

    @Test
    void sync_ofNewApplication_createsItsObjectsWithTracking() {
        SyncResult result = sync(TWO);

        assertThat(result.succeeded()).as(result.status().toString()).isTrue();
        assertThat(live("Service", "web")
                        .object("metadata")
                        .object("annotations")
                        .text(ResourceTracking.ANNOTATION))
                .isEqualTo("app:/Service:shop/web");
    }

    @Test
    void secondSync_ofTheSameDesiredState_makesNoWrites() {
        sync(TWO);
        cluster.journal().clear();

        SyncResult again = sync(TWO);

        assertThat(again.plan().isNoop()).as(again.plan().display()).isTrue();
        assertThat(again.succeeded()).isTrue();
        assertThat(cluster.journal().writes()).isEmpty();
    }

    @Test
    void sync_afterAChange_updatesOnlyWhatChanged() {
        sync(TWO);
        cluster.journal().clear();

        SyncResult result = sync(TWO.replace("blue", "green"));

        assertThat(result.plan().counts())
                .containsEntry(PlanStep.Action.UPDATE, 1)
                .containsEntry(PlanStep.Action.NOOP, 1);
        assertThat(result.plan().display()).contains("/data/colour: \"blue\" -> \"green\"");
        assertThat(cluster.journal().changes()).hasSize(1);
        assertThat(live("ConfigMap", "settings").object("data").text("colour")).isEqualTo("green");
    }

    @Test
    void sync_whenAFieldIsRemovedFromGit_removesItButKeepsWhatOthersSet() {
        sync(TWO.replace("{colour: blue}", "{colour: blue, size: xl}"));
        JsonObject edited = live("ConfigMap", "settings");
        cluster.replace(
                ObjectRef.of(edited),
                edited.with("data", edited.object("data").with("foreign", "kept")),
                WriteOptions.defaults());

        sync(TWO);

        assertThat(live("ConfigMap", "settings").object("data").keys()).containsExactlyInAnyOrder("colour", "foreign");
    }

    @Test
    void prune_ofAnObjectNoLongerDesired_deletesIt() {
        sync(TWO);

        SyncResult result = sync(TWO.substring(0, TWO.indexOf("---")));

        assertThat(result.plan().counts()).containsEntry(PlanStep.Action.DELETE, 1);
        assertThat(cluster.get(ref("Service", "web"))).isEmpty();
    }

    @Test
    void prune_switchedOff_keepsTheObjectAndLeavesTheApplicationOutOfSync() {
        sync(TWO);
        settings = settings.withPrune(false);

        SyncResult result = sync(TWO.substring(0, TWO.indexOf("---")));

        assertThat(result.plan().outOfSync()).isTrue();
        assertThat(result.status().results().values())
                .anySatisfy(r -> assertThat(r.code()).isEqualTo(TaskResult.Code.PRUNE_SKIPPED));
        assertThat(cluster.get(ref("Service", "web"))).isPresent();
    }

    @Test
    void emptyRender_withPrune_isRefusedUnlessAllowed() {
        sync(TWO);

        assertThat(plan("").errors()).extracting(Problem::code).containsExactly("PLAN_EMPTY_RENDER");

        settings = settings.withAllowEmpty(true);
        assertThat(sync("").succeeded()).isTrue();
        assertThat(cluster.get(ref("Service", "web"))).isEmpty();
    }

    @Test
    void prunes_aboveTheCap_areRefused() {
        sync(TWO);
        settings = settings.withMaxPrunes(0);

        assertThat(plan(TWO.substring(0, TWO.indexOf("---"))).errors())
                .extracting(Problem::code)
                .containsExactly("PLAN_TOO_MANY_PRUNES");
    }

    @Test
    void plan_whenLiveHasMovedOnSince_isRefusedAndWritesNothing() {
        sync(TWO);
        Plan plan = plan(TWO.replace("blue", "green")).orThrow();
        JsonObject edited = live("ConfigMap", "settings");
        cluster.replace(
                ObjectRef.of(edited),
                edited.with("data", edited.object("data").with("colour", "red")),
                WriteOptions.defaults());
        cluster.journal().clear();

        SyncResult result = runner(ALL_HEALTHY).run(plan, cluster.time());

        assertThat(result.problems()).extracting(Problem::code).containsExactly("PLAN_STALE");
        assertThat(cluster.journal().writes()).isEmpty();
    }

    @Test
    void createNamespace_whenMissing_createsItBeforeEverythingElse() {
        settings = settings.withOptions(List.of("CreateNamespace=true"));
        PlanRequest request = request(TWO, "fresh");

        SyncResult result = runner(ALL_HEALTHY).run(Planner.plan(request).orThrow(), cluster.time());

        assertThat(result.succeeded()).as(result.status().message()).isTrue();
        assertThat(cluster.get(ObjectRef.of(Gvk.of("v1", "Service"), "fresh", "web")))
                .isPresent();
    }

    @Test
    void waves_waitForTheHealthOfTheWaveBefore() {
        String waves = TWO.replace("{name: web}", "{name: web, annotations: {argocd.argoproj.io/sync-wave: \"1\"}}");
        HealthCheck never = live -> Optional.of(new Health(Health.Status.PROGRESSING, ""));

        SyncResult waiting = runner(never).run(plan(waves).orThrow(), cluster.time());

        assertThat(waiting.status().phase()).isEqualTo(OperationPhase.RUNNING);
        assertThat(waiting.status().message()).isEqualTo("waiting for healthy state of /ConfigMap/settings");
        assertThat(cluster.get(ref("Service", "web"))).isEmpty();

        SyncResult resumed = runner(ALL_HEALTHY)
                .resume(
                        waiting.plan(),
                        SyncStatus.fromJson(waiting.status().toJson()),
                        cluster.time(),
                        (at, s) -> false);
        assertThat(resumed.succeeded()).isTrue();
        assertThat(cluster.get(ref("Service", "web"))).isPresent();
    }

    @Test
    void hook_runsOnceEvenWhenTheOperationIsResumedAfterACrash() {
        String hooked = TWO + """
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: migrate
              annotations: {argocd.argoproj.io/hook: PreSync}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: m:1}]}}}
            """;
        Plan plan = plan(hooked).orThrow();
        SyncRunner runner = runner(live -> live.text("kind", "").equals("Job")
                        && live.object("metadata").text("uid", "").isEmpty()
                ? Optional.empty()
                : Optional.of(new Health(Health.Status.PROGRESSING, "")));
        SyncStatus begun = SyncStatus.begun(cluster.time().instant());
        runner.resume(plan, begun, cluster.time(), (at, s) -> false);
        String uid = liveJob().object("metadata").text("uid", "");

        // the status was lost: the operation begins anew with the same plan
        runner.resume(plan, begun, cluster.time(), (at, s) -> false);

        assertThat(liveJob().object("metadata").text("uid")).isEqualTo(uid);
    }

    @Test
    void unknownKind_isRefusedBeforeAnythingIsWritten() {
        Outcome<Plan> plan = plan(TWO + "---\napiVersion: nowhere.example/v1\nkind: Thing\nmetadata: {name: t}\n");

        assertThat(plan.errors()).extracting(Problem::code).containsExactly("PLAN_KIND_UNKNOWN");
    }

    @Test
    void terminate_deletesRunningHooksAndFails() {
        Plan plan = plan("""
                        apiVersion: batch/v1
                        kind: Job
                        metadata:
                          name: migrate
                          annotations: {argocd.argoproj.io/hook: PreSync}
                        spec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: m:1}]}}}
                        ---
                        """ + TWO).orThrow();
        SyncRunner runner = runner(live -> Optional.of(new Health(Health.Status.PROGRESSING, "")));
        SyncStatus running = runner.run(plan, cluster.time()).status();

        SyncTransition ended = runner.drive(plan.spec(), running, cluster.time().instant(), true);

        assertThat(ended.status().phase()).isEqualTo(OperationPhase.FAILED);
        assertThat(ended.status().message()).isEqualTo("Operation terminated");
    }

    /** Deployments and Secrets that the server completes: defaults, quantities, stringData. */
    static String workloadsWithDefaults() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            many.append("""
                    ---
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: d%1$s}
                    spec:
                      selector: {matchLabels: {app: d%1$s}}
                      template:
                        metadata: {labels: {app: d%1$s}}
                        spec: {containers: [{name: c, image: 'i:1', ports: [{containerPort: 80}], resources: {limits: {cpu: 1000m}}}]}
                    ---
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: s%1$s}
                    stringData: {password: p%1$s}
                    """.formatted(i));
        }
        return many.toString();
    }

    @Test
    void hundredObjectsWithDefaults_areInSyncAfterOneSync() {
        String many = workloadsWithDefaults();
        assertThat(sync(many).succeeded()).isTrue();
        cluster.journal().clear();

        SyncResult again = sync(many);

        assertThat(again.plan().isNoop()).as(again.plan().display()).isTrue();
        assertThat(cluster.journal().writes()).isEmpty();
    }

    private JsonObject liveJob() {
        return cluster.get(ObjectRef.of(Gvk.of("batch/v1", "Job"), "shop", "migrate"))
                .orElseThrow();
    }

    /** How this suite compares; {@link SyncRunnerStructuralTest} runs it without schemas. */
    ResourceComparer comparer() {
        return DiffComparer.plain();
    }

    private SyncRunner runner(HealthCheck health) {
        return new SyncRunner(cluster, comparer(), health);
    }

    SyncResult sync(String yaml) {
        return runner(ALL_HEALTHY).run(plan(yaml).orThrow(), cluster.time());
    }

    private Outcome<Plan> plan(String yaml) {
        return Planner.plan(request(yaml, "shop"));
    }

    private PlanRequest request(String yaml, String namespace) {
        Kinds kinds = Kinds.of(cluster);
        ResourceIndex index = ResourceIndex.read(cluster, kinds, ResourceTracking.byAnnotation());
        List<ResourceKey> keys = new ArrayList<>();
        Yaml.manifests(yaml)
                .forEach(manifest -> keys.add(
                        kinds.namespaced(manifest.gvk()) ? manifest.key().inNamespace(namespace) : manifest.key()));
        return PlanRequest.builder("app", namespace)
                .desired(Yaml.manifests(yaml))
                .live(index.of("app", keys))
                .kinds(kinds)
                .comparer(comparer())
                .settings(settings)
                .revision("0123456789abcdef")
                .now(cluster.time().instant())
                .build();
    }

    private JsonObject live(String kind, String name) {
        return cluster.get(ref(kind, name)).orElseThrow();
    }

    private static ObjectRef ref(String kind, String name) {
        return ObjectRef.of(Gvk.of("v1", kind), "shop", name);
    }
}
