package io.gitops4j.rollout.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.experiment.ExperimentMachine.Action;
import io.gitops4j.rollout.experiment.ExperimentMachine.Observation;
import io.gitops4j.rollout.experiment.ExperimentMachine.Status;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExperimentMachineTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final ExperimentSpec SPEC = spec("""
            duration: 1m
            templates:
              - {name: a, replicas: 1, selector: {matchLabels: {app: a}}}
            analyses:
              - {name: check, templateName: check, requiredForCompletion: true}
            """);

    private static ExperimentSpec spec(String yaml) {
        return ExperimentSpec.of(
                (JsonObject) YamlReader.kubectl().read("e.yaml", yaml).orThrow());
    }

    private static Observation seen(Integer replicas, int available, AnalysisPhase phase) {
        return new Observation(
                replicas == null ? Map.of() : Map.of("a", replicas),
                Map.of("a", available),
                phase == null ? Map.of() : Map.of("check", phase));
    }

    @Test
    void pending_thenRunning_thenSuccessful() {
        var created = ExperimentMachine.step(SPEC, Status.FRESH, seen(null, 0, null), T0);
        assertThat(created.actions()).containsExactly(new Action.CreateReplicaSet("a"));
        assertThat(created.status().phase()).isEqualTo(AnalysisPhase.PENDING);
        var scaled = ExperimentMachine.step(SPEC, created.status(), seen(0, 0, null), T0);
        assertThat(scaled.actions()).containsExactly(new Action.Scale("a", 1));
        var running = ExperimentMachine.step(SPEC, scaled.status(), seen(1, 1, null), T0.plusSeconds(5));
        assertThat(running.actions()).containsExactly(new Action.StartAnalysis("check"));
        assertThat(running.status().phase()).isEqualTo(AnalysisPhase.RUNNING);
        var done =
                ExperimentMachine.step(SPEC, running.status(), seen(1, 1, AnalysisPhase.SUCCESSFUL), T0.plusSeconds(9));
        assertThat(done.status().message()).isEqualTo("Required Analysis Runs completed");
        var kept =
                ExperimentMachine.step(SPEC, done.status(), seen(1, 1, AnalysisPhase.SUCCESSFUL), T0.plusSeconds(20));
        assertThat(kept.actions()).isEmpty();
        var gone =
                ExperimentMachine.step(SPEC, done.status(), seen(1, 1, AnalysisPhase.SUCCESSFUL), T0.plusSeconds(39));
        assertThat(gone.actions()).containsExactly(new Action.Scale("a", 0));
    }

    @Test
    void durationOver_isStrictAndEndsRunningAnalyses() {
        Status running = new Status(AnalysisPhase.RUNNING, "", T0, T0, null);
        assertThat(ExperimentMachine.step(SPEC, running, seen(1, 1, AnalysisPhase.RUNNING), T0.plusSeconds(60))
                        .status()
                        .completed())
                .isFalse();
        var over = ExperimentMachine.step(SPEC, running, seen(1, 1, AnalysisPhase.RUNNING), T0.plusSeconds(61));
        assertThat(over.status().phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
        assertThat(over.actions()).containsExactly(new Action.TerminateAnalysis("check"));
    }

    @Test
    void slowTemplate_failsAtItsDeadline() {
        Status pending = new Status(AnalysisPhase.PENDING, "", T0, null, null);
        assertThat(ExperimentMachine.step(SPEC, pending, seen(1, 0, null), T0.plusSeconds(601))
                        .status()
                        .message())
                .isEqualTo("Template 'a' exceeded its progressDeadlineSeconds (600)");
    }

    @Test
    void badAnalysis_decidesThePhase() {
        Status running = new Status(AnalysisPhase.RUNNING, "", T0, T0, null);
        assertThat(ExperimentMachine.step(SPEC, running, seen(1, 1, AnalysisPhase.INCONCLUSIVE), T0)
                        .status()
                        .phase())
                .isEqualTo(AnalysisPhase.INCONCLUSIVE);
    }

    @Test
    void invalidSpecs_areRefused() {
        assertThat(spec("templates: [{name: a}]").invalid()).isEqualTo("spec.templates[0].selector: Required value");
        assertThat(spec("duration: soon").invalid()).contains("invalid duration");
    }
}
