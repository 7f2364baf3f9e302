package io.gitops4j.conformance.argocd;

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
class ArgocdConformanceTest {
    @ParameterizedTest
    @CsvSource({
        "appset, 233",
        "changedpaths, 107",
        "diff, 153",
        "engine-diff, 18",
        "glob, 434",
        "hook, 144",
        "normalize-builtin, 72",
        "normalize-ignore, 124",
        "normalize-knowntypes, 60",
        "normalize-managedfields, 34",
        "project, 628",
        "render, 190",
        "render-string, 246",
        "retry, 59",
        "rollingsync, 130",
        "secret-mask, 39",
        "sync-order, 78",
        "sync-run, 85",
        "sync-sort, 25",
        "syncwindow, 320",
        "tracking, 214",
        "version, 69",
        "windowvalidate, 20"
    })
    void visibleCases_passAtLeastTheFloor(String family, int floor) throws IOException {
        ArgocdFamily argocd = new ArgocdFamily();
        Path cases = argocd.defaultCases(Conformance.visibleCases()).resolve(family + ".jsonl");
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> failures = new ArrayList<>();
        int[] passed = new int[1];

        argocd.check(cases, result -> {
            if (result.pass()) {
                passed[0]++;
            } else {
                failures.add(result.id() + ": " + result.why());
            }
        });

        assertThat(passed[0]).as(String.join("\n", failures)).isGreaterThanOrEqualTo(floor);
    }
}
