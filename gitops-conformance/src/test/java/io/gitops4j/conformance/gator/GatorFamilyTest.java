package io.gitops4j.conformance.gator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatorFamilyTest {
    @Test
    void visibleSuites_everyRegoCasePassesAndNoCelCaseIsAnsweredByRego() throws IOException {
        Family family = new GatorFamily(Optional.empty());
        Path cases = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> wrong = new ArrayList<>();
        int[] rego = new int[1];
        family.check(cases, result -> {
            boolean cel = result.id().endsWith("#K8sNativeValidation");
            rego[0] += cel ? 0 : 1;
            if (result.pass() == cel) {
                wrong.add(result.id());
            }
        });
        assertThat(wrong).isEmpty();
        assertThat(rego[0]).isPositive();
    }
}
