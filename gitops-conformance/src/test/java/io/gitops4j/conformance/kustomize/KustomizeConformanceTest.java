package io.gitops4j.conformance.kustomize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.kustomize.Kustomize;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.problem.Outcome;
import io.gitops4j.source.MemoryTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KustomizeConformanceTest {
    private static final int FLOOR = 1294;
    private final KustomizeFamily family = new KustomizeFamily();

    @Test
    void visibleCases_passAtLeastTheFloor() throws IOException {
        Path cases = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> failures = new ArrayList<>();
        int[] passed = new int[1];

        family.check(cases, result -> {
            if (result.pass()) {
                passed[0]++;
            } else {
                failures.add(result.id() + ": " + result.why());
            }
        });

        assertThat(passed[0]).as(String.join("\n", failures)).isGreaterThanOrEqualTo(FLOOR);
    }

    /** Annotations of origins are left out: a build drops those that it did not make itself. */
    @Test
    void output_builtAgain_changesNothing_andTheSameInputGivesTheSameBytes() throws IOException {
        Path cases = family.defaultCases(Conformance.visibleCases()).resolve("cases.jsonl");
        assumeTrue(Files.exists(cases), "no public cases at " + cases);
        List<String> changed = new ArrayList<>();
        int[] checked = new int[1];

        KustomizeFamily.forEachText(cases, (name, first, second) -> {
            checked[0]++;
            if (!first.equals(second)) {
                changed.add(name + ": two builds differ");
            }
            if (first.contains("config.kubernetes.io/origin:")
                    || first.contains("alpha.config.kubernetes.io/transformations:")) {
                return;
            }
            KustomizeOptions plain = KustomizeOptions.defaults();
            Outcome<KustomizeResult> again = Kustomize.build(
                    MemoryTree.ofText(Map.of("kustomization.yaml", "resources: [all.yaml]\n", "all.yaml", first)),
                    "",
                    plain);
            String text =
                    again.ok() ? again.orThrow().yaml() : again.errors().get(0).text();
            if (!text.equals(first)) {
                changed.add(name + ": " + text.lines().limit(3).toList());
            }
        });

        assertThat(checked[0]).isGreaterThan(1000);
        assertThat(changed).isEmpty();
    }

    @Test
    void batch_writesOneFileForEachLine(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("good"));
        Files.createDirectories(directory.resolve("bad"));
        Files.writeString(directory.resolve("good/kustomization.yaml"), "resources: [r.yaml]\nnamePrefix: a-\n");
        Files.writeString(directory.resolve("good/r.yaml"), "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}");
        Path list = directory.resolve("list");
        Files.writeString(
                list,
                "one\t" + directory.resolve("good") + "\t--reorder none\ntwo\t" + directory.resolve("bad") + "\t\n");

        int code = family.answer(
                List.of(
                        "--batch",
                        list.toString(),
                        "--out",
                        directory.resolve("out").toString()),
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

        assertThat(code).isZero();
        assertThat(directory.resolve("out/one.yaml"))
                .hasContent("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a-c\n");
        assertThat(Files.readString(directory.resolve("out/two.err")))
                .contains("unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'");
    }
}
