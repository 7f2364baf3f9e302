package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.RolloutCondition;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.MetricAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Acceptance scenarios of blue-green rollouts, named after Rollouts §6. */
class BlueGreenScenariosTest {
    private static final String PRE = "\"prePromotionAnalysis\":{\"templates\":[{\"templateName\":\"check\"}]}";
    private static final String POST = "\"postPromotionAnalysis\":{\"templates\":[{\"templateName\":\"check\"}]}";
    private static final String CHECK =
            "[{\"name\":\"m\",\"successCondition\":\"result > 0\",\"provider\":{\"web\":{}}}]";
    private static final String CHECK_LATER =
            "[{\"name\":\"m\",\"initialDelay\":\"5s\",\"successCondition\":\"result > 0\",\"provider\":{\"web\":{}}}]";

    @Test
    void s50_automaticUpdate_switchesAtOnceAndKeepsTheOldPods() {
        World w = World.blueGreen(3, "").image("2");
        assertThat(w.service("active")).isEqualTo("r2");
        assertThat(w.counts()).isEqualTo(List.of(3, 6, 3, 3, 3));
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.pods()).isEqualTo("r1=3* r2=3");
        assertThat(w.cluster.events()).contains("SwitchService");
        assertThat(w.after(31).pods()).isEqualTo("r1=0 r2=3");
    }

    @Test
    void s51_s52_s53_manualPromotion_pausesBeforeTheSwitch() {
        World w = World.blueGreen(2, "\"autoPromotionEnabled\":false").image("2");
        assertThat(w.phase()).isEqualTo("Paused BlueGreenPause");
        assertThat(w.service("active")).isEqualTo("r1");
        assertThat(w.service("preview")).isEqualTo("r2");
        assertThat(w.status().condition(RolloutCondition.PAUSED).status()).isEqualTo("True");
        assertThat(w.status().condition(RolloutCondition.HEALTHY).status()).isEqualTo("False");
        w.promote();
        assertThat(w.service("active")).isEqualTo("r2");
        assertThat(w.status().condition(RolloutCondition.PAUSED).status()).isEqualTo("False");
        assertThat(w.status().condition(RolloutCondition.HEALTHY).status()).isEqualTo("True");
    }

    @Test
    void s54_previewReplicaCount_growsOnPromotion() {
        World w = World.blueGreen(2, "\"autoPromotionEnabled\":false,\"previewReplicaCount\":1")
                .image("2");
        assertThat(w.counts()).isEqualTo(List.of(2, 3, 1, 2, 2));
        assertThat(w.promote().counts()).isEqualTo(List.of(2, 4, 2, 2, 2));
        assertThat(w.service("active")).isEqualTo("r2");
        assertThat(w.phase()).isEqualTo("Healthy");
    }

    @Test
    void s55_previewPaused_outlastsTheDeadlineAndPromotesFully() {
        World w = World.blueGreen(
                        2, "\"autoPromotionEnabled\":false,\"previewReplicaCount\":1", "\"progressDeadlineSeconds\":1")
                .image("2")
                .after(10);
        assertThat(w.phase()).isEqualTo("Paused BlueGreenPause");
        assertThat(w.promoteFull().counts()).isEqualTo(List.of(2, 4, 2, 2, 2));
    }

    @Test
    void s58_delayRevisionLimit_keepsTheNewestOnly() {
        World w = World.blueGreen(1, "\"scaleDownDelaySeconds\":86400,\"scaleDownDelayRevisionLimit\":2");
        for (int i = 2; i <= 4; i++) {
            w.image(Integer.toString(i));
            w.after(1);
        }
        assertThat(w.pods()).isEqualTo("r1=0 r2=1* r3=1* r4=1");
        assertThat(w.counts()).isEqualTo(List.of(1, 3, 1, 1, 1));
        w.spec(
                "strategy",
                "{\"blueGreen\":{\"activeService\":\"active\",\"previewService\":\"preview\",\"scaleDownDelaySeconds\":86400,"
                        + "\"scaleDownDelayRevisionLimit\":1}}");
        assertThat(w.pods()).isEqualTo("r1=0 r2=0 r3=1* r4=1");
    }

    @Test
    void s59_deadline_abortsOnlyWhenAsked() {
        World w = World.blueGreen(1, "", "\"progressDeadlineSeconds\":1")
                .image("bad")
                .after(5);
        assertThat(w.phase()).startsWith("Degraded ProgressDeadlineExceeded");
        assertThat(w.status().abort()).isFalse();
        assertThat(w.pods()).isEqualTo("r1=1 r2=1");
        World aborting = World.blueGreen(
                        1,
                        "\"abortScaleDownDelaySeconds\":2",
                        "\"progressDeadlineSeconds\":1",
                        "\"progressDeadlineAbort\":true")
                .image("bad")
                .after(10);
        assertThat(aborting.status().abort()).isTrue();
        assertThat(aborting.pods()).isEqualTo("r1=1 r2=0");
    }

    @Test
    void s60_abortAtThePause_drainsThePreviewAfterItsDelay() {
        World w = World.blueGreen(1, "\"autoPromotionEnabled\":false,\"abortScaleDownDelaySeconds\":1")
                .image("2")
                .abort();
        assertThat(w.phase()).isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2");
        assertThat(w.pods()).isEqualTo("r1=1 r2=1*");
        assertThat(w.after(3).pods()).isEqualTo("r1=1 r2=0");
        assertThat(w.service("active")).isEqualTo("r1");
    }

    @Test
    void abortDelayZero_keepsThePreview() {
        World w = World.blueGreen(1, "\"autoPromotionEnabled\":false,\"abortScaleDownDelaySeconds\":0")
                .image("2")
                .abort()
                .after(3600);
        assertThat(w.pods()).isEqualTo("r1=1 r2=1");
    }

    @Test
    void autoPromotionSeconds_isATimedPause() {
        World w = World.blueGreen(1, "\"autoPromotionSeconds\":10").image("2").after(9);
        assertThat(w.phase()).isEqualTo("Paused BlueGreenPause");
        assertThat(w.after(3).phase()).isEqualTo("Healthy");
        assertThat(w.service("active")).isEqualTo("r2");
    }

    @Test
    void s63_fullPromotionDuringPreAnalysis_endsTheRun() {
        World w = World.blueGreen(1, PRE).template("check", CHECK_LATER).image("2");
        assertThat(w.runs(AnalysisPhase.RUNNING)).isEqualTo(1);
        w.promoteFull();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.cluster.analysisRuns()).hasSize(1);
        assertThat(w.runs(AnalysisPhase.SUCCESSFUL)).isEqualTo(1);
    }

    @Test
    void s64_preAndPostAnalysis_bothRunAndARollbackIsInstant() {
        World w = World.blueGreen(1, "\"autoPromotionEnabled\":false," + PRE + "," + POST)
                .template("check", CHECK_LATER)
                .after(1)
                .image("2");
        assertThat(w.cluster.analysisRuns()).hasSize(1);
        w.after(6);
        assertThat(w.phase()).isEqualTo("Paused BlueGreenPause");
        assertThat(w.service("active")).isEqualTo("r1");
        w.promote();
        assertThat(w.service("active")).isEqualTo("r2");
        assertThat(w.cluster.analysisRuns()).hasSize(2);
        assertThat(w.phase()).isEqualTo("Progressing waiting for analysis to complete");
        assertThat(w.counts()).isEqualTo(List.of(1, 2, 1, 1, 1));
        assertThat(w.after(7).phase()).isEqualTo("Healthy");
        w.after(2).image("1");
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.cluster.analysisRuns()).hasSize(2);
        assertThat(w.service("active")).isEqualTo("r1");
    }

    @Test
    void s65_failingPreAnalysis_neverSwitches() {
        World w = World.blueGreen(1, PRE).template("check", CHECK);
        w.answers.put("m", MetricAnswer.value(0.0));
        w.image("2");
        assertThat(w.phase())
                .isEqualTo(
                        "Degraded RolloutAborted: Rollout aborted update to revision 2: Blue/green pre-promotion analysis phase"
                                + " error/failed: Metric \"m\" assessed Failed due to failed (1) > failureLimit (0)");
        assertThat(w.service("active")).isEqualTo("r1");
        assertThat(w.service("preview")).isEqualTo("r2");
        w.answers.clear();
        w.retry();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.cluster.analysisRuns()).hasSize(2);
    }

    @Test
    void s66_failingPostAnalysis_switchesBack() {
        World w = World.blueGreen(1, POST).template("check", CHECK_LATER);
        w.answers.put("m", MetricAnswer.value(0.0));
        w.image("2");
        assertThat(w.service("active")).isEqualTo("r2");
        w.after(6);
        assertThat(w.phase()).startsWith("Degraded RolloutAborted");
        assertThat(w.service("active")).isEqualTo("r1");
        assertThat(w.service("preview")).isEqualTo("r2");
        assertThat(w.revision(w.status().stableRS())).isEqualTo("r1");
    }

    @Test
    void s68_everything_endsOnTheOldRevisionWhenThePostAnalysisFails() {
        World w = World.blueGreen(2, "\"previewReplicaCount\":1,\"autoPromotionSeconds\":10," + PRE + "," + POST)
                .template("check", CHECK_LATER)
                .image("2")
                .after(10);
        assertThat(w.service("active")).isEqualTo("r1");
        w.answers.put("m", MetricAnswer.value(0.0));
        w.after(6);
        assertThat(w.service("active")).isEqualTo("r2");
        assertThat(w.counts()).isEqualTo(List.of(2, 4, 2, 2, 2));
        w.after(8);
        assertThat(w.service("active")).isEqualTo("r1");
        assertThat(w.revision(w.status().stableRS())).isEqualTo("r1");
    }
}
