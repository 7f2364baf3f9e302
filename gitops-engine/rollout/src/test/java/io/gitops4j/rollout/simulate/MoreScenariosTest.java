package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.MetricAnswer;
import org.junit.jupiter.api.Test;

/** Further acceptance scenarios across strategies, named after Rollouts §6. */
class MoreScenariosTest {
    private static final String ROUTED =
            "\"canaryService\":\"canary\",\"stableService\":\"stable\",\"trafficRouting\":{\"smi\":{}}";
    private static final String CHECK =
            "[{\"name\":\"m\",\"successCondition\":\"result > 0\",\"provider\":{\"web\":{}}}]";

    @Test
    void s09_waitingForTheScaleDown_isNoMissedDeadline() {
        World w = World.canary(2, "{" + ROUTED + "}", "\"progressDeadlineSeconds\":5")
                .image("2")
                .after(10);
        assertThat(w.pods()).isEqualTo("r1=2* r2=2");
        assertThat(w.phase()).isEqualTo("Healthy");
    }

    @Test
    void s10_delayRevisionLimit_keepsTheNewestOldRevision() {
        World w = World.canary(1, "{" + ROUTED + ",\"scaleDownDelaySeconds\":30,\"scaleDownDelayRevisionLimit\":1}");
        w.after(1).image("2").after(1).image("3");
        assertThat(w.after(1).pods()).isEqualTo("r1=0 r2=1* r3=1");
        w.image("2");
        assertThat(w.after(1).pods()).isEqualTo("r1=0 r2=1 r3=1*");
    }

    @Test
    void s16_dynamicStableWithAnAbortDelay_keepsTheCanaryUntilStableIsWhole() {
        World w = World.canary(
                        4,
                        "{" + ROUTED + ",\"dynamicStableScale\":true,\"abortScaleDownDelaySeconds\":10,"
                                + "\"steps\":[{\"setWeight\":75},{\"pause\":{}}]}")
                .image("2");
        assertThat(w.pods()).isEqualTo("r1=1 r2=3");
        w.abort();
        assertThat(w.pods()).isEqualTo("r1=4 r2=3*");
        assertThat(w.weights()).isEqualTo("0/100");
        assertThat(w.after(12).pods()).isEqualTo("r1=4 r2=0");
    }

    @Test
    void s25_badToBad_keepsTheFirstRevisionsPods() {
        World w = World.canary(4, "{\"maxSurge\":1,\"maxUnavailable\":0}", "\"progressDeadlineSeconds\":5");
        w.cluster.pods((template, hash, index, now) -> null);
        w.image("bad").after(7);
        assertThat(w.phase()).startsWith("Degraded");
        assertThat(w.pods()).isEqualTo("r1=4 r2=1");
    }

