package io.gitops4j.rollout.canary;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.canary.CanaryReplicas.Fenceposts;
import io.gitops4j.rollout.canary.CanaryReplicas.Pods;
import io.gitops4j.rollout.canary.CanaryReplicas.Split;
import io.gitops4j.rollout.spec.IntOrPercent;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanaryReplicasTest {

    @Test
    void surgeRoundsUpAndUnavailableRoundsDown() {
        assertThat(CanaryReplicas.budget(IntOrPercent.QUARTER, IntOrPercent.QUARTER, 10))
                .isEqualTo(new Fenceposts(3, 2));
        assertThat(CanaryReplicas.budget(IntOrPercent.of(0), IntOrPercent.of(0), 10))
                .isEqualTo(new Fenceposts(0, 1));
        assertThat(CanaryReplicas.budget(IntOrPercent.of(1), IntOrPercent.of(9), 4))
                .isEqualTo(new Fenceposts(1, 4));
    }

    @Test
    void closest_keepsAPodOnBothSides() {
        assertThat(CanaryReplicas.closest(10, 99, 100, 1)).isEqualTo(new Split(10, 1));
        assertThat(CanaryReplicas.closest(2, 1, 100, 0)).isEqualTo(new Split(1, 1));
        assertThat(CanaryReplicas.closest(2, 75, 100, 0)).isEqualTo(new Split(1, 1));
        assertThat(CanaryReplicas.closest(0, 50, 100, 1)).isEqualTo(new Split(0, 0));
    }

    @Test
    void ofWeight_doesNotOverflowWithLargeMaximum() {
        assertThat(CanaryReplicas.ofWeight(50_000_000, 1000, 100_000_000)).isEqualTo(500);
    }

    @Test
    void olderRevisionsHoldBackTheDrain() {
        assertThat(CanaryReplicas.basic(
                        10, 30, 100, new Fenceposts(1, 0), new Pods(0, 0), new Pods(10, 10), List.of(new Pods(3, 3))))
                .isEqualTo(new Split(0, 10));
    }

    @Test
    void closedLoop_endsOnTheTargetWithinItsBudgets() {
        Random random = new Random(7);
        for (int run = 0; run < 20_000; run++) {
            int replicas = 1 + random.nextInt(20);
            Fenceposts budget = CanaryReplicas.budget(
                    IntOrPercent.of(random.nextInt(4)), IntOrPercent.of(random.nextInt(4)), replicas);
            int weight = random.nextInt(101);
            int canary = random.nextInt(replicas + 1);
            int stable = replicas - canary;
            int writes = 0;
            while (true) {
                Split next = CanaryReplicas.basic(
                        replicas, weight, 100, budget, new Pods(canary, canary), new Pods(stable, stable), List.of());
                if (next.stable() != stable) {
                    stable = next.stable();
                } else if (next.canary() != canary) {
                    canary = next.canary();
                } else {
                    break;
                }
                assertThat(canary + stable).isLessThanOrEqualTo(replicas + budget.surge());
                assertThat(canary + stable).isGreaterThanOrEqualTo(replicas - budget.unavailable());
                assertThat(++writes).as("run %s", run).isLessThanOrEqualTo(2 * replicas + 4);
            }
            assertThat(new Split(canary, stable))
                    .as("run %s", run)
                    .isEqualTo(CanaryReplicas.closest(replicas, weight, 100, budget.surge()));
        }
    }

    @Test
    void randomAvailability_neverBreaksTheBudgets() {
        Random random = new Random(11);
        for (int run = 0; run < 5_000; run++) {
            int replicas = 1 + random.nextInt(10);
            Fenceposts budget = CanaryReplicas.budget(
                    IntOrPercent.of(random.nextInt(3)), IntOrPercent.of(random.nextInt(3)), replicas);
            int weight = random.nextInt(101);
            int canary = 0;
            int canaryReady = 0;
            int stable = replicas;
            int stableReady = replicas;
            for (int pass = 0; pass < 40; pass++) {
                Split next = CanaryReplicas.basic(
                        replicas,
                        weight,
                        100,
                        budget,
                        new Pods(canary, canaryReady),
                        new Pods(stable, stableReady),
                        List.of());
                int before = canaryReady + stableReady;
                if (next.stable() != stable) {
                    stable = next.stable();
                    stableReady = Math.min(stableReady, stable);
                } else {
                    canary = next.canary();
                    canaryReady = Math.min(canaryReady, canary);
                }
                assertThat(canary + stable).isLessThanOrEqualTo(replicas + budget.surge());
                assertThat(canaryReady + stableReady)
                        .isGreaterThanOrEqualTo(Math.min(before, replicas - budget.unavailable()));
                canaryReady += random.nextInt(canary - canaryReady + 1);
                stableReady += random.nextInt(stable - stableReady + 1);
            }
        }
    }
}
