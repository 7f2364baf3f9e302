package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.ApplicationMachine.Kind;
import io.gitops4j.sync.ApplicationMachine.Observation;
import io.gitops4j.sync.ApplicationMachine.Spec;
import io.gitops4j.sync.ApplicationMachine.Status;
import io.gitops4j.sync.ApplicationMachine.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationMachineTest {
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
    private static final String CONFIG =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: ns}\ndata: {a: '1'}\n";

    private final Spec spec = Spec.of(application("automated: {prune: true, selfHeal: true}"));

    @Test
    void freshApplication_isComparedFirst_thenSynced_thenLeftAlone() {
        Transition first = ApplicationMachine.step(spec, Status.fresh(), Observation.nothing(), START);
        assertThat(first.actions()).extracting(ApplicationMachine.Action::kind).containsExactly(Kind.COMPARE);

        Transition synced = compared(first.status(), plan("r1", List.of()), START);
        assertThat(synced.actions()).extracting(ApplicationMachine.Action::kind).containsExactly(Kind.SYNC);
        assertThat(synced.status().running()).isTrue();

        Status done = finished(synced.status(), plan("r1", List.of()), OperationPhase.SUCCEEDED, START.plusSeconds(1));
        Transition quiet = compared(done, plan("r1", inSync()), START.plusSeconds(2));
        assertThat(quiet.actions()).isEmpty();
        assertThat(quiet.reason()).isEqualTo("in sync");
        assertThat(quiet.wakeAt()).isEqualTo(START.plusSeconds(122));
    }

    @Test
    void drift_isHealedWithGrowingPauses() {
        Status synced = succeededAt("r1");

        Transition heal = compared(synced, plan("r1", drifted()), START.plusSeconds(10));
        assertThat(heal.actions()).hasSize(1);
        assertThat(heal.actions().get(0).resources()).hasSize(1);

        Status healed = finished(heal.status(), plan("r1", drifted()), OperationPhase.SUCCEEDED, START.plusSeconds(10));
        Transition again = compared(healed, plan("r1", drifted()), START.plusSeconds(11));
        assertThat(again.actions()).isEmpty();
        assertThat(again.reason()).isEqualTo("healed a moment ago");
        assertThat(again.wakeAt()).isEqualTo(START.plusSeconds(12));

        Transition second = compared(again.status(), plan("r1", drifted()), START.plusSeconds(12));
        assertThat(second.status().healAttempts()).isEqualTo(2);
        assertThat(SelfHealBackoff.defaults().nextAt(START, 2)).isEqualTo(START.plusSeconds(6));
        assertThat(SelfHealBackoff.defaults().nextAt(START, 99)).isEqualTo(START.plusSeconds(300));
    }

    @Test
    void failedSync_isRetriedAfterItsWait_andNotBefore() {
        Status running = compared(Status.fresh(), plan("r1", List.of()), START).status();
        Status failed = finished(running, plan("r1", List.of()), OperationPhase.FAILED, START);
        assertThat(failed.retryAt()).isBetween(START.plusSeconds(5), START.plusSeconds(6));

        Transition early = compared(failed, plan("r1", List.of()), START.plusSeconds(1));
        assertThat(early.actions()).isEmpty();
        assertThat(early.wakeAt()).isEqualTo(failed.retryAt());

        Transition late = compared(failed, plan("r1", List.of()), START.plusSeconds(7));
        assertThat(late.actions()).extracting(ApplicationMachine.Action::kind).containsExactly(Kind.SYNC);
    }

    @Test
    void failedSync_isForgottenWithANewRevision() {
        Status running = compared(Status.fresh(), plan("r1", List.of()), START).status();
        Status failed = finished(running, plan("r1", List.of()), OperationPhase.FAILED, START);

        assertThat(compared(failed, plan("r2", List.of()), START.plusSeconds(1)).actions())
                .hasSize(1);
    }

    @Test
    void blockedWindow_waits_andAComparisonThatFails_isMadeAgainLater() {
        Transition blocked = ApplicationMachine.step(
                spec, Status.fresh(), new Observation(Outcome.of(plan("r1", List.of())), null, false, false), START);
        assertThat(blocked.actions()).isEmpty();
        assertThat(blocked.reason()).contains("window");

        Transition broken = ApplicationMachine.step(
                spec,
                Status.fresh(),
                new Observation(Outcome.failed(Problem.error("X", "no")), null, false, true),
                START);
        assertThat(broken.actions()).isEmpty();
        assertThat(broken.wakeAt()).isEqualTo(START.plus(Duration.ofSeconds(120)));
    }

    @Test
    void autoSync_refusesWhatIsNotItsToDo() {
        assertThat(decide("{}", plan("r", List.of()))).isEqualTo("automated sync is off");
        assertThat(decide("automated: {}", plan("r", inSync()))).isEqualTo("in sync");
        assertThat(decide("automated: {}", onlyPrunes(false))).contains("pruning, which is off");
        assertThat(decide("automated: {prune: true}", onlyPrunes(true))).contains("wipe out");
    }

    @Test
    void stepAgain_withTheSameObservation_givesTheSame() {
        Transition once = compared(succeededAt("r1"), plan("r1", drifted()), START.plusSeconds(10));
        Transition twice = compared(succeededAt("r1"), plan("r1", drifted()), START.plusSeconds(10));

        assertThat(once.status()).isEqualTo(twice.status());
        assertThat(once.reason()).isEqualTo(twice.reason());
    }

    @Test
    void driftReport_namesTheOwnerOfAField() {
        JsonObject live = Yaml.object("""
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: c
                  namespace: ns
                  annotations: {argocd.argoproj.io/tracking-id: 'app:/ConfigMap:ns/c'}
                  managedFields:
                    - {manager: argocd, operation: Update, time: '2024-01-01T00:00:00Z', fieldsType: FieldsV1, fieldsV1: {'f:data': {'f:a': {}}}}
                    - {manager: kubectl-edit, operation: Update, time: '2024-01-02T00:00:00Z', fieldsType: FieldsV1, fieldsV1: {'f:data': {'f:a': {}}}}
                data: {a: '2'}
                """);

        DriftReport report = DriftReport.of(plan("r1", List.of(live)));

        assertThat(report.entries()).hasSize(1);
        assertThat(report.entries().get(0).manager()).isEqualTo("kubectl-edit");
        assertThat(report.display()).contains("kubectl-edit since 2024-01-02T00:00:00Z");
    }

    @Test
    void deletion_goesByWavesBackwards_andKeepsWhatAsksForIt() {
        List<JsonObject> live = List.of(
                object("ConfigMap", "early", "argocd.argoproj.io/sync-wave", "-1"),
                object("ConfigMap", "late", "argocd.argoproj.io/sync-wave", "3"),
                object("ConfigMap", "kept", "argocd.argoproj.io/sync-options", "Delete=false"),
                object("Secret", "helm", "helm.sh/resource-policy", "keep"));

        DeletionPlan plan = DeletionPlan.of(
                Application.trusted(Yaml.object("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Application
                        metadata: {name: app, finalizers: [resources-finalizer.argocd.argoproj.io/foreground]}
                        """)), live, ResourceTracking.byAnnotation(), SyncSettings.defaults());

        assertThat(plan.waves()).hasSize(2);
        assertThat(plan.waves().get(0).get(0).object("metadata").text("name")).isEqualTo("late");
        assertThat(plan.kept()).extracting(kept -> kept.key().name()).containsExactlyInAnyOrder("kept", "helm");
        assertThat(DeletionPlan.of(spec.application(), live, ResourceTracking.byAnnotation(), SyncSettings.defaults())
                        .isEmpty())
                .isTrue();
    }

    private static JsonObject object(String kind, String name, String annotation, String value) {
        return Yaml.object("apiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name
                + ", namespace: ns, annotations: {" + annotation + ": '" + value + "'}}\n");
    }

    private String decide(String policy, Plan plan) {
        return AutoSync.decide(
                        new AutoSync.Facts(application(policy), plan, null, 0, null, false, true, false),
                        SelfHealBackoff.defaults(),
                        START)
                .reason();
    }

    private static Plan onlyPrunes(boolean prune) {
        return Planner.plan(PlanRequest.builder("app", "ns")
                        .live(inSync())
                        .settings(SyncSettings.defaults().withPrune(prune).withAllowEmpty(true))
                        .build())
                .orThrow();
    }

    private Status succeededAt(String revision) {
        Status running =
                compared(Status.fresh(), plan(revision, List.of()), START).status();
        return finished(running, plan(revision, List.of()), OperationPhase.SUCCEEDED, START);
    }

    private Transition compared(Status status, Plan plan, Instant now) {
        return ApplicationMachine.step(spec, status, new Observation(Outcome.of(plan), null, false, true), now);
    }

    private Status finished(Status status, Plan plan, OperationPhase phase, Instant now) {
        SyncStatus operation = new SyncStatus(
                phase,
                "message",
                SyncStatus.Stage.DONE,
                new LinkedHashMap<>(),
                List.of(),
                List.of(),
                null,
                null,
                now,
                now,
                null);
        Transition transition = ApplicationMachine.step(
                spec, status, new Observation(null, new SyncResult(plan, operation, 1, List.of()), false, true), now);
        assertThat(transition.actions())
                .extracting(ApplicationMachine.Action::kind)
                .containsExactly(Kind.COMPARE);
        return transition.status();
    }

    private static List<JsonObject> inSync() {
        return List.of(ResourceTracking.byAnnotation()
                .set(Yaml.object(CONFIG), "app", "ns")
                .orThrow());
    }

    private static List<JsonObject> drifted() {
        return List.of(inSync().get(0).with("data", JsonObject.of("a", io.gitops4j.json.Json.of("2"))));
    }

    private static Plan plan(String revision, List<JsonObject> live) {
        return Planner.plan(PlanRequest.builder("app", "ns")
                        .desired(Yaml.manifests(CONFIG))
                        .live(live)
                        .revision(revision)
                        .build())
                .orThrow();
    }

    private static Application application(String policy) {
        return Application.trusted(Yaml.object("""
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: app}
                spec:
                  source: {repoURL: r, path: p}
                  syncPolicy: {%s}
                """.formatted(policy.equals("{}") ? "" : policy)));
    }
}
