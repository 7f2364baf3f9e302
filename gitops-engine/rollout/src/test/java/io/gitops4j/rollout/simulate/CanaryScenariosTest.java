package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutCondition;
import io.gitops4j.rollout.UserActions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Acceptance scenarios of canaries without a traffic router, named after Rollouts §6. */
class CanaryScenariosTest {
    private static final String QUARTER_PAUSE = "{\"steps\":[{\"setWeight\":25},{\"pause\":{}}]}";

    @Test
    void s01_initialDeploy_isHealthyWithoutAnyStep() {
        World w = World.canary(4, QUARTER_PAUSE);
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.status().currentStepIndex()).isEqualTo(2);
        assertThat(w.status().fullyPromoted()).isTrue();
        assertThat(w.cluster.events()).doesNotContain("RolloutPaused").contains("RolloutCompleted");
    }

    @Test
    void s03_scalingWhilePaused_keepsTheShare() {
        World w = World.canary(1, QUARTER_PAUSE).image("2");
        assertThat(w.pods()).isEqualTo("r1=1 r2=1");
        assertThat(w.scale(8).pods()).isEqualTo("r1=6 r2=2");
        assertThat(w.scale(4).pods()).isEqualTo("r1=3 r2=1");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void s04_canaryNeverReady_surgesAndKeepsStable() {
        World w = World.canary(4, "{\"maxSurge\":\"100%\"}").image("bad");
        assertThat(w.pods()).isEqualTo("r1=3 r2=4");
        assertThat(w.scale(8).pods()).isEqualTo("r1=3 r2=8");
        assertThat(w.scale(4).pods()).isEqualTo("r1=3 r2=4");
    }

    @Test
    void s05_crashingCanary_takesTheSurgeOnly() {
        World w = World.canary(4, "{\"maxSurge\":2,\"maxUnavailable\":0}").image("bad");
        assertThat(w.pods()).isEqualTo("r1=4 r2=2");
        assertThat(w.scale(8).pods()).isEqualTo("r1=4 r2=6");
        assertThat(w.scale(4).pods()).isEqualTo("r1=4 r2=2");
    }

    @Test
    void s06_goingBackToZero_neverDropsBelowThreeAvailable() {
        World w = World.canary(
                        3,
                        "{\"maxSurge\":2,\"maxUnavailable\":0,\"steps\":[{\"setWeight\":100},{\"pause\":{}},{\"setWeight\":0},"
                                + "{\"pause\":{}}]}")
                .image("2");
        assertThat(w.pods()).isEqualTo("r1=0 r2=3");
        w.cluster.pods((template, hash, index, now) -> null);
        assertThat(w.promote().pods()).isEqualTo("r1=2 r2=3");
        assertThat(w.status().availableReplicas()).isEqualTo(3);
        assertThat(w.abort().phase()).startsWith("Degraded RolloutAborted");
        assertThat(w.pods()).isEqualTo("r1=2 r2=3");
    }

    @Test
    void s08_deadline_degradesAndRecovers() {
        World w = World.canary(4, "{\"steps\":[{\"setWeight\":20},{\"pause\":{}}]}", "\"progressDeadlineSeconds\":5");
        w.image("slow");
        w.after(7);
        assertThat(w.phase()).startsWith("Degraded ProgressDeadlineExceeded: ReplicaSet \"x-");
        w.after(5);
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.pods()).isEqualTo("r1=4 r2=1");
    }

    @Test
    void s12_abort_drainsTheCanaryAtOnce() {
        World w = World.canary(4, QUARTER_PAUSE).image("2").abort();
        assertThat(w.phase()).isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2");
        assertThat(w.pods()).isEqualTo("r1=4 r2=0");
        assertThat(w.status().currentStepIndex()).isEqualTo(0);
        assertThat(w.status().controllerPause()).isFalse();
    }

    @Test
    void s13_secondUpdateWhilePaused_drainsTheFirst() {
        World w = World.canary(4, QUARTER_PAUSE).image("2").image("3");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.pods()).isEqualTo("r1=3 r2=0 r3=1");
    }

    @Test
    void s18_pausingACompletedRollout_leavesProgressingAlone() {
        World w = World.canary(2, QUARTER_PAUSE);
        w.operator.pause();
        w.settle();
        assertThat(w.phase()).isEqualTo("Paused manually paused");
        assertThat(w.status().condition(RolloutCondition.PROGRESSING).reason()).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void s19_pauseLongerThanTheDeadline_isNoFailure() {
        World w = World.canary(
                        2,
                        "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":30}}]}",
                        "\"progressDeadlineSeconds\":5")
                .image("2");
        for (int second = 0; second < 28; second++) {
            assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
            w.after(1);
        }
        assertThat(w.after(5).phase()).isEqualTo("Healthy");
    }

    @Test
    void s20_templateAndReplicasInOneEdit_areBothFollowed() {
        World w = World.canary(2, QUARTER_PAUSE);
        w.operator.setImage("c", "app:2");
        w.scale(4);
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.pods()).isEqualTo("r1=3 r2=1");
    }

    @Test
    void s21_abortAndRetry_tellTheWholeStory() {
        World w = World.canary(1, "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":\"3s\"}}]}");
        assertThat(w.cluster.events())
                .containsExactly(
                        "RolloutUpdated",
                        "NewReplicaSetCreated",
                        "RolloutNotCompleted",
                        "ScalingReplicaSet",
                        "RolloutCompleted");
        w.image("2");
        assertThat(w.pods()).isEqualTo("r1=1 r2=1");
        w.abort();
        assertThat(w.phase()).startsWith("Degraded");
        w.retry();
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        w.after(5);
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.pods()).isEqualTo("r1=0 r2=1");
        assertThat(w.cluster.events().subList(5, w.cluster.events().size()))
                .containsSubsequence(
                        "RolloutUpdated",
                        "NewReplicaSetCreated",
                        "RolloutNotCompleted",
                        "ScalingReplicaSet",
                        "RolloutStepCompleted",
                        "RolloutPaused",
                        "RolloutAborted",
                        "RolloutStepCompleted",
                        "RolloutPaused",
                        "RolloutStepCompleted",
                        "RolloutCompleted");
    }

    @Test
    void s23_badImageTwice_keepsFourStablePods() {
        World w = World.canary(4, "{\"maxSurge\":1,\"maxUnavailable\":0}", "\"progressDeadlineSeconds\":10")
                .image("bad")
                .after(12);
        assertThat(w.phase()).startsWith("Degraded ProgressDeadlineExceeded");
        assertThat(w.pods()).isEqualTo("r1=4 r2=1");
        w.image("bad2").after(12);
        assertThat(w.pods()).isEqualTo("r1=4 r2=0 r3=1");
        assertThat(w.phase()).startsWith("Degraded");
    }

    @Test
    void s24_badToGood_recoversWithoutAnyHealthyRevision() {
        World w = World.canary(4, "{}", "\"progressDeadlineSeconds\":10");
        World bad = World.canary(4, "{}").image("bad");
        assertThat(bad.image("good").phase()).isEqualTo("Healthy");
        assertThat(w.phase()).isEqualTo("Healthy");
    }

    @Test
    void s29_abortOfACompletedRollout_hasNoEffect() {
        World w = World.canary(2, QUARTER_PAUSE).abort();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.status().abort()).isFalse();
    }

    @Test
    void s30_fixedSpec_recoversFromInvalidSpec() {
        World w = World.canary(2, "{\"maxSurge\":0,\"maxUnavailable\":0}");
        assertThat(w.phase())
                .isEqualTo(
                        "Degraded InvalidSpec: The Rollout \"x\" is invalid: spec.strategy.maxSurge: Invalid value: 0:"
                                + " MaxSurge and MaxUnavailable both can not be zero");
        assertThat(w.spec("strategy", "{\"canary\":{}}").phase()).isEqualTo("Healthy");
        assertThat(w.status().condition(RolloutCondition.INVALID_SPEC)).isNull();
    }

    @Test
    void s33_restart_evictsWithinTheBudget() {
        World w = World.canary(4, "{\"maxUnavailable\":\"75%\",\"maxSurge\":0}");
        w.after(10);
        w.operator.restart();
        w.cluster.pods((template, hash, index, now) -> null);
        w.settle();
        assertThat(w.counts()).isEqualTo(java.util.List.of(4, 4, 4, 1, 1));
        assertThat(w.phase()).isEqualTo("Progressing rollout is restarting");
    }

    @Test
    void rollbackToStableMidUpdate_skipsAllSteps() {
        World w = World.canary(4, QUARTER_PAUSE).image("2").image("1");
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.pods()).isEqualTo("r1=4 r2=0");
        assertThat(w.cluster.events()).contains("SkipSteps");
        assertThat(w.cluster.replicaSets().get(0).revision()).isEqualTo(3);
    }

    @Test
    void s27_s28_rollbackWindow_isFastInsideAndWalksOutside() {
        World w = World.canary(
                2,
                "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":5}}]}",
                "\"rollbackWindow\":{\"revisions\":2}");
        for (int i = 2; i <= 5; i++) {
            w.after(10).image(Integer.toString(i)).after(10);
            assertThat(w.phase()).isEqualTo("Healthy");
        }
        assertThat(w.image("3").phase()).isEqualTo("Healthy");
        World far = World.canary(
                2,
                "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":5}}]}",
                "\"rollbackWindow\":{\"revisions\":2}");
        for (int i = 2; i <= 5; i++) {
            far.after(10).image(Integer.toString(i)).after(10);
        }
        assertThat(far.image("1").phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void fullPromotion_skipsEverythingThatIsLeft() {
        World w = World.canary(4, "{\"steps\":[{\"setWeight\":25},{\"pause\":{}},{\"setWeight\":50},{\"pause\":{}}]}")
                .image("2")
                .promoteFull();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.status().promoteFull()).isFalse();
    }

    @Test
    void undo_returnsToThePreviousTemplate() {
        World w = World.canary(2, "{}").image("2");
        w.operator.undo();
        assertThat(w.settle().pods()).isEqualTo("r1=2 r2=0");
        assertThat(UserActions.undo(w.cluster.spec(), w.status(), w.cluster.replicaSets(), 9)
                        .problems()
                        .get(0)
                        .text())
                .isEqualTo("unable to find specified revision 9 in history");
    }

    @Test
    void history_keepsOnlyTheLimit() {
        World w = World.canary(1, "{}", "\"revisionHistoryLimit\":2");
        for (int i = 2; i < 8; i++) {
            w.image(Integer.toString(i)).after(1);
        }
        assertThat(w.cluster.replicaSets().stream().map(Observation.ReplicaSet::revision))
                .containsExactly(5, 6, 7);
    }

    @Test
    void s59_canary_deadlineAbort() {
        World w = World.canary(2, "{}", "\"progressDeadlineSeconds\":5", "\"progressDeadlineAbort\":true")
                .image("bad")
                .after(8);
        assertThat(w.status().abort()).isTrue();
        assertThat(w.phase()).isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2");
        assertThat(w.pods()).isEqualTo("r1=2 r2=0");
    }

    @Test
    void x1_abortAfterFullPromotion_isAnAbort() {
        World w = World.canary(4, QUARTER_PAUSE).image("bad");
        w.operator.promoteFull();
        w.settle();
        w.operator.abort();
        assertThat(w.settle().phase()).startsWith("Degraded RolloutAborted");
        assertThat(w.after(60).pods()).isEqualTo("r1=4 r2=0");
    }

    @Test
    void x2_clockJump_advancesOneStepAPass() {
        World w = World.canary(
                        4,
                        "{\"steps\":[{\"setWeight\":25},{\"pause\":{\"duration\":5}},{\"setWeight\":50},{\"pause\":{\"duration\":5}}]}")
                .image("2");
        w.cluster.jump(Duration.ofHours(1));
        w.settle();
        assertThat(w.status().currentStepIndex()).isEqualTo(3);
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void x3_exactlyAtTheDeadline_nothingFires() {
        World w = World.canary(2, "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":30}}]}")
                .image("2");
        w.cluster.jump(Duration.ofSeconds(30));
        assertThat(w.settle().phase()).isEqualTo("Paused CanaryPauseStep");
        w.cluster.jump(Duration.ofMillis(1));
        assertThat(w.settle().phase()).isEqualTo("Healthy");
    }

    @Test
    void x6_replicasThatChangeAtEveryPass_neverStickOrOvershoot() {
        World w = World.canary(4, QUARTER_PAUSE).image("2");
        for (int i = 0; i < 30; i++) {
            int replicas = 1 + (i * 7) % 11;
            w.scale(replicas);
            int total = w.cluster.replicaSets().stream()
                    .mapToInt(Observation.ReplicaSet::spec)
                    .sum();
            assertThat(total).isBetween(replicas - 1, replicas + 3);
            assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        }
    }
}
