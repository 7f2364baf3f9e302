package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegoCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return GitOpsCli.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void eval_printsValueAndBindings(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("p.rego"), "package p\n\nallow if input.user == data.owner\nxs := [1, 2]\n");
        Files.writeString(folder.resolve("data.yaml"), "owner: ann\n");
        Path input = Files.writeString(folder.resolve("input.txt"), "user: ann\n");
        assertThat(run("rego", "eval", "-d", folder.toString(), "-i", input.toString(), "-f", "raw", "data.p.allow"))
                .isZero();
        assertThat(out.toString()).isEqualTo("true\n");
        out.getBuffer().setLength(0);
        assertThat(run("rego", "eval", "-d", folder.toString(), "data.p.xs[i] = x; x > 1"))
                .isZero();
        assertThat(out.toString()).contains("\"i\": 1").contains("\"x\": 2");
        assertThat(run("rego", "eval", "--fail", "-d", folder.toString(), "data.p.allow"))
                .isEqualTo(1);
    }

    @Test
    void check_listsErrors(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("bad.rego"), "package p\n\np if x == 1\n");
        assertThat(run("rego", "check", "-f", "json", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("rego_unsafe_var_error").contains("\"row\":3");
        Files.writeString(folder.resolve("bad.rego"), "package p\n\np if 1 == 1\n");
        assertThat(run("rego", "check", folder.toString())).isZero();
    }

    @Test
    void test_countsPassedAndFailed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("t_test.rego"), "package t\n\ntest_a if 1 == 1\n\ntest_b if 1 == 2\n");
        assertThat(run("rego", "test", folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("data.t.test_b: FAIL")
                .contains("PASS: 1/2")
                .contains("FAIL: 1/2");
    }
}
