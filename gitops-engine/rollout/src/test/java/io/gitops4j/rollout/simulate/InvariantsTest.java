package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The invariants I1–I12 of Rollouts §2.18, over every small rollout and over seeded random ones. */
class InvariantsTest {
    private static final List<String> STEPS = List.of(
            "{\"setWeight\":0}",
            "{\"setWeight\":25}",
            "{\"setWeight\":50}",
            "{\"setWeight\":100}",
            "{\"pause\":{\"duration\":5}}",
            "{\"pause\":{}}");

    /** Checks after every step what must hold whatever happens. */
    private static void watch(World w) {
        w.cluster.listen(cluster -> {
            Transition last = cluster.last();
            RolloutStatus status = cluster.status();
            assertThat(RolloutPhase.of(cluster.spec(), status))
                    .isEqualTo(new RolloutPhase(status.phase(), status.message()));
            assertThat(RolloutStatusJson.read(RolloutStatusJson.write(status))).isEqualTo(withoutMemo(status));
            if (last != null && last.wakeAt() != null) {
                assertThat(last.wakeAt()).isAfter(cluster.now());
            }
        });
    }

    private static RolloutStatus withoutMemo(RolloutStatus status) {
        return status.toBuilder().abortMessage("").build();
    }

    @Test
    void exhaustive_everySmallRolloutRests() {
        int worlds = 0;
        for (int replicas = 1; replicas <= 4; replicas++) {
            for (int code = 0; code < 6 * 6 * 6; code++) {
                String steps = STEPS.get(code % 6) + "," + STEPS.get(code / 6 % 6) + "," + STEPS.get(code / 36);
                World w = World.canary(replicas, "{\"steps\":[" + steps + "]}");
                watch(w);
                w.image("2");
                for (int i = 0; i < 4 && !w.phase().equals("Healthy"); i++) {
                    w.after(6);
                    w.promote();
                }
                assertThat(w.phase()).as("%s replicas, %s", replicas, steps).isEqualTo("Healthy");
                assertThat(w.status().fullyPromoted()).isTrue();
                worlds++;
            }
        }
        assertThat(worlds).isEqualTo(864);
    }

    @Test
    void exhaustive_abortAtAnyPointRestoresStable() {
        for (int replicas = 1; replicas <= 4; replicas++) {
            for (int promotions = 0; promotions < 3; promotions++) {
                for (String routing : new String[] {
                    "",
                    "\"canaryService\":\"c\",\"stableService\":\"s\",\"trafficRouting\":{\"smi\":{}},",
                    "\"canaryService\":\"c\",\"stableService\":\"s\",\"dynamicStableScale\":true,\"trafficRouting\":{\"smi\":{}},"
                }) {
                    World w = World.canary(
                            replicas,
                            "{" + routing
                                    + "\"steps\":[{\"setWeight\":25},{\"pause\":{}},{\"setWeight\":50},{\"pause\":{}},"
                                    + "{\"setWeight\":75},{\"pause\":{}}]}");
                    watch(w);
                    w.image("2");
                    for (int i = 0; i < promotions; i++) {
                        w.promote();
                    }
                    w.abort().after(120);
                    assertThat(w.pods())
                            .as("%s %s %s", replicas, promotions, routing)
                            .isEqualTo("r1=" + replicas + " r2=0");
                    assertThat(w.status().weights().canary().weight()).isZero();
                }
            }
        }
    }

    @Test
    void x5_lostActions_convergeToTheSameEnd() {
        for (int seed = 0; seed < 200; seed++) {
            World straight = lossy(seed, 0);
            World lossy = lossy(seed, 40);
            assertThat(lossy.phase()).as("seed %s", seed).isEqualTo(straight.phase());
            assertThat(lossy.pods()).as("seed %s", seed).isEqualTo(straight.pods());
            assertThat(lossy.status().currentStepIndex())
                    .isEqualTo(straight.status().currentStepIndex());
        }
    }

    private static World lossy(int seed, int percent) {
        Random random = new Random(seed);
        int replicas = 1 + random.nextInt(6);
        String steps = STEPS.get(random.nextInt(6)) + "," + STEPS.get(random.nextInt(6));
        World w = World.canary(replicas, "{\"steps\":[" + steps + "]}");
        Random dice = new Random(seed * 31L + 7);
        w.cluster.lose(action -> !(action instanceof Action.Emit) && dice.nextInt(100) < percent);
        w.image("2").after(20);
        w.cluster.lose(action -> false);
        return w.after(20);
    }

    @Test
    void sameArguments_giveEqualTransitions() {
        World w = World.canary(4, "{\"steps\":[{\"setWeight\":25},{\"pause\":{}}]}");
        w.operator.setImage("c", "app:2");
        Observation seen = w.cluster.observe();
        Instant now = w.cluster.now();
        Transition one = RolloutEngine.step(w.cluster.spec(), w.status(), seen, now);
        Transition two = RolloutEngine.step(w.cluster.spec(), w.status(), seen, now);
        assertThat(one).isEqualTo(two);
        assertThat(one.status().toString()).isEqualTo(two.status().toString());
    }

    @Test
    void randomHands_neverBreakAnInvariant() {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            boolean blueGreen = random.nextBoolean();
            World w = blueGreen
                    ? World.blueGreen(
                            1 + random.nextInt(4), random.nextBoolean() ? "" : "\"autoPromotionEnabled\":false")
                    : World.canary(
                            1 + random.nextInt(4),
                            "{\"steps\":[{\"setWeight\":30},{\"pause\":{}},{\"setWeight\":60},{\"pause\":{\"duration\":3}}]}");
            watch(w);
            List<String> done = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                int what = random.nextInt(8);
                done.add(String.valueOf(what));
                switch (what) {
                    case 0 -> w.image("v" + random.nextInt(4));
                    case 1 -> w.promote();
                    case 2 -> w.abort();
                    case 3 -> w.retry();
                    case 4 -> w.promoteFull();
                    case 5 -> w.scale(1 + random.nextInt(5));
                    case 6 -> w.cluster.advance(Duration.ofSeconds(random.nextInt(40)));
                    default -> w.image("bad" + random.nextInt(2));
                }
                assertThat(w.phase()).as("seed %s after %s", seed, done).isNotEmpty();
            }
            w.image("good").after(60).promoteFull().after(120);
            assertThat(w.phase()).as("seed %s after %s", seed, done).isEqualTo("Healthy");
        }
    }
}