    @Test
    void s26_updateAfterABrokenFirstRevision_walksTheSteps() {
        World w = World.first(
                "bad",
                4,
                "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":5}}]}",
                "\"progressDeadlineSeconds\":5");
        assertThat(w.after(7).phase()).startsWith("Degraded ProgressDeadlineExceeded");
        w.image("good");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.after(7).phase()).isEqualTo("Healthy");
        assertThat(w.pods()).isEqualTo("r1=0 r2=4");
    }

    @Test
    void s17_dynamicRollbackToStable_movesTrafficOnlyToPodsThatAreThere() {
        World w = World.canary(
                        4, "{" + ROUTED + ",\"dynamicStableScale\":true,\"steps\":[{\"setWeight\":25},{\"pause\":{}}]}")
                .image("2");
        assertThat(w.pods()).isEqualTo("r1=3 r2=1");
        w.cluster.pods(PodModel.after(java.time.Duration.ofSeconds(5)));
        w.image("1");
        assertThat(w.pods()).isEqualTo("r1=4 r2=1");
        assertThat(w.service("canary")).isEqualTo("r2");
        assertThat(w.weights()).isEqualTo("25/75");
        w.after(6);
        assertThat(w.pods()).isEqualTo("r1=4 r2=0");
        assertThat(w.weights()).isEqualTo("0/100");
        assertThat(w.service("canary")).isEqualTo("r1");
        assertThat(w.phase()).isEqualTo("Healthy");
    }

    @Test
    void strategyChange_dropsTheStatusOfTheOtherStrategy() {
        World w = World.blueGreen(2, "");
        w.spec("strategy", "{\"canary\":{\"steps\":[{\"setWeight\":50},{\"pause\":{}}]}}");
        assertThat(w.status().activeSelector()).isEmpty();
        assertThat(w.service("active")).isEmpty();
        w.spec("strategy", "{\"blueGreen\":{\"activeService\":\"active\"}}");
        assertThat(w.status().currentStepIndex()).isNull();
        assertThat(w.service("active")).isEqualTo("r1");
    }

    @Test
    void deadlineAbortThatIsAskedForLater_abortsAtOnce() {
        World w = World.canary(2, "{\"steps\":[{\"setWeight\":50}]}", "\"progressDeadlineSeconds\":5");
        w.image("bad").after(7);
        assertThat(w.phase()).startsWith("Degraded ProgressDeadlineExceeded");
        w.spec("progressDeadlineAbort", "true");
        assertThat(w.phase()).isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2");
    }

    @Test
    void simulatedExperiment_livesAsLongAsItsDuration() {
        World w = World.canary(
                        2,
                        "{\"steps\":[{\"experiment\":{\"duration\":\"20s\",\"templates\":[{\"name\":\"a\",\"specRef\":\"canary\",\"replicas\":3}]}},"
                                + "{\"pause\":{}}]}")
                .image("2");
        assertThat(w.cluster.replicaSets().stream().filter(Observation.ReplicaSet::experiment))
                .singleElement()
                .satisfies(rs -> assertThat(rs.available()).isEqualTo(3));
        assertThat(w.after(19).status().currentStepIndex()).isZero();
        assertThat(w.after(3).phase()).isEqualTo("Paused CanaryPauseStep");
        w.after(31);
        assertThat(w.cluster.replicaSets().stream().filter(Observation.ReplicaSet::experiment))
                .allSatisfy(rs -> assertThat(rs.spec()).isZero());
    }

    @Test
    void s45_dynamicStableAbortThenScaleToOne_endsWithAllTrafficOnStable() {
        World w = World.canary(
                        4, "{" + ROUTED + ",\"dynamicStableScale\":true,\"steps\":[{\"setWeight\":50},{\"pause\":{}}]}")
                .image("2")
                .abort()
                .after(120)
                .scale(1)
                .after(60);
        assertThat(w.pods()).isEqualTo("r1=1 r2=0");
        assertThat(w.weights()).isEqualTo("0/100");
    }

    @Test
    void s56_s57_blueGreenDeadline_degradesAndRecovers() {
        World paused = World.blueGreen(2, "\"autoPromotionEnabled\":false", "\"progressDeadlineSeconds\":5");
        paused.image("slow").after(7);
        assertThat(paused.phase()).startsWith("Degraded ProgressDeadlineExceeded");
        paused.after(5);
        assertThat(paused.phase()).isEqualTo("Paused BlueGreenPause");
        assertThat(paused.promote().phase()).isEqualTo("Healthy");
        World straight = World.blueGreen(2, "", "\"progressDeadlineSeconds\":5")
                .image("slow")
                .after(7);
        assertThat(straight.phase()).startsWith("Degraded");
        assertThat(straight.after(5).phase()).isEqualTo("Healthy");
    }

    @Test
    void s61_blueGreenMetadata_movesAtTheSwitch() {
        World w = World.blueGreen(
                        1,
                        "\"autoPromotionEnabled\":false,\"activeMetadata\":{\"labels\":{\"role\":\"active\"}},"
                                + "\"previewMetadata\":{\"labels\":{\"role\":\"preview\"}}")
                .image("2");
        assertThat(w.cluster.observe().extras().ephemeral().toString())
                .contains("\"active\"")
                .contains("\"preview\"");
        w.promote();
        assertThat(w.cluster.observe().extras().ephemeral().toString())
                .contains("\"active\"")
                .doesNotContain("\"preview\"");
    }

    @Test
    void s67_updateAfterAnAbortByAnalysis_drainsTheAbortedPreview() {
        World w = World.blueGreen(
                        1,
                        "\"autoPromotionEnabled\":false,\"prePromotionAnalysis\":{\"templates\":[{\"templateName\":\"check\"}]}")
                .template("check", CHECK);
        w.answers.put("m", MetricAnswer.value(0.0));
        w.after(1).image("2");
        assertThat(w.phase()).startsWith("Degraded");
        w.answers.clear();
        w.after(1).image("3");
        assertThat(w.service("preview")).isEqualTo("r3");
        assertThat(w.pods()).isEqualTo("r1=1 r2=1* r3=1");
        w.promote();
        assertThat(w.service("active")).isEqualTo("r3");
        assertThat(w.cluster.analysisRuns()).hasSize(2);
    }

    @Test
    void s90_s91_abortWhileAPluginRuns_undoesInReverseAndARetryForgets() {
        World w = World.canary(
                        2,
                        "{\"steps\":[{\"plugin\":{\"name\":\"p\"}},{\"plugin\":{\"name\":\"q\"}},{\"setWeight\":50},{\"pause\":{}}]}")
                .image("2");
        w.cluster.answerPlugin(new Observation.PluginAnswer(0, "Run", 1, "Successful", "", Json.nul(), 0));
        w.settle();
        w.cluster.answerPlugin(new Observation.PluginAnswer(1, "Run", 1, "Running", "", Json.nul(), 60));
        w.settle();
        w.abort();
        assertThat(w.cluster.journal().stream()
                        .filter(action -> action instanceof Action.CallPlugin call
                                && call.operation().equals("Abort"))
                        .map(action -> ((Action.CallPlugin) action).plugin())
                        .distinct())
                .containsExactly("q", "p");
        w.retry();
        assertThat(w.status().plugins()).allMatch(plugin -> plugin.operation().equals("Run"));
    }

    @Test
    void s95_newRevision_dropsThePluginsStatuses() {
        World w = World.canary(2, "{\"steps\":[{\"plugin\":{\"name\":\"p\"}},{\"pause\":{}}]}")
                .image("2");
        w.cluster.answerPlugin(new Observation.PluginAnswer(0, "Run", 1, "Running", "", Json.nul(), 60));
        w.settle();
        assertThat(w.status().plugins().get(0).executions()).isEqualTo(1);
        w.image("3");
        assertThat(w.status().plugins()).hasSize(1);
    }

    @Test
    void s104_specPaused_countsAsManualPause() {
        World w = World.canary(2, "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":5}}]}")
                .after(5);
        w.operator.pause();
        w.image("2").after(30);
        w.promote().after(10);
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.status().duration().manualPauseSeconds()).isEqualTo(30);
    }

    @Test
    void x9_revertWhileDegraded_isHealthyAtOnce() {
        World w = World.canary(4, "{\"steps\":[{\"setWeight\":25},{\"pause\":{}}]}")
                .image("2")
                .abort();
        assertThat(w.phase()).startsWith("Degraded");
        assertThat(w.image("1").phase()).isEqualTo("Healthy");
        assertThat(w.status().abort()).isFalse();
    }

    @Test
    void s62_blueGreenToCanary_isFollowed() {
        World w = World.blueGreen(2, "\"scaleDownDelaySeconds\":1");
        w.spec("strategy", "{\"canary\":{\"maxUnavailable\":0,\"steps\":[{\"setWeight\":50},{\"pause\":{}}]}}");
        assertThat(w.phase()).isEqualTo("Healthy");
        w.image("2");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.pods()).isEqualTo("r1=1 r2=1");
    }

    @Test
    void s81_badImageJobInTheBackground_pausesAndARetryRunsAgain() {
        World w = World.canary(
                        2,
                        "{\"analysis\":{\"templates\":[{\"templateName\":\"check\"}]},\"steps\":[{\"setWeight\":50},"
                                + "{\"pause\":{\"duration\":90}}]}")
                .template("check", "[{\"name\":\"m\",\"provider\":{\"job\":{}}}]");
        w.answers.put("m", MetricAnswer.outcome(AnalysisPhase.INCONCLUSIVE, "ImagePullBackOff"));
        w.image("2");
        assertThat(w.runs(AnalysisPhase.INCONCLUSIVE)).isEqualTo(1);
        assertThat(w.phase()).startsWith("Paused");
        assertThat(w.promote().cluster.analysisRuns()).hasSize(2);
    }
}
