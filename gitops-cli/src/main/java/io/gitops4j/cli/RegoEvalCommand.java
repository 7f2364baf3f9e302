package io.gitops4j.cli;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Coverage;
import io.gitops4j.rego.Explanation;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoError;
import io.gitops4j.rego.RegoQuery;
import io.gitops4j.rego.RegoResult;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates a query and prints its results as {@code opa eval} does. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = "Evaluates a Rego query.",
        footer = {"", "Example:", "  gitops rego eval -d policy/ -i input.json data.app.allow"})
final class RegoEvalCommand implements Callable<Integer> {
    /** The variable that stands for a query's own value. */
    private static final String VALUE = "expression_value_";

    /** How results are printed. */
    enum Form {
        JSON,
        RAW,
        VALUES,
        BINDINGS
    }

    @Mixin
    private RegoFiles files = new RegoFiles();

    @Option(
            names = {"-d", "--data", "-b", "--bundle"},
            paramLabel = "PATH",
            description = "Policies and data: files, folders, bundles.")
    private List<Path> paths = List.of();

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE",
            description = "The input document.")
    private @Nullable Path input;

    @Option(
            names = {"-I", "--stdin-input"},
            description = "Reads the input document from standard input.")
    private boolean standardInput;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "json|raw|values|bindings",
            defaultValue = "json",
            description = "Output format.")
    private Form form = Form.JSON;

    @Option(names = "--strict-builtin-errors", description = "Builtin errors end the evaluation.")
    private boolean strictBuiltins;

    @Option(names = "--fail", description = "Exits with 1 when the query is undefined.")
    private boolean fail;

    @Option(names = "--fail-defined", description = "Exits with 1 when the query is defined.")
    private boolean failDefined;

    @Option(names = "--explain", paramLabel = "full|notes|fails", description = "Shows how the result came about.")
    private Explanation.@Nullable Mode explain;

    @Option(names = "--coverage", description = "Reports the lines that were evaluated.")
    private boolean coverage;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Seed of random numbers.")
    private long seed;

    @Parameters(paramLabel = "QUERY", description = "The query.")
    private String query = "";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        paths.forEach(files::load);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        CompiledRego rego = Rego.compile(
                        files.modules(), files.options().print(true).watched(explain != null || coverage))
                .orThrow();
        RegoQuery prepared = rego.query(valued(query)).orThrow();
        Instant now = Instant.now();
        EvalSettings settings = EvalSettings.defaults()
                .strict(strictBuiltins)
                .seed(seed)
                .now(now.getEpochSecond() * 1_000_000_000L + now.getNano())
                .print(err::println);
        Coverage covered = new Coverage();
        Explanation explanation = new Explanation(explain == null ? Explanation.Mode.FULL : explain);
        if (coverage) {
            settings = settings.listener(covered);
        } else if (explain != null) {
            settings = settings.listener(explanation);
        }
        Json document = input();
        RegoResult result =
                prepared.evaluate(document == null ? null : Value.of(document), Value.of(files.data()), settings);
        explanation.lines().forEach(err::println);
        print(out, result, coverage ? covered.report(rego) : null);
        out.flush();
        if (result.error() != null) {
            return GitOpsCli.ERROR;
        }
        return (fail && result.rows().isEmpty())
                        || (failDefined && !result.rows().isEmpty())
                ? 1
                : 0;
    }

    /** A query that is one term is asked for its value. */
    private static String valued(String query) {
        Body body = Parser.parseQuery("", query, ParseOptions.v1()).orNull();
        Expr only = body != null && body.size() == 1 ? body.exprs().get(0) : null;
        boolean term = only != null
                && only.statement() instanceof Term
                && !only.negated()
                && only.with().isEmpty()
                && !only.isUnify()
                && !only.isAssign();
        return term ? VALUE + " = " + query : query;
    }

    private @Nullable Json input() throws IOException {
        if (standardInput) {
            return JsonReader.parse(new String(System.in.readAllBytes(), StandardCharsets.UTF_8))
                    .orThrow();
        }
        return input == null ? null : RegoFiles.read(input);
    }

    private void print(PrintWriter out, RegoResult result, @Nullable JsonObject report) {
        if (form == Form.JSON) {
            StringBuilder text = new StringBuilder();
            GoJson.writeIndented(Value.of(json(result, report)), text, "", "  ");
            out.println(text);
            return;
        }
        RegoError error = result.error();
        if (error != null) {
            spec.commandLine().getErr().println(error.text());
            return;
        }
        for (Map<String, Value> row : result.rows()) {
            Value value = row.getOrDefault(VALUE, BoolValue.TRUE);
            switch (form) {
                case RAW -> out.println(value.isCollection() ? GoJson.text(value) : value.display());
                case VALUES -> out.println(GoJson.text(value));
                default -> out.println(bindings(row).toJson());
            }
        }
    }

    private static JsonObject bindings(Map<String, Value> row) {
        JsonObject.Builder out = JsonObject.builder();
        row.forEach((name, value) -> {
            if (!name.equals(VALUE)) {
                out.put(name, value.toJson());
            }
        });
        return out.build();
    }

    private JsonObject json(RegoResult result, @Nullable JsonObject report) {
        JsonObject.Builder out = JsonObject.builder();
        RegoError error = result.error();
        if (error != null) {
            out.put(
                    "errors",
                    JsonArray.of(JsonObject.builder()
                            .put("code", error.code())
                            .put("message", error.text())
                            .put(
                                    "location",
                                    JsonObject.builder()
                                            .put("file", error.where().file())
                                            .put("row", error.where().line())
                                            .put("col", error.where().column())
                                            .build())
                            .build()));
        }
        JsonArray.Builder rows = JsonArray.builder();
        for (Map<String, Value> row : result.rows()) {
            Value value = row.getOrDefault(VALUE, BoolValue.TRUE);
            JsonObject.Builder shown = JsonObject.builder()
                    .put(
                            "expressions",
                            JsonArray.of(JsonObject.builder()
                                    .put("value", value.toJson())
                                    .put("text", query)
                                    .put(
                                            "location",
                                            JsonObject.builder()
                                                    .put("row", 1)
                                                    .put("col", 1)
                                                    .build())
                                    .build()));
            JsonObject bindings = bindings(row);
            if (!bindings.isEmpty()) {
                shown.put("bindings", bindings);
            }
            rows.add(shown.build());
        }
        if (rows.size() > 0) {
            out.put("result", rows.build());
        }
        if (report != null) {
            out.put("coverage", report);
        }
        return out.build();
    }
}
