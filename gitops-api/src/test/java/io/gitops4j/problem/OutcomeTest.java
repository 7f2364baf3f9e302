package io.gitops4j.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final Problem WARNING = Problem.warning("W", "careful");
    private static final Problem ERROR = Problem.error("E", "wrong");

    @Test
    void then_collectsTheProblemsOfBothStages() {
        Outcome<Integer> outcome =
                Outcome.of(1, List.of(WARNING)).then(value -> Outcome.of(value + 1, List.of(WARNING)));
        assertThat(outcome.orThrow()).isEqualTo(2);
        assertThat(outcome.problems()).hasSize(2);
        assertThat(Outcome.of(1, List.of(WARNING))
                        .then(value -> Outcome.failed(ERROR))
                        .problems())
                .containsExactly(WARNING, ERROR);
    }

    @Test
    void orThrow_failure_throwsAllProblems() {
        assertThatThrownBy(() -> Outcome.failed(List.of(WARNING, ERROR)).orThrow())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("wrong");
        assertThatThrownBy(() -> Outcome.failed(WARNING)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Outcome.of(1, List.of(ERROR))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void display_withPlace_drawsTheCaret() {
        Problem problem = ERROR.at(Where.in("f", "a\n\tbc\r\n", 2, 3)).hint("mend it");
        assertThat(problem.display()).isEqualTo("f:2:3: error: wrong [E]\n  \tbc\n  \t ^\n  hint: mend it\n");
    }

    @Test
    void limits_changeOneBoundOnly() {
        Limits limits = Limits.defaults().toBuilder().depth(7).build();
        assertThat(limits.depth()).isEqualTo(7);
        assertThat(limits.nodes()).isEqualTo(Limits.defaults().nodes());
        assertThatThrownBy(() -> Limits.builder().depth(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
