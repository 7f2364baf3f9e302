package io.gitops4j.conformance.rego;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegoFamilyTest {
    private static List<String> failures(Family family, String suite) throws IOException {
        Path cases = Conformance.visibleCases().resolve("rego").resolve(suite);
        assumeTrue(Files.isDirectory(cases), "no cases at " + cases + ": skipped");
        List<String> failures = new ArrayList<>();
        int[] count = new int[1];
        family.check(cases, result -> {
            count[0]++;
            if (!result.pass()) {
                failures.add(result.id() + ": " + result.why());
            }
        });
        assertThat(count[0]).isPositive();
        return failures;
    }

    @Test
    void visibleCasesOfV1_hold() throws IOException {
        assertThat(failures(new RegoFamily(), "rego-v1")).isEmpty();
    }

    @Test
    void visibleCasesAddedToV1_hold() throws IOException {
        assertThat(failures(new RegoFamily(), "rego-v1-added")).isEmpty();
    }

    @Test
    void visibleCasesOfV0_hold() throws IOException {
        assertThat(failures(new RegoFamily(), "rego-v0")).isEmpty();
    }

    @Test
    void unitTestsOfTheLibrary_hold() throws IOException {
        assertThat(failures(new RegoUnitFamily(), "gatekeeper-unit")).isEmpty();
    }
}
