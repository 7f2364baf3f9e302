package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Acceptance scenarios of canaries with a traffic router, named after Rollouts §6. */
class RoutedScenariosTest {
    private static final String ROUTED =
            "\"canaryService\":\"canary\",\"stableService\":\"stable\",\"trafficRouting\":{\"smi\":{}}";

    private static World routed(int replicas, String steps, String... more) {
        return World.canary(
                replicas,
                "{" + ROUTED + ",\"steps\":[" + steps + "]" + (more.length == 0 ? "" : "," + String.join(",", more))
                        + "}");
    }

    @Test
    void s02_setCanaryScale_isKeptUntilTheNextOne() {
        World w = routed(
                        4,
                        "{\"setCanaryScale\":{\"weight\":0}},{\"pause\":{}},{\"setCanaryScale\":{\"weight\":25}},{\"pause\":{}},"
                                + "{\"setWeight\":50},{\"pause\":{}},{\"setCanaryScale\":{\"replicas\":3}},{\"pause\":{}},"
                                + "{\"setCanaryScale\":{\"matchTrafficWeight\":true}},{\"pause\":{}}")
                .image("2");
        assertThat(w.pods()).isEqualTo("r1=4 r2=0");
        assertThat(w.promote().pods()).isEqualTo("r1=4 r2=1");
        assertThat(w.promote().pods()).isEqualTo("r1=4 r2=1");
        assertThat(w.promote().pods()).isEqualTo("r1=4 r2=3");
        assertThat(w.promote().pods()).isEqualTo("r1=4 r2=2");
        w.promote();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.pods()).isEqualTo("r1=4* r2=4");
    }

    @Test
    void s11_abortAtThePause_movesTheServiceAtOnceAndThePodsLater() {
        World w = routed(1, "{\"setWeight\":50},{\"pause\":{}}", "\"abortScaleDownDelaySeconds\":1")
                .image("2");
        assertThat(w.service("canary")).isEqualTo("r2");
        w.abort();
        assertThat(w.service("canary")).isEqualTo("r1");
        assertThat(w.weights()).isEqualTo("0/100");
        assertThat(w.after(3).pods()).isEqualTo("r1=1 r2=0");
    }

    @Test
    void s14_abortDelayZero_keepsAnExplicitScale() {
        World w = routed(1, "{\"setCanaryScale\":{\"replicas\":1}},{\"pause\":{}}", "\"abortScaleDownDelaySeconds\":0")
                .image("2")
                .abort()
                .after(7200);
        assertThat(w.pods()).isEqualTo("r1=1 r2=1");
    }

    @Test
    void s15_dynamicStable_shrinksAndComesBackOnAbort() {
        World w = routed(
                        4,
                        "{\"setWeight\":25},{\"pause\":{}},{\"setWeight\":75},{\"pause\":{}}",
                        "\"dynamicStableScale\":true")
                .image("2");
        assertThat(w.pods()).isEqualTo("r1=3 r2=1");
        assertThat(w.promote().pods()).isEqualTo("r1=1 r2=3");
        w.abort().after(120);
        assertThat(w.pods()).isEqualTo("r1=4 r2=0");
        assertThat(w.weights()).isEqualTo("0/100");
        assertThat(w.service("canary")).isEqualTo("r1");
    }

    @Test
    void s36_weightsAndServices_followTheSteps() {
        World w = routed(5, "{\"setWeight\":10},{\"pause\":{}}");
        assertThat(w.service("stable")).isEqualTo("r1");
        w.image("2");
        assertThat(w.weights()).isEqualTo("10/90");
        assertThat(w.service("stable")).isEqualTo("r1");
        assertThat(w.service("canary")).isEqualTo("r2");
        w.promote();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.weights()).isEqualTo("0/100");
        assertThat(w.service("stable")).isEqualTo("r2");
        assertThat(w.pods()).isEqualTo("r1=5* r2=5");
        assertThat(w.after(31).pods()).isEqualTo("r1=0 r2=5");
    }

    @Test
    void s40_updateInTheMiddle_startsAgainAtZero() {
        World w = routed(4, "{\"setWeight\":50},{\"pause\":{}}").image("2").image("3");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.after(1).pods()).isEqualTo("r1=4 r2=0 r3=2");
    }

    @Test
    void s41_abortWithAllCanaryPods_keepsThemForTheirDelay() {
        World w = routed(5, "{\"setWeight\":80},{\"pause\":{}}").image("2").abort();
        assertThat(w.pods()).isEqualTo("r1=5 r2=4*");
        assertThat(w.after(31).pods()).isEqualTo("r1=5 r2=0");
    }

    @Test
    void s42_experiment_takesItsShareWhileItRuns() {
        World w = routed(
                        10,
                        "{\"setWeight\":10},{\"experiment\":{\"templates\":[{\"name\":\"a\",\"specRef\":\"canary\",\"weight\":20}]}},"
                                + "{\"pause\":{}}")
                .image("2");
        String name = w.status().currentExperiment();
        assertThat(name).endsWith("-2-1");
        w.cluster.experiment(new Observation.ExperimentView(
                name, AnalysisPhase.RUNNING, "", List.of(new CanaryWeights.Destination(20, "exp", "exp"))));
        w.settle();
        assertThat(w.weights()).isEqualTo("10/70");
        assertThat(w.status().weights().additional()).hasSize(1);
        w.cluster.experiment(new Observation.ExperimentView(name, AnalysisPhase.SUCCESSFUL, "", List.of()));
        w.settle();
        assertThat(w.weights()).isEqualTo("10/90");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void failedExperiment_aborts() {
        World w = routed(2, "{\"experiment\":{\"templates\":[{\"name\":\"a\",\"specRef\":\"canary\"}]}},{\"pause\":{}}")
                .image("2");
        w.cluster.experiment(new Observation.ExperimentView(
                w.status().currentExperiment(), AnalysisPhase.FAILED, "Template 'a' is bad", List.of()));
        w.settle();
        assertThat(w.phase()).contains("Experiment phase error/failed: Template 'a' is bad");
    }

    @Test
    void s44_pingPong_swapsTheRolesOfTheServices() {
        World w = World.canary(
                4,
                "{\"pingPong\":{\"pingService\":\"ping\",\"pongService\":\"pong\"},\"trafficRouting\":{\"plugins\":{\"p\":{}}},"
                        + "\"steps\":[{\"setWeight\":25},{\"pause\":{}}]}");
        assertThat(w.status().stablePingPong()).isEqualTo("ping");
        w.image("2");
        assertThat(w.service("pong")).isEqualTo("r2");
        w.promote();
        assertThat(w.status().stablePingPong()).isEqualTo("pong");
        assertThat(w.phase()).isEqualTo("Healthy");
        w.after(60).image("3");
        assertThat(w.service("ping")).isEqualTo("r3");
        assertThat(w.weights()).isEqualTo("25/75");
    }

    @Test
    void s46_headerRoute_goesWhenTheRolloutIsOver() {
        World w = World.canary(
                        2,
                        "{\"canaryService\":\"canary\",\"stableService\":\"stable\",\"trafficRouting\":{\"managedRoutes\":"
                                + "[{\"name\":\"h\"}],\"istio\":{\"virtualService\":{\"name\":\"v\"}}},\"steps\":[{\"setCanaryScale\":"
                                + "{\"weight\":50}},{\"setHeaderRoute\":{\"name\":\"h\",\"match\":[{\"headerName\":\"a\","
                                + "\"headerValue\":{\"exact\":\"b\"}}]}},{\"pause\":{}}]}")
                .image("2");
        assertThat(w.cluster.observe().extras().managedRoutes()).containsExactly("h");
        w.promote();
        assertThat(w.phase()).isEqualTo("Healthy");
        assertThat(w.cluster.observe().extras().managedRoutes()).isEmpty();
        assertThat(w.cluster.journal()).anyMatch(action -> action instanceof Action.RemoveManagedRoutes);
    }

    @Test
    void unverifiedWeight_holdsTheStep() {
        World w = routed(4, "{\"setWeight\":50},{\"pause\":{}}");
        w.cluster.verifyWeights(false);
        w.image("2").after(60);
        assertThat(w.status().currentStepIndex()).isZero();
        w.cluster.verifyWeights(true);
        assertThat(w.after(11).phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void x4_abortDelayOfAnHour_isHeld() {
        World w = routed(2, "{\"setWeight\":50},{\"pause\":{}}", "\"abortScaleDownDelaySeconds\":3600")
                .image("2")
                .abort()
                .after(3500);
        assertThat(w.pods()).isEqualTo("r1=2 r2=1*");
        assertThat(w.after(200).pods()).isEqualTo("r1=2 r2=0");
    }

    @Test
    void x10_largeMaximumWeight_doesNotOverflow() {
        World w = World.canary(
                        1000,
                        "{\"canaryService\":\"canary\",\"stableService\":\"stable\",\"trafficRouting\":{\"maxTrafficWeight\":100000000,"
                                + "\"nginx\":{\"stableIngress\":\"i\"}},\"steps\":[{\"setWeight\":50000000},{\"pause\":{}}]}")
                .image("2");
        assertThat(w.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(w.pods()).isEqualTo("r1=1000 r2=500");
        assertThat(w.weights()).isEqualTo("50000000/50000000");
    }

    @Test
    void x11_abortDelayZeroWithWeightsOnly_holdsTheCanary() {
        World w = routed(4, "{\"setWeight\":50},{\"pause\":{}}", "\"abortScaleDownDelaySeconds\":0")
                .image("2")
                .abort()
                .after(7200);
        assertThat(w.pods()).isEqualTo("r1=4 r2=2");
        assertThat(w.weights()).isEqualTo("0/100");
    }
}
