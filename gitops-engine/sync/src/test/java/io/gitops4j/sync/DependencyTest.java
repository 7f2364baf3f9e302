package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DependencyTest {
    private static final String THREE = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: last, namespace: ns, annotations: {gitops4j.io/depends-on: 'ConfigMap/middle'}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: middle, namespace: ns, annotations: {gitops4j.io/depends-on: 'apps/Deployment/ns/first'}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: first, namespace: ns}
            """;

    @Test
    void object_goesBehindWhatItDependsOn() {
        assertThat(plan(THREE).orThrow().spec().tasks())
                .extracting(task -> task.key().name() + " " + task.wave())
                .containsExactly("first 0", "middle 1", "last 2");
    }

    @Test
    void circle_andUnknownDependency_areRefused() {
        String circle = THREE.replace(
                "{name: first, namespace: ns}",
                "{name: first, namespace: ns, annotations: {gitops4j.io/depends-on: 'ConfigMap/last'}}");

        assertThat(plan(circle).errors()).extracting(Problem::code).containsOnly("PLAN_DEPENDENCY");
        assertThat(plan(THREE.replace("ConfigMap/middle", "ConfigMap/nowhere")).errors())
                .extracting(Problem::code)
                .containsExactly("PLAN_DEPENDENCY");
    }

    @Test
    void objectThatAnotherApplicationTakes_isHandedOverAndNotDeleted() {
        JsonObject live = ResourceTracking.byAnnotation()
                .set(
                        Yaml.object("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: moved, namespace: ns}\n"),
                        "app",
                        "ns")
                .orThrow();

        Plan plan = Planner.plan(PlanRequest.builder("app", "ns")
                        .desired(Yaml.manifests(THREE))
                        .live(List.of(live))
                        .settings(SyncSettings.defaults().withPrune(true))
                        .claims(key -> key.name().equals("moved") ? Optional.of("other") : Optional.empty())
                        .build())
                .orThrow();

        assertThat(plan.counts()).doesNotContainKey(PlanStep.Action.DELETE);
        assertThat(plan.steps())
                .anySatisfy(step -> assertThat(step.reason()).isEqualTo("handed over to application other"));
    }

    @Test
    void deadline_endsAnOperationThatWaits_andSaysForWhat() {
        Instant start = Instant.parse("2024-01-01T00:00:00Z");
        SyncSpec spec = SyncTasks.spec(
                Yaml.manifests(THREE).stream().map(m -> m.body()).toList(),
                List.of(),
                "ns",
                SyncSettings.defaults().withDeadline(Duration.ofMinutes(5)),
                Kinds.offline(),
                task -> Optional.empty(),
                "r",
                start);
        JsonObject there =
                Yaml.object("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: first, namespace: ns}\n");
        SyncStatus status = SyncStatus.begun(start);
        List<SyncAction.Result> results = List.of();
        SyncTransition transition;
        do {
            transition = SyncOperation.step(spec, status, progressing(results, there), start);
            status = transition.status();
            results =
                    transition.actions().stream().map(action -> action.done("")).toList();
        } while (!transition.actions().isEmpty());
        assertThat(transition.wakeAt()).isEqualTo(start.plusSeconds(300).plusNanos(1));

        SyncTransition late = SyncOperation.step(spec, status, progressing(List.of(), there), start.plusSeconds(301));

        assertThat(late.status().phase()).isEqualTo(OperationPhase.FAILED);
        assertThat(late.status().message()).contains("PT5M").contains("apps/Deployment/first");
    }

    private static SyncObservation progressing(List<SyncAction.Result> results, JsonObject live) {
        return SyncObservation.of(
                results, key -> live, object -> Optional.of(new Health(Health.Status.PROGRESSING, "")));
    }

    private static Outcome<Plan> plan(String yaml) {
        return Planner.plan(
                PlanRequest.builder("app", "ns").desired(Yaml.manifests(yaml)).build());
    }
}
