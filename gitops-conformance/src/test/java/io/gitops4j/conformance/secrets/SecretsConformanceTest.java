package io.gitops4j.conformance.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretsConformanceTest {

    static Stream<Family> families() {
        return Stream.of(new SealedFamily(), new AgeFamily(), new SopsFamily());
    }

    @ParameterizedTest
    @MethodSource("families")
    void visibleVectors_allPass(Family family) throws IOException {
        assumeTrue(
                Files.exists(family.defaultCases(Conformance.visibleCases())),
                "no public cases at " + Conformance.visibleCases());
        List<String> failed = new ArrayList<>();
        family.check(family.defaultCases(Conformance.visibleCases()), result -> {
            if (!result.pass()) {
                failed.add(result.id());
            }
        });
        assertThat(failed).as(family.name()).isEmpty();
    }
}
