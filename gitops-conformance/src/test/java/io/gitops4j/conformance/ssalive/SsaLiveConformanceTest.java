package io.gitops4j.conformance.ssalive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SsaLiveConformanceTest {
    private final SsaLiveFamily family = new SsaLiveFamily();

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

        assertThat(passed[0]).as(String.join("\n", failures)).isGreaterThanOrEqualTo(369);
    }

    @Test
    void answer_givesTheStepsWithResults() throws IOException {
        String input = """
                {"name":"c","apiVersion":"v1","kind":"ConfigMap","plural":"configmaps","namespaced":true,"object":"x",\
                "steps":[{"op":"get"},{"op":"create","manager":"m","body":{"apiVersion":"v1","kind":"ConfigMap",\
                "metadata":{"name":"x"},"data":{"a":"1"}}},{"op":"get"}]}
                """;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
                PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            family.answer(List.of(), in, print);
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"name\":\"c\",\"steps\":[{\"op\":\"get\",\"result\":{\"code\":404,")
                .contains("\"manager\":\"m\"")
                .contains("{\"op\":\"get\",\"result\":{\"code\":200,\"same\":true}}");
    }
}
