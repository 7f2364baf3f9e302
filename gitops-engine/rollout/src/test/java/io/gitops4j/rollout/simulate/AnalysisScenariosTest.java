package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.MetricAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Acceptance scenarios with analyses and step plugins, named after Rollouts §6. */
class AnalysisScenariosTest {
    private static final String LOOP =
            "[{\"name\":\"m\",\"interval\":\"10s\",\"successCondition\":\"result > 0\",\"provider\":{\"web\":{}}}]";
    private static final String ONCE =
            "[{\"name\":\"m\",\"successCondition\":\"result > 0\",\"provider\":{\"web\":{}}}]";
    private static final String UNSURE =
            "[{\"name\":\"m\",\"successCondition\":\"result > 0\",\"failureCondition\":\"result < 0\",\"provider\":{\"web\":{}}}]";
    private static final String JOB = "[{\"name\":\"m\",\"provider\":{\"job\":{}}}]";
    private static final String ANALYSIS = "{\"analysis\":{\"templates\":[{\"templateName\":\"check\"}]}}";
    private static final String BACKGROUND = "\"analysis\":{\"templates\":[{\"templateName\":\"check\"}]}";

    private static World background(String template) {
        return World.canary(2, "{" + BACKGROUND + ",\"steps\":[{\"setWeight\":50},{\"pause\":{}}]}")
                .template("check", template);
    }

