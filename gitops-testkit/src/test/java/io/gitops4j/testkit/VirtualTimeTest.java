package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = VirtualTime.startingAt(Instant.EPOCH);
    private final List<String> ran = new ArrayList<>();

    @Test
    void advance_runsDueTasksInOrder_equalTimesInOrderOfScheduling() {
        time.after(Duration.ofSeconds(2), () -> ran.add("late"));
        time.after(Duration.ofSeconds(1), () -> ran.add("first"));
        time.after(Duration.ofSeconds(1), () -> ran.add("second"));
        time.after(Duration.ofSeconds(9), () -> ran.add("never"));

        time.advance(Duration.ofSeconds(5));

        assertThat(ran).containsExactly("first", "second", "late");
        assertThat(time.instant()).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(time.next()).contains(Instant.ofEpochSecond(9));
    }

    @Test
    void aTask_seesItsOwnDueTime_andMayScheduleMore() {
        time.after(Duration.ofSeconds(1), () -> {
            ran.add("at " + time.instant().getEpochSecond());
            time.after(
                    Duration.ofSeconds(1), () -> ran.add("at " + time.instant().getEpochSecond()));
        });

        time.advance(Duration.ofSeconds(3));

        assertThat(ran).containsExactly("at 1", "at 2");
    }

    @Test
    void aCancelledTask_doesNotRun() {
        VirtualTime.WakeUp wakeUp = time.after(Duration.ofSeconds(1), () -> ran.add("cancelled"));
        wakeUp.cancel();

        assertThat(time.runNext()).isFalse();
        assertThat(ran).isEmpty();
    }

    @Test
    void runUntilIdle_stopsAtTheBound() {
        time.after(Duration.ofSeconds(1), () -> ran.add("in"));
        time.after(Duration.ofHours(2), () -> ran.add("out"));

        assertThat(time.runUntilIdle(Duration.ofHours(1))).isFalse();
        assertThat(ran).containsExactly("in");
        assertThat(time.runUntilIdle(Duration.ofHours(2))).isTrue();
    }
}
