package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every state that a small canary can get into, whatever is lost on the way: a step whose status write or whose actions never
 * arrive, a step that acts on what was true one write ago, pods that come up in any order, a person who promotes or aborts at
 * any moment. The invariants of Rollouts §2.18 hold in all of them and every one of them leads to rest.
 *
 * <p>Up to two replicas and two steps, and three replicas and one step, by default; {@code -Dgitops4j.model=full} checks up to four replicas and four steps.
 */
class ModelCheckTest {
    private static final boolean FULL = "full".equals(System.getProperty("gitops4j.model"));
    private static final List<String> ALPHABET = List.of("{\"setWeight\":50}", "{\"pause\":{}}", "{\"setWeight\":25}");

    private static final List<String> BUDGETS =
            List.of("", "\"maxSurge\":1,\"maxUnavailable\":0,", "\"maxSurge\":0,\"maxUnavailable\":1,");

    @Test
    void everyReachableState_keepsTheInvariantsAndComesToRest() {
        int steps = FULL ? 4 : 2;
        int letters = FULL ? 3 : 2;
        CanaryModel.Size size = CanaryModel.Size.NONE;
        int worlds = 0;
        for (int replicas = 1; replicas <= (FULL ? 4 : 3); replicas++) {
            for (int length = 1; length <= (FULL || replicas < 3 ? steps : 1); length++) {
                for (int code = 0; code < Math.pow(letters, length); code++) {
                    for (String budget : FULL ? BUDGETS : BUDGETS.subList(0, 1)) {
                        size = size.plus(
                                explore(replicas, "{" + budget + "\"steps\":[" + word(code, length, letters) + "]}"));
                        worlds++;
                    }
                }
            }
        }
        assertThat(worlds).isGreaterThanOrEqualTo(14);
        assertThat(size.states()).isGreaterThan(1_000);
        if (FULL) {
            System.out.println(worlds + " rollouts: " + size);
        }
    }

    private static String word(int code, int length, int letters) {
        List<String> steps = new ArrayList<>();
        int rest = code;
        for (int i = 0; i < length; i++) {
            steps.add(ALPHABET.get(rest % letters));
            rest = rest / letters;
        }
        return String.join(",", steps);
    }

    private static CanaryModel.Size explore(int replicas, String strategy) {
        World w = World.canary(replicas, strategy);
        w.operator.setImage("c", "app:2");
        return new CanaryModel(w.cluster.spec(), replicas + " " + strategy).explore(w);
    }
}
