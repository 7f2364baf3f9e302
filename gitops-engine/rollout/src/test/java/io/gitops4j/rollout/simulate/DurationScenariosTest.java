package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.RolloutDuration;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long updates took and how they ended, for both strategies, named after Rollouts §6. */
class DurationScenariosTest {

    /** A strategy that waits for a person, and one that waits ten seconds. */
    enum Strategy {
        CANARY,
        BLUE_GREEN;

        World manual(String... more) {
            return this == CANARY
                    ? World.canary(2, "{\"steps\":[{\"setWeight\":50},{\"pause\":{}}]}", more)
                    : World.blueGreen(2, "\"autoPromotionEnabled\":false", more);
        }

        World timed() {
            return this == CANARY
                    ? World.canary(2, "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":10}}]}")
                    : World.blueGreen(2, "\"autoPromotionSeconds\":10");
        }
    }

    static Stream<Strategy> strategies() {
        return Stream.of(Strategy.values());
    }

    private static RolloutDuration duration(World w) {
        return w.status().duration();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s103_initialDeploy_isPromotedWithoutPause(Strategy strategy) {
        World w = strategy.manual();
        assertThat(duration(w).completion()).isEqualTo("Promoted");
        assertThat(duration(w).manualPauseSeconds()).isZero();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s105_timedPause_doesNotCount(Strategy strategy) {
        World w = strategy.timed().after(5).image("2").after(15);
        assertThat(duration(w).completion()).isEqualTo("Promoted");
        assertThat(duration(w).manualPauseSeconds()).isZero();
        assertThat(Duration.between(duration(w).startedAt(), duration(w).finishedAt()))
                .isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s106_pauseWithoutEnd_counts(Strategy strategy) {
        World w = strategy.manual().after(5).image("2").after(60).promote();
        assertThat(duration(w).completion()).isEqualTo("Promoted");
        assertThat(duration(w).manualPauseSeconds()).isEqualTo(60);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s107_fullPromotion_isFastPromoted(Strategy strategy) {
        World w = strategy.manual().after(5).image("2").promoteFull();
        assertThat(duration(w).completion()).isEqualTo("FastPromoted");
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s108_s109_abortEndsItAndRetryStartsAnew(Strategy strategy) {
        World w = strategy.manual().after(5).image("2").after(5).abort();
        assertThat(duration(w).completion()).isEqualTo("Aborted");
        assertThat(duration(w).finishedAt()).isEqualTo(World.T0.plusSeconds(10));
        w.after(5).retry();
        assertThat(duration(w).startedAt()).isEqualTo(World.T0.plusSeconds(15));
        assertThat(duration(w).finishedAt()).isNull();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s110_supersededByAThirdVersion_startsAnew(Strategy strategy) {
        World w = strategy.manual().after(5).image("2").after(5).image("3");
        assertThat(duration(w).startedAt()).isEqualTo(World.T0.plusSeconds(10));
        assertThat(duration(w).finishedAt()).isNull();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s111_backToStableMidWay_isFastRolledBackFromTheOldStart(Strategy strategy) {
        World w = strategy.manual().after(5).image("2").after(5).image("1");
        assertThat(duration(w).completion()).isEqualTo("FastRolledBack");
        assertThat(duration(w).startedAt()).isEqualTo(World.T0.plusSeconds(5));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s112_s113_rollback_isFastInsideTheWindowOnly(Strategy strategy) {
        World out = strategy.manual()
                .after(5)
                .image("2")
                .promote()
                .after(60)
                .image("1")
                .promote();
        assertThat(duration(out).completion()).isEqualTo("RolledBack");
        World in = strategy.manual("\"rollbackWindow\":{\"revisions\":1}")
                .after(5)
                .image("2")
                .promote()
                .after(60)
                .image("1");
        assertThat(duration(in).completion()).isEqualTo("FastRolledBack");
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void s114_s115_scalingAlone_leavesItAlone(Strategy strategy) {
        World w = strategy.manual();
        RolloutDuration before = duration(w);
        assertThat(duration(w.after(60).scale(5))).isEqualTo(before);
    }
}
