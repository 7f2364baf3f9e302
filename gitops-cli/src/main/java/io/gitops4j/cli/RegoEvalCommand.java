package io.gitops4j.cli;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.Coverage;
import io.gitops4j.rego.Explanation;
import io.gitops4j.rego.Profile;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoError;
import io.gitops4j.rego.RegoQuery;
import io.gitops4j.rego.RegoResult;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    /** How results are printed. */
    enum Form {
        JSON,
        PRETTY,
        RAW,
        VALUES,
        BINDINGS
    }

    @Mixin
    private RegoFiles files = new RegoFiles();

    @Option(
            names = {"-d", "--data"},
            paramLabel = "PATH",
            description = "Policies and data: files, folders, archives of bundles.")
    private List<Path> paths = List.of();

    @Option(
            names = {"-b", "--bundle"},
            paramLabel = "PATH",
            description = "Bundles: archives, or folders with their manifest.")
    private List<Path> bundles = List.of();

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
            paramLabel = "json|pretty|raw|values|bindings",
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

    @Option(names = "--profile", description = "Reports where the time went.")
    private boolean profile;

    @Option(
            names = "--profile-limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many expressions the profile lists.")
    private int profileLimit = 10;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "Ends the evaluation after a time such as 500ms or 10s.")
    private @Nullable String timeout;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Evaluates so many times.")
    private int count = 1;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Seed of random numbers.")
    private long seed;

    @Parameters(paramLabel = "QUERY", description = "The query.")
    private String query = "";

    private final List<Expr> texts = new ArrayList<>();
    private final List<Integer> valueShift = new ArrayList<>();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        paths.forEach(files::load);
        bundles.forEach(files::loadBundle);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        boolean watched = explain != null || coverage || profile;
        Outcome<CompiledRego> compiled =
                Rego.compile(files.modules(), files.options().print(true).watched(watched));
        CompiledRego rego = compiled.orNull();
        if (rego == null) {
            return failed(compiled.errors());
        }
        Outcome<RegoQuery> preparing = rego.query(query).then(asWritten -> rego.query(valued()));
        RegoQuery prepared = preparing.orNull();
        if (prepared == null) {
            return failed(preparing.errors());
        }
        Instant now = Instant.now();
        long end = timeout == null ? Long.MAX_VALUE : System.nanoTime() + nanos(timeout);
        EvalSettings settings = EvalSettings.defaults()
                .strict(strictBuiltins)
                .seed(seed)
                .now(now.getEpochSecond() * 1_000_000_000L + now.getNano())
                .cancelled(() -> end != Long.MAX_VALUE && System.nanoTime() > end)
                .print(err::println);
        Coverage covered = new Coverage();
        Profile profiled = new Profile(System::nanoTime);
        Explanation explanation = new Explanation(explain == null ? Explanation.Mode.FULL : explain);
        if (watched) {
            settings = settings.listener((event, text, location, depth) -> {
                if (coverage) {
                    covered.on(event, text, location, depth);
                }
                if (explain != null) {
                    explanation.on(event, text, location, depth);
                }
                if (profile) {
                    profiled.on(event, text, location, depth);
                }
            });
        }
        Json document = input();
        Value value = document == null ? null : Value.of(document);
        Value data = Value.of(files.data());
        RegoResult result = prepared.evaluate(value, data, settings);
        for (int i = 1; i < count; i++) {
            result = prepared.evaluate(value, data, settings);
        }
        JsonObject.Builder reports = JsonObject.builder();
        if (profile) {
            reports.put("profile", profiled.report(profileLimit));
        }
        if (coverage) {
            reports.put("coverage", covered.report(rego));
        }
        if (explain != null && form == Form.JSON) {
            JsonArray.Builder lines = JsonArray.builder();
            explanation.lines().forEach(line -> lines.add(Json.of(line)));
            reports.put("explanation", lines.build());
        } else {
            explanation.lines().forEach(out::println);
        }
        print(out, result, reports.build());
        out.flush();
        if (result.error() != null) {
            return GitOpsCli.ERROR;
        }
        boolean defined = !result.rows().isEmpty();
        return fail && !defined || failDefined && defined ? 1 : 0;
    }

    private int failed(List<Problem> problems) {
        PrintWriter out = spec.commandLine().getOut();
        if (form == Form.JSON) {
            out.println(indented(JsonObject.of("errors", RegoErrors.of(problems))));
            out.flush();
        } else {
            problems.forEach(problem -> spec.commandLine().getErr().print(problem.display()));
            spec.commandLine().getErr().flush();
        }
        return GitOpsCli.ERROR;
    }

    private static long nanos(String duration) {
        Matcher parts = DURATION.matcher(duration);
        if (!parts.matches()) {
            throw new GitOpsException("invalid", "not a duration: " + duration);
        }
        long unit = switch (parts.group(2)) {
            case "ms" -> 1_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 1_000_000_000L;
        };
        return Long.parseLong(parts.group(1)) * unit;
    }

    /** The query, in which terms that stand alone are asked for their values. */
    private String valued() {
        Body body = Parser.parseQuery("", query, ParseOptions.v1()).orNull();
        if (body == null) {
            return query;
        }
        StringBuilder out = new StringBuilder();
        int number = 0;
        for (Expr expr : body.exprs()) {
            String text = expr.location().text();
            texts.add(expr);
            boolean term = expr.statement() instanceof Term && !expr.negated() && !expr.isUnify() && !expr.isAssign();
            out.append(out.length() == 0 ? "" : "\n").append(term ? VALUE + number + " = " + text : text);
            valueShift.add(term ? (VALUE + number + " = ").length() : 0);
            number++;
        }
        return out.toString();
    }

    private @Nullable Json input() throws IOException {
        if (standardInput) {
            return JsonReader.parse(new String(System.in.readAllBytes(), StandardCharsets.UTF_8))
                    .orThrow();
        }
        return input == null ? null : RegoFiles.read(input);
    }

    private static String indented(JsonObject json) {
        StringBuilder text = new StringBuilder();
        GoJson.writeIndented(Value.of(json), text, "", "  ");
        return text.toString();
    }

    private void print(PrintWriter out, RegoResult result, JsonObject reports) {
        if (form == Form.JSON) {
            out.println(indented(json(result, reports)));
            return;
        }
        RegoError error = result.error();
        if (error != null) {
            spec.commandLine()
                    .getErr()
                    .println(error.text() + (error.rule().isEmpty() ? "" : " (in " + error.rule() + ")"));
            return;
        }
        if (result.rows().isEmpty() && form == Form.PRETTY) {
            out.println("undefined");
        }
        for (Map<String, Value> row : result.rows()) {
            List<Value> values = values(row);
            switch (form) {
                case RAW ->
                    out.println(String.join(
                            " ",
                            values.stream()
                                    .map(value -> value.isCollection() ? GoJson.text(value) : value.display())
                                    .toList()));
                case VALUES -> values.forEach(value -> out.println(GoJson.text(value)));
                case BINDINGS -> out.println(bindings(row).toJson());
                default -> {
                    values.forEach(value -> {
                        StringBuilder text = new StringBuilder();
                        GoJson.writeIndented(value, text, "", "  ");
                        out.println(text);
                    });
                    if (!bindings(row).isEmpty()) {
                        out.println(indented(bindings(row)));
                    }
                }
            }
        }
        if (!reports.isEmpty()) {
            out.println(indented(reports));
        }
    }

    /** A place in the query as it was given; each expression was evaluated on a row of its own. */
    private Where written(Where place) {
        if (!place.file().isEmpty() || place.line() < 1 || place.line() > texts.size()) {
            return place;
        }
        Location start = texts.get(place.line() - 1).location();
        int shift = valueShift.get(place.line() - 1);
        return Where.at("", start.row(), Math.max(start.column(), place.column() - shift + start.column() - 1));
    }

    private List<Value> values(Map<String, Value> row) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            values.add(row.getOrDefault(VALUE + i, BoolValue.TRUE));
        }
        return values;
    }

    private static JsonObject bindings(Map<String, Value> row) {
        JsonObject.Builder out = JsonObject.builder();
        new TreeMap<>(row).forEach((name, value) -> {
            if (!name.startsWith(VALUE)) {
                out.put(name, value.toJson());
            }
        });
        return out.build();
    }

    private JsonObject json(RegoResult result, JsonObject reports) {
        JsonObject.Builder out = JsonObject.builder();
        RegoError error = result.error();
        if (error != null) {
            out.put(
                    "errors",
                    RegoErrors.of(new RegoError(error.code(), error.text(), written(error.where()), error.rule())));
        }
        JsonArray.Builder rows = JsonArray.builder();
        for (Map<String, Value> row : result.rows()) {
            List<Value> values = values(row);
            JsonArray.Builder expressions = JsonArray.builder();
            for (int i = 0; i < values.size(); i++) {
                Location place = texts.get(i).location();
                expressions.add(JsonObject.builder()
                        .put("value", values.get(i).toJson())
                        .put("text", place.text())
                        .put(
                                "location",
                                JsonObject.builder()
                                        .put("row", place.row())
                                        .put("col", place.column())
                                        .build())
                        .build());
            }
            JsonObject.Builder shown = JsonObject.builder().put("expressions", expressions.build());
            JsonObject bindings = bindings(row);
            if (!bindings.isEmpty()) {
                shown.put("bindings", bindings);
            }
            rows.add(shown.build());
        }
        if (rows.size() > 0) {
            out.put("result", rows.build());
        }
        for (String name : reports.keys()) {
            Json report = reports.get(name);
            if (report != null) {
                out.put(name, report);
            }
        }
        return out.build();
    }
}
