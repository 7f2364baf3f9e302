package io.gitops4j.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.TaskRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class YamlReaderTasksTest {
    /** Does the last task first, as threads may, and counts them. */
    private static final class Backwards implements TaskRunner {
        private int calls;

        @Override
        public <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results) {
            List<T> reversed = new ArrayList<>();
            for (int i = tasks.size() - 1; i >= 0; i--) {
                calls++;
                reversed.add(tasks.get(i).get());
            }
            for (int i = reversed.size() - 1; i >= 0; i--) {
                results.accept(reversed.get(i));
            }
        }
    }

    private static String documents(int count, int broken) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("---\n")
                    .append(
                            i == broken
                                    ? "a: [\n"
                                    : i % 2 == 0
                                            ? "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"c"
                                                    + i + "\"}}\n"
                                            : "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c" + i + "}\n");
        }
        return text.toString();
    }

    @Test
    void documents_readByTasksInAnyOrder_areTheSameInTheSamePlaces() {
        String text = documents(400, -1);
        Backwards tasks = new Backwards();
        List<Manifest> spread =
                YamlReader.kubectl().withTasks(tasks).readPlaced("a.yaml", text).orThrow();

        List<Manifest> plain = YamlReader.kubectl().readPlaced("a.yaml", text).orThrow();

        assertThat(tasks.calls).isEqualTo(4);
        assertThat(spread).hasSize(400).isEqualTo(plain);
        assertThat(spread.stream().map(m -> m.origin().where().place()).toList())
                .isEqualTo(plain.stream().map(m -> m.origin().where().place()).toList());
        assertThat(spread.get(399).origin().document()).isEqualTo(399);
    }

    @Test
    void aBrokenDocumentAmongMany_readByTasks_isTheSameProblem() {
        String text = documents(400, 300);
        Outcome<List<Manifest>> spread =
                YamlReader.kubectl().withTasks(new Backwards()).readPlaced("a.yaml", text);

        assertThat(spread.problems().stream().map(Problem::display).toList())
                .hasSize(1)
                .isEqualTo(YamlReader.kubectl().readPlaced("a.yaml", text).problems().stream()
                        .map(Problem::display)
                        .toList());
    }

    @Test
    void moreDocumentsThanAllowed_areRefusedWithTasksToo() {
        YamlReader reader = YamlReader.kubectl()
                .withTasks(new Backwards())
                .withLimits(Limits.builder().documents(300).build());

        assertThat(reader.readPlaced("a.yaml", documents(400, -1)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("DOC_COUNT"));
    }
}
