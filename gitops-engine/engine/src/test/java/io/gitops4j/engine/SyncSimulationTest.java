package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A hundred and fifty seeded worlds with faults at every build; {@code -Dgitops4j.simulation.seeds=1000} plays what {@code .ci/run} does,
 * {@code -Dgitops4j.simulation.first=N} begins at another seed, as to replay one.
 */
class SyncSimulationTest {
    private static final int SEEDS = Integer.getInteger("gitops4j.simulation.seeds", 150);
    private static final int FIRST = Integer.getInteger("gitops4j.simulation.first", 1);
    private static final int STEPS = Integer.getInteger("gitops4j.simulation.steps", 2_000);

    @Test
    void invariants_holdInEveryWorld_andEveryWorldComesToRest() {
        AtomicLong steps = new AtomicLong();
        long start = System.nanoTime();
        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(seed -> {
            SyncSimulation world = new SyncSimulation(seed);
            world.run(STEPS, Duration.ofMinutes(seed % 50 == 1 ? 24 * 60 : 10));
            steps.addAndGet(world.steps());
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%d worlds, %d steps, %.1f s%n", SEEDS, steps.get(), seconds);

        assertThat(steps.get()).isGreaterThanOrEqualTo((long) SEEDS * STEPS);
    }

    @Test
    void sameSeed_givesTheSameTrace() {
        SyncSimulation one = new SyncSimulation(7);
        one.run(STEPS, Duration.ofMinutes(1));
        SyncSimulation other = new SyncSimulation(7);
        other.run(STEPS, Duration.ofMinutes(1));

        assertThat(other.trace()).isEqualTo(one.trace());
        assertThat(other.steps()).isEqualTo(one.steps());
    }
}
