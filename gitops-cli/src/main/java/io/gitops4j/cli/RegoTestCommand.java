package io.gitops4j.cli;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Coverage;
import io.gitops4j.rego.PolicyTest;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.TestResult;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.Value;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            names = "--threshold",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "The least coverage; implies --coverage.")
    private double threshold;

    @Option(
            names = {"-b", "--bundle"},
            description = "Reads the paths as bundles.")
    private boolean bundle;

    @Option(
            names = {"-l", "--list"},
            description = "Lists the tests that would run.")
    private boolean list;

    @Option(
            names = {"-z", "--exit-zero-on-skipped"},
            description = "Exits with 0 when no test failed but some were skipped.")
    private boolean zeroOnSkipped;

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
        paths.forEach(bundle ? files::loadBundle : files::load);
        PrintWriter out = spec.commandLine().getOut();
        boolean measured = coverage || threshold > 0;
        CompiledRego rego = Rego.compile(
                        files.modules(), files.options().print(true).watched(measured))
                .orThrow();
        Coverage covered = new Coverage();
        EvalSettings settings = EvalSettings.defaults().print(spec.commandLine().getErr()::println);
        if (measured) {
            settings = settings.listener(covered);
        }
        Pattern wanted = pattern == null ? null : Pattern.compile(pattern);
        List<TestResult> results = PolicyTest.run(
                rego,
                Value.of(files.data()),
                settings,
                name -> wanted == null || wanted.matcher(name).find());
        if (list) {
            results.forEach(result -> out.println(result.packageName() + "." + result.name()));
        } else if (measured) {
            return covered(out, covered.report(rego), results);
        } else if (format.equals("json")) {
            StringBuilder text = new StringBuilder();
            GoJson.writeIndented(
                    Value.of(JsonArray.of(
                            results.stream().map(RegoTestCommand::json).toList())),
                    text,
                    "",
                    "  ");
            out.println(text);
        } else {
            pretty(out, results);
        }
        out.flush();
        boolean failed = results.stream().anyMatch(result -> !result.pass() && !result.skipped());
        boolean skipped = results.stream().anyMatch(TestResult::skipped);
        return list || !failed && (!skipped || zeroOnSkipped) ? 0 : failed ? 1 : 2;
    }

    /** Prints coverage; tests that fail are named instead, as without them it says nothing. */
    private int covered(PrintWriter out, JsonObject report, List<TestResult> results) {
        if (!results.stream().allMatch(result -> result.pass() || result.skipped())) {
            pretty(out, results);
            out.flush();
            return 1;
        }
        out.println(report.toJson());
        out.flush();
        double reached = report.get("coverage") instanceof JsonNumber number ? number.doubleValue() : 0;
        if (reached < threshold) {
            spec.commandLine()
                    .getErr()
                    .println("Code coverage threshold not met: got " + reached + " instead of " + threshold);
            return 2;
        }
        return 0;
    }

    private static Json json(TestResult result) {
        JsonObject.Builder out =
                JsonObject.builder().put("package", result.packageName()).put("name", result.name());
        if (result.skipped()) {
            out.put("skip", true);
        } else if (!result.pass()) {
            out.put("fail", true);
        }
        if (!result.text().isEmpty()) {
            out.put("error", result.text());
        }
        return out.build();
    }

    private void pretty(PrintWriter out, List<TestResult> results) {
        long passed = results.stream().filter(TestResult::pass).count();
        long skipped = results.stream().filter(TestResult::skipped).count();
        for (TestResult result : results) {
            if (verbose || !result.pass()) {
                String state = result.pass()
                        ? "PASS"
                        : result.skipped() ? "SKIPPED" : result.text().isEmpty() ? "FAIL" : "ERROR";
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
        long failed = results.size() - passed - skipped;
        if (failed > 0) {
            out.println("FAIL: " + failed + "/" + results.size());
        }
        if (skipped > 0) {
            out.println("SKIPPED: " + skipped + "/" + results.size());
        }
    }
}
