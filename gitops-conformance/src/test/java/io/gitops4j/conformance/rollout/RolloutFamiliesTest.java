package io.gitops4j.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutFamiliesTest {

    static Stream<Family> families() {
        return Stream.of(new CanaryReplicasFamily(), new AnalysisFamily(), new TracesFamily());
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyVisibleCasePasses(Family family) throws IOException {
        Path cases = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(cases), "no cases at " + cases);
        List<String> failures = new ArrayList<>();
        List<String> all = new ArrayList<>();
        family.check(cases, result -> {
            all.add(result.id());
            if (!result.pass()) {
                failures.add(result.id() + ": " + result.why());
            }
        });
        assertThat(failures).isEmpty();
        assertThat(all).isNotEmpty();
    }
}
