package io.gitops4j.cli;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Coverage;
import io.gitops4j.rego.PolicyTest;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.TestResult;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.Value;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs test rules as {@code opa test} does. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Runs the rules whose names begin with test_.",
        footer = {"", "Example:", "  gitops rego test -v policy/"})
final class RegoTestCommand implements Callable<Integer> {
    @Mixin
    private RegoFiles files = new RegoFiles();

    @Option(
            names = {"-v", "--verbose"},
            description = "Lists the tests that pass too.")
    private boolean verbose;

    @Option(
            names = {"-r", "--run"},
            paramLabel = "REGEX",
            description = "Runs the tests whose names match.")
    private @Nullable String pattern;

    @Option(names = "--coverage", description = "Reports the lines that were evaluated, as JSON.")
    private boolean coverage;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "pretty|json",
            defaultValue = "pretty",
            description = "Output format.")
    private String format = "pretty";

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, bundles.")
    private List<Path> paths = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        paths.forEach(files::load);
        PrintWriter out = spec.commandLine().getOut();
        CompiledRego rego = Rego.compile(
                        files.modules(), files.options().print(true).watched(coverage))
                .orThrow();
        Coverage covered = new Coverage();
        EvalSettings settings = EvalSettings.defaults().print(spec.commandLine().getErr()::println);
        if (coverage) {
            settings = settings.listener(covered);
        }
        List<TestResult> results = new ArrayList<>();
        for (TestResult result : PolicyTest.run(rego, Value.of(files.data()), settings)) {
            if (pattern == null
                    || Pattern.compile(pattern)
                            .matcher(result.packageName() + "." + result.name())
                            .find()) {
                results.add(result);
            }
        }
        if (coverage) {
            out.println(covered.report(rego).toJson());
        } else if (format.equals("json")) {
            out.println(JsonArray.of(results.stream().map(RegoTestCommand::json).toList())
                    .toJson());
        } else {
            pretty(out, results);
        }
        out.flush();
        return results.stream().allMatch(TestResult::pass) ? 0 : 1;
    }

    private static Json json(TestResult result) {
        JsonObject.Builder out =
                JsonObject.builder().put("package", result.packageName()).put("name", result.name());
        if (!result.pass()) {
            out.put("fail", true);
        }
        if (!result.text().isEmpty()) {
            out.put("error", result.text());
        }
        return out.build();
    }

    private void pretty(PrintWriter out, List<TestResult> results) {
        long passed = results.stream().filter(TestResult::pass).count();
        for (TestResult result : results) {
            if (verbose || !result.pass()) {
                String state = result.pass() ? "PASS" : result.text().isEmpty() ? "FAIL" : "ERROR";
                out.println(result.packageName() + "." + result.name() + ": " + state);
                if (!result.text().isEmpty()) {
                    out.println("  " + result.text());
                }
            }
        }
        out.println("-".repeat(80));
        if (passed > 0) {
            out.println("PASS: " + passed + "/" + results.size());
        }
        if (passed < results.size()) {
            out.println("FAIL: " + (results.size() - passed) + "/" + results.size());
        }
    }
}
