package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many rollouts in one process: each is a value and a step, none has a thread. */
class FleetTest {

    @Test
    void tenThousandRollouts_areSteppedSideBySide() {
        List<World> fleet = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            fleet.add(World.canary(1 + i % 5, "{\"steps\":[{\"setWeight\":50},{\"pause\":{\"duration\":10}}]}"));
        }
        fleet.forEach(w -> w.image("2"));
        long steps = 0;
        for (World w : fleet) {
            w.after(11);
            steps += w.cluster.steps();
            assertThat(w.phase()).isEqualTo("Healthy");
        }
        assertThat(steps).isGreaterThan(100_000);
    }
}
