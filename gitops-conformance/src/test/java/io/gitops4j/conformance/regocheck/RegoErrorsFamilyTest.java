package io.gitops4j.conformance.regocheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.conformance.Conformance;
import io.gitops4j.conformance.Family;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegoErrorsFamilyTest {
    private final RegoErrorsFamily family = new RegoErrorsFamily();

    @Test
    void visibleCases_passToTheFloor() throws IOException {
        Path cases = family.defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(cases), "no conformance cases at " + cases);
        List<String> failed = new ArrayList<>();
        int[] total = new int[1];
        family.check(cases, result -> {
            total[0]++;
            if (!result.pass()) {
                failed.add(result.id() + " " + result.why());
            }
        });
        assertThat(total[0]).isGreaterThan(3_000);
        assertThat(failed).as(String.join("\n", failed)).hasSizeLessThanOrEqualTo(total[0] / 200);
    }

    @Test
    void answer_ofInputsAlone_isOneLineACase() throws IOException {
        String input = """
                {"id": "a", "mode": "v1", "modules": [{"name": "test.rego", "text": "package a\\np if x > 1"}]}
                {"id": "b", "mode": "v0", "modules": [{"name": "test.rego", "text": "package a\\np { true }"}]}
                """;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = family.answer(
                List.of(),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                {"id":"a","errors":[{"code":"rego_unsafe_var_error","message":"var x is unsafe","row":2,"col":6}]}
                {"id":"b","errors":[]}
                """);
    }

    @Test
    void name_isTheOneOnTheCommandLine() {
        Family found = family;
        assertThat(found.name()).isEqualTo("rego-errors");
    }
}