    @Test
    void s70_background_runsWithTheUpdateAndEndsWithIt() {
        World w = background(LOOP);
        assertThat(w.cluster.analysisRuns()).isEmpty();
        w.image("2");
        assertThat(w.runs(AnalysisPhase.RUNNING)).isEqualTo(1);
        w.promote();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.runs(AnalysisPhase.SUCCESSFUL)).isEqualTo(1);
    }

    @Test
    void s71_inconclusiveBackground_pausesAndResumeStartsAnother() {
        World w = World.canary(2, "{" + BACKGROUND + ",\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":60}}]}")
                .template("check", UNSURE);
        w.answers.put("m", MetricAnswer.value(0.0));
        w.image("2");
        assertThat(w.phase()).startsWith("Paused ").contains("InconclusiveAnalysisRun");
        w.answers.clear();
        w.promote();
        assertThat(w.cluster.analysisRuns()).hasSize(2);
    }

    @Test
    void s72_inlineAnalyses_runOneAfterTheOther() {
        World w = World.canary(
                        2,
                        "{\"steps\":[{\"pause\":{}}," + ANALYSIS + ",{\"pause\":{}}," + ANALYSIS + "," + ANALYSIS
                                + "]}")
                .template("check", ONCE)
                .image("2");
        assertThat(w.cluster.analysisRuns()).isEmpty();
        assertThat(w.promote().cluster.analysisRuns()).hasSize(1);
        assertThat(w.promote().cluster.analysisRuns()).hasSize(3);
        assertThat(w.phase()).isEqualTo("Healthy");
    }

    @Test
    void s74_oneOfTwoMetricsFails_endsTheRunPromptly() {
        World w = World.canary(2, "{\"steps\":[" + ANALYSIS + "]}")
                .template(
                        "check",
                        "[{\"name\":\"later\",\"initialDelay\":\"10000s\",\"provider\":{\"web\":{}}},{\"name\":\"m\","
                                + "\"successCondition\":\"result > 0\",\"provider\":{\"web\":{}}}]");
        w.answers.put("m", MetricAnswer.value(0.0));
        w.image("2");
        assertThat(w.runs(AnalysisPhase.FAILED)).isEqualTo(1);
        assertThat(w.phase())
                .isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase"
                        + " error/failed: Metric \"m\" assessed Failed due to failed (1) > failureLimit (0)");
    }

    @Test
    void s22_promoteSkipsARunningAnalysis() {
        World w = World.canary(
                        2,
                        "{\"steps\":[{\"pause\":{\"duration\":\"24h\"}}," + ANALYSIS
                                + ",{\"pause\":{}},{\"setWeight\":50}]}")
                .template("check", "[{\"name\":\"m\",\"interval\":\"10s\",\"count\":99,\"provider\":{\"web\":{}}}]")
                .image("2")
                .promote();
        assertThat(w.status().currentStepIndex()).isEqualTo(1);
        assertThat(w.runs(AnalysisPhase.RUNNING)).isEqualTo(1);
        w.promote();
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.runs(AnalysisPhase.RUNNING)).isZero();
        w.abort();
        w.promoteFull();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.cluster.analysisRuns()).hasSize(1);
    }

    @Test
    void s77_failedJob_degrades() {
        World w = World.canary(2, "{\"steps\":[" + ANALYSIS + "]}").template("check", JOB);
        w.answers.put("m", MetricAnswer.outcome(AnalysisPhase.FAILED, "Job was active longer than specified deadline"));
        assertThat(w.image("2").phase()).startsWith("Degraded");
    }

    @Test
    void s79_longBackgroundJobAtPromotion_endsInconclusiveWithoutHarm() {
        World w = background(JOB);
        w.answers.put("m", MetricAnswer.running(null));
        w.image("2").promote();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.runs(AnalysisPhase.INCONCLUSIVE)).isEqualTo(1);
    }

    @Test
    void s80_badImageJob_pauses() {
        World w = World.canary(2, "{\"steps\":[" + ANALYSIS + ",{\"setWeight\":50},{\"pause\":{}}]}")
                .template("check", JOB);
        w.answers.put("m", MetricAnswer.outcome(AnalysisPhase.INCONCLUSIVE, "ImagePullBackOff"));
        assertThat(w.image("2").phase()).isEqualTo("Paused InconclusiveAnalysisRun");
        assertThat(w.promote().status().currentStepIndex()).isEqualTo(2);
    }

    @Test
    void x7_providerDownFromStartToEnd_abortsAfterFiveErrors() {
        World w = background(LOOP);
        w.answers.put("m", MetricAnswer.error("connection refused"));
        w.image("2");
        assertThat(w.after(35).phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.after(20).phase()).contains("consecutiveErrors (5) > consecutiveErrorLimit (4)");
    }

    @Test
    void x8_nanFromAnIdleCanary_failsUnlessGuarded() {
        World w = background(LOOP);
        w.answers.put("m", MetricAnswer.value(Double.NaN));
        assertThat(w.image("2").phase()).startsWith("Degraded");
        World guarded = background(
                "[{\"name\":\"m\",\"interval\":\"10s\",\"successCondition\":\"isNaN(result) || result > 0\",\"provider\":{\"web\":{}}}]");
        guarded.answers.put("m", MetricAnswer.value(Double.NaN));
        assertThat(guarded.image("2").phase()).isEqualTo("Paused CanaryPauseStep");
    }

    private static World plugin(String... more) {
        return World.canary(
                        2,
                        "{\"steps\":[{\"plugin\":{\"name\":\"p\"}},{\"plugin\":{\"name\":\"q\""
                                + (more.length == 0 ? "" : "," + more[0]) + "}},{\"setWeight\":50},{\"pause\":{}}]}",
                        "\"progressDeadlineSeconds\":3600")
                .image("2");
    }

    private static void answer(World w, int index, String operation, int execution, String phase, long requeue) {
        w.cluster.answerPlugin(
                new Observation.PluginAnswer(index, operation, execution, phase, "said so", Json.of("memo"), requeue));
        w.settle();
    }

    private static long calls(World w, int index, String operation) {
        return w.cluster.journal().stream()
                .filter(action -> action instanceof Action.CallPlugin call
                        && call.index() == index
                        && call.operation().equals(operation))
                .map(action -> ((Action.CallPlugin) action).execution())
                .distinct()
                .count();
    }

    @Test
    void s88_successfulPlugins_letTheStepsPass() {
        World w = plugin();
        answer(w, 0, "Run", 1, "Successful", 0);
        answer(w, 1, "Run", 1, "Successful", 0);
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void s89_failedPlugin_abortsAndUndoesTheOneBefore() {
        World w = plugin();
        answer(w, 0, "Run", 1, "Successful", 0);
        answer(w, 1, "Run", 1, "Failed", 0);
        assertThat(w.phase()).endsWith("Step Plugin 2 (q) failed: said so");
        assertThat(calls(w, 0, "Abort")).isEqualTo(1);
        assertThat(calls(w, 1, "Abort")).isZero();
    }

    @Test
    void s92_fullPromotion_terminatesTheRunningPlugin() {
        World w = plugin();
        answer(w, 0, "Run", 1, "Running", 60);
        w.operator.promoteFull();
        w.settle();
        assertThat(calls(w, 0, "Terminate")).isEqualTo(1);
    }

    @Test
    void s93_runningPlugin_isCalledAgainWhenItAsked() {
        World w = plugin();
        answer(w, 0, "Run", 1, "Running", 17);
        w.after(16);
        assertThat(calls(w, 0, "Run")).isEqualTo(1);
        w.after(2);
        assertThat(calls(w, 0, "Run")).isEqualTo(2);
    }

    @Test
    void s94_pluginError_isRetriedAfterThirtySeconds() {
        World w = plugin();
        answer(w, 0, "Run", 1, "Error", 0);
        w.after(29);
        assertThat(calls(w, 0, "Run")).isEqualTo(1);
        w.after(2);
        assertThat(calls(w, 0, "Run")).isEqualTo(2);
    }

    @Test
    void s97_disabledPlugin_isPassed() {
        World w = plugin("\"disabled\":true");
        answer(w, 0, "Run", 1, "Successful", 0);
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.status().plugins()).hasSize(2);
    }

    @Test
    void gate_waitsUntilItIsOpened() {
        World w = World.canary(2, "{\"steps\":[{\"gate\":{\"name\":\"freeze\"}},{\"setWeight\":50},{\"pause\":{}}]}")
                .image("2");
        assertThat(w.status().currentStepIndex()).isZero();
        w.operator.openGate("freeze");
        assertThat(w.settle().phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(List.of(w.counts())).isNotEmpty();
    }
}
