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

    @Test
    void eval_severalExpressions_reportsProfileCoverageAndErrors(@TempDir Path folder) throws IOException {
        Path policy = Files.writeString(
                folder.resolve("p.rego"),
                "package p\n\nallow if {\n\tsome x in input.xs\n\tx > 1\n\ttrace(\"seen\")\n}\n\nbad := 1 / 0\n");
        Path input = Files.writeString(folder.resolve("input.json"), "{\"xs\": [1, 2]}");
        String[] call = {"rego", "eval", "-d", policy.toString(), "-i", input.toString(), "--profile", "--coverage"};
        assertThat(run(with(call, "data.p.allow; x := 1 + 1"))).isZero();
        assertThat(out.toString())
                .contains("\"text\": \"data.p.allow\"", "\"text\": \"x := 1 + 1\"", "\"x\": 2")
                .contains("\"num_eval\": 2", "\"total_time_ns\"", "\"not_covered\"");
        out.getBuffer().setLength(0);
        assertThat(run(
                        "rego",
                        "eval",
                        "-d",
                        policy.toString(),
                        "-i",
                        input.toString(),
                        "--explain",
                        "fails",
                        "-f",
                        "pretty",
                        "data.p.allow"))
                .isZero();
        assertThat(out.toString())
                .contains("Fail x > 1")
                .doesNotContain("Fail some x")
                .endsWith("true\n");
        out.getBuffer().setLength(0);
        assertThat(run(
                        "rego",
                        "eval",
                        "-d",
                        policy.toString(),
                        "-i",
                        input.toString(),
                        "--explain",
                        "notes",
                        "-f",
                        "pretty",
                        "data.p.allow"))
                .isZero();
        assertThat(out.toString()).contains("Note seen").doesNotContain("Eval");
        out.getBuffer().setLength(0);
        assertThat(run("rego", "eval", "-d", policy.toString(), "--strict-builtin-errors", "data.p.bad"))
                .isEqualTo(GitOpsCli.ERROR);
        assertThat(out.toString()).contains("\"message\": \"div: divide by zero\"", "\"row\": 9");
        out.getBuffer().setLength(0);
        assertThat(run("rego", "eval", "1 + \"a\"")).isEqualTo(GitOpsCli.ERROR);
        assertThat(out.toString()).contains("rego_type_error", "\"col\": 1");
    }

    private static String[] with(String[] call, String last) {
        String[] all = java.util.Arrays.copyOf(call, call.length + 1);
        all[call.length] = last;
        return all;
    }

    @Test
    void schemaCapabilitiesAndBundle_areRead(@TempDir Path folder) throws IOException {
        Path policy = Files.writeString(folder.resolve("p.rego"), "package p\n\na if input.who == 1\n");
        Path schema = Files.writeString(
                folder.resolve("schema.json"), "{\"type\":\"object\",\"properties\":{\"user\":{\"type\":\"string\"}}}");
        assertThat(run("rego", "check", "-s", schema.toString(), policy.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("undefined ref: input.who", "want (one of): [\"user\"]");
        assertThat(run("rego", "eval", "-f", "raw", "--capabilities", "v1.17.0", "strings.split_n(\"a.b\", \".\", 1)"))
                .isEqualTo(GitOpsCli.ERROR);
        Path capabilities = Files.writeString(
                folder.resolve("caps.json"), "{\"builtins\": [{\"name\": \"count\"}, {\"name\": \"plus\"}]}");
        assertThat(run("rego", "eval", "-f", "raw", "--capabilities", capabilities.toString(), "count([1]) + 1"))
                .isZero();
        assertThat(run("rego", "eval", "-f", "raw", "--capabilities", capabilities.toString(), "upper(\"a\")"))
                .isEqualTo(GitOpsCli.ERROR);
        Path bundle = Files.createDirectories(folder.resolve("bundle/app"));
        Files.writeString(bundle.resolve("app.rego"), "package app\n\nx { data.app.on }\n");
        Files.writeString(bundle.resolve("data.json"), "{\"on\": true}");
        Files.writeString(folder.resolve("bundle/.manifest"), "{\"rego_version\": 0, \"roots\": [\"app\"]}");
        out.getBuffer().setLength(0);
        assertThat(run(
                        "rego",
                        "eval",
                        "-f",
                        "raw",
                        "-b",
                        folder.resolve("bundle").toString(),
                        "data.app.x"))
                .isZero();
        assertThat(out.toString()).isEqualTo("true\n");
    }

    @Test
    void test_selectsSkipsAndMeasures(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("t_test.rego"),
                "package t\n\ntest_a if 1 == 1\n\ntest_b if 1 == 2\n\ntodo_test_c if 1 == 2\n");
        assertThat(run("rego", "test", "-r", "test_a$", folder.toString())).isZero();
        assertThat(run("rego", "test", "-r", "test_a$", "--threshold", "99", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Code coverage threshold not met");
        out.getBuffer().setLength(0);
        assertThat(run("rego", "test", "-v", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("data.t.todo_test_c: SKIPPED", "SKIPPED: 1/3");
    }
}
