package io.gitops4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every scenario of Rollouts §6 has a test that carries its number, or a reason in SCENARIOS.md why there is none. */
class ScenarioIndexTest {
    private static final Pattern TEST = Pattern.compile("void ((?:[sx]\\d+_)+)");
    private static final Pattern REASON = Pattern.compile("(?m)^\\| ([SX]\\d+(?:, [SX]\\d+)*) \\| [a-zA-Z]");

    @Test
    void everyScenario_hasATestOrAReason() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 115; i++) {
            // the specification leaves these numbers out
            if (i != 69 && i != 98 && i != 99) {
                expected.add(String.format("s%02d", i));
            }
        }
        for (int i = 1; i <= 11; i++) {
            expected.add("x" + i);
        }
        TreeSet<String> covered = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                Matcher tests = TEST.matcher(Files.readString(file));
                while (tests.find()) {
                    covered.addAll(List.of(tests.group(1).split("_", 0)));
                }
            }
        }
        String index = Files.readString(Path.of("SCENARIOS.md"));
        Matcher reasons = REASON.matcher(index.substring(index.indexOf("## Not played")));
        while (reasons.find()) {
            for (String id : reasons.group(1).toLowerCase(java.util.Locale.ROOT).split(", ", 0)) {
                covered.add(id);
            }
        }
        assertThat(expected).allSatisfy(id -> assertThat(covered).contains(id));
    }
}
