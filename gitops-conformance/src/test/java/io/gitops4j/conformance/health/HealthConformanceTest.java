package io.gitops4j.conformance.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many of the visible cases pass at least. */
class HealthConformanceTest {
    @ParameterizedTest
    @CsvSource({"builtin, 237", "custom, 666", "actions, 66", "action-discovery, 55", "app-aggregate, 79", "worse, 25"})
    void visibleCases_passAtLeastTheFloor(String family, int floor) throws IOException {
        HealthFamily health = new HealthFamily();
        Path cases = health.defaultCases(Conformance.visibleCases()).resolve(family + ".jsonl");
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> failures = new ArrayList<>();
        int[] passed = new int[1];

        health.check(cases, result -> {
            if (result.pass()) {
                passed[0]++;
            } else {
                failures.add(result.id() + ": " + result.why());
            }
        });

        assertThat(passed[0]).as(String.join("\n", failures)).isGreaterThanOrEqualTo(floor);
    }
}
