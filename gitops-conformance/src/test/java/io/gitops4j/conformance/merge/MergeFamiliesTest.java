package io.gitops4j.conformance.merge;

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

class MergeFamiliesTest {

    @Test
    void k8sMerge_everyVisibleCase_passes() throws IOException {
        assertThat(failures(new K8sMergeFamily())).isEmpty();
    }

    @Test
    void kubectlApply_everyRecordedRequest_isSent() throws IOException {
        assertThat(failures(new KubectlApplyFamily())).isEmpty();
    }

    private static List<String> failures(Family family) throws IOException {
        Path cases = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(cases), () -> "skipped: no cases at " + cases);
        List<String> failures = new ArrayList<>();
        family.check(cases, result -> {
            if (!result.pass()) {
                failures.add(result.id() + ": " + result.why());
            }
        });
        return failures;
    }
}
