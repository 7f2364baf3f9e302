package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.rollout.RolloutStates;
import io.gitops4j.rollout.RolloutStates.State;
import io.gitops4j.rollout.RolloutStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The listed transitions are the ones that happen: none is missing, none is never taken. */
class RolloutStatesTest {
    private static final Path DIAGRAM = Path.of("..", "..", "docs", "rollout-states.md");
    private final TreeSet<String> walked = new TreeSet<>();

    /** Notes every transition of a world and fails on an unlisted one. */
    private World watch(World w) {
        List<RolloutStatus> last = new ArrayList<>(List.of(w.status()));
        w.cluster.listen(cluster -> {
            RolloutStatus before = last.get(0);
            RolloutStatus after = cluster.status();
            if (RolloutStates.of(before) != RolloutStates.of(after)) {
                walked.add(RolloutStates.of(before) + " " + RolloutStates.of(after));
            }
            last.set(0, after);
        });
        return w;
    }

    private static final String STEPS = "{\"steps\":[{\"setWeight\":50},{\"pause\":{}},{\"pause\":{\"duration\":5}}]}";
    private static final String DEADLINE = "\"progressDeadlineSeconds\":5";

    @Test
    void everyListedTransition_isTakenByAStory() {
        for (String first : new String[] {"\"replicas\":2", "\"replicas\":0", "\"paused\":true", "\"replicas\":-1"}) {
            World w = watch(World.unsettled("{\"canary\":" + STEPS + "}", first));
            w.settle();
            w.spec("replicas", "2");
            w.spec("paused", "false");
        }
        World zero = watch(World.unsettled("{\"canary\":{}}", "\"replicas\":-1"));
        zero.settle();
        zero.spec("replicas", "0");
        for (int seed = 0; seed < 120; seed++) {
            hands(new Random(seed), seed % 3 == 0);
        }
        World held = watch(World.canary(2, STEPS)).image("2");
        held.spec("replicas", "-1");
        held.spec("replicas", "2");
        TreeSet<String> listed = new TreeSet<>();
        RolloutStates.EDGES.forEach(edge -> listed.add(edge.from() + " " + edge.to()));
        assertThat(walked).as("walked and listed transitions").isEqualTo(listed);
    }

    private void hands(Random random, boolean blueGreen) {
        World w = watch(
                blueGreen
                        ? World.blueGreen(2, "\"autoPromotionEnabled\":false", DEADLINE)
                        : World.canary(2, random.nextBoolean() ? STEPS : "{\"steps\":[{\"pause\":{}}]}", DEADLINE));
        for (int i = 0; i < 40; i++) {
            switch (random.nextInt(12)) {
                case 0 -> w.image("v" + random.nextInt(3));
                case 1 -> w.promote();
                case 2 -> w.abort();
                case 3 -> w.retry();
                case 4 -> w.promoteFull();
                case 5 -> w.scale(1 + random.nextInt(4));
                case 6, 7 -> w.cluster.advance(Duration.ofSeconds(random.nextInt(12)));
                case 8 -> w.spec("minReadySeconds", random.nextInt(3) == 0 ? "-1" : "0");
                case 9 -> w.spec("paused", random.nextInt(3) == 0 ? "true" : "false");
                case 10 -> w.image("slow" + random.nextInt(2));
                default -> w.image("bad" + random.nextInt(2));
            }
        }
    }

    @Test
    void unlistedTransition_isNamed() {
        RolloutStatus healthy =
                RolloutStatus.fresh().toBuilder().phase("Healthy").build();
        RolloutStatus degraded = RolloutStatus.fresh().toBuilder()
                .phase("Degraded")
                .message("ProgressDeadlineExceeded: x")
                .build();
        assertThat(RolloutStates.of(degraded)).isEqualTo(State.TIMED_OUT);
        assertThatThrownBy(() -> RolloutStates.check("prod/shop", healthy, degraded))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rollout prod/shop: no transition from HEALTHY to TIMED_OUT");
    }

    @Test
    void diagramInTheDocumentation_isTheOneThatIsDrawn() throws IOException {
        assertThat(Files.readString(DIAGRAM)).contains("```mermaid\n" + RolloutStates.diagram() + "```\n");
    }
}
