package io.gitops4j.conformance.regocheck;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.check.CheckOptions;
import io.gitops4j.rego.check.Checker;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code rego-errors}: modules that {@code opa check} refuses or accepts, in modes {@code v1}, {@code v0} and each with
 * {@code -strict}. A case passes when verdict, code and row of the first error by place are right.
 */
public final class RegoErrorsFamily implements Family {

    /** Compares errors by row, then column; what has no place comes first. */
    private static final Comparator<JsonObject> BY_PLACE = Comparator.<JsonObject>comparingInt(
                    error -> number(error, "row"))
            .thenComparingInt(error -> number(error, "col"));

    @Override
    public String name() {
        return "rego-errors";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("rego/errors-visible.jsonl");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        Counts counts = new Counts();
        try (Stream<String> lines = Files.lines(cases)) {
            lines.filter(line -> !line.isBlank()).forEach(line -> results.accept(judge(parse(line), counts)));
        }
        System.err.println(counts);
    }

    /** How many cases are right at each level. */
    private static final class Counts {
        private int total;
        private int verdict;
        private int code;
        private int row;
        private int column;
        private int all;
        private int messages;

        @Override
        public String toString() {
            return "of " + total + ": verdict " + verdict + ", code " + code + ", row " + row + ", column " + column
                    + ", all codes and rows " + all + ", all messages " + messages;
        }
    }

    private static CaseResult judge(JsonObject given, Counts counts) {
        String id = text(given, "id");
        List<JsonObject> want = sorted(errors(given));
        List<JsonObject> got = sorted(answer(given));
        counts.total++;
        String shown = shown(got);
        if (want.isEmpty() != got.isEmpty()) {
            return CaseResult.fail(id, shown, "verdict: want " + shown(want) + " got " + shown);
        }
        counts.verdict++;
        if (want.isEmpty()) {
            counts.code++;
            counts.row++;
            counts.column++;
            counts.all++;
            counts.messages++;
            return CaseResult.pass(id);
        }
        JsonObject first = want.get(0);
        JsonObject own = got.get(0);
        if (!text(first, "code").equals(text(own, "code"))) {
            return CaseResult.fail(id, shown, "code: want " + shown(want) + " got " + shown);
        }
        counts.code++;
        boolean row = number(first, "row") == number(own, "row");
        counts.row += row ? 1 : 0;
        counts.column += row && number(first, "col") == number(own, "col") ? 1 : 0;
        counts.all += keys(want, false).equals(keys(got, false)) ? 1 : 0;
        counts.messages += keys(want, true).equals(keys(got, true)) ? 1 : 0;
        return row ? CaseResult.pass(id) : CaseResult.fail(id, shown, "row: want " + shown(want) + " got " + shown);
    }

    private static List<String> keys(List<JsonObject> errors, boolean withMessage) {
        List<String> keys = new ArrayList<>();
        for (JsonObject error : errors) {
            keys.add(text(error, "code") + ":" + number(error, "row") + (withMessage ? text(error, "message") : ""));
        }
        keys.sort(Comparator.naturalOrder());
        return keys;
    }

    private static String shown(List<JsonObject> errors) {
        if (errors.isEmpty()) {
            return "accepted";
        }
        List<String> parts = new ArrayList<>();
        for (JsonObject error : errors) {
            parts.add(text(error, "code").replace("rego_", "") + " \""
                    + text(error, "message").replace("\n", "\\n") + "\" " + number(error, "row") + ":"
                    + number(error, "col"));
        }
        return String.join("; ", parts);
    }

    private static List<JsonObject> sorted(List<JsonObject> errors) {
        List<JsonObject> sorted = new ArrayList<>(errors);
        sorted.sort(BY_PLACE);
        return sorted;
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        String cases = option(args, "--cases");
        String target = option(args, "--out");
        PrintStream writer = target == null
                ? out
                : new PrintStream(Files.newOutputStream(Path.of(target)), false, StandardCharsets.UTF_8);
        try (BufferedReader reader = cases == null
                ? new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(cases))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    JsonObject given = parse(line);
                    writer.println(JsonObject.builder()
                            .put("id", text(given, "id"))
                            .put("errors", JsonArray.of(answer(given)))
                            .build()
                            .toJson());
                }
            }
        }
        writer.flush();
        if (target != null) {
            writer.close();
        }
        return 0;
    }

    private static @Nullable String option(List<String> args, String name) {
        int at = args.indexOf(name);
        return at < 0 || at + 1 >= args.size() ? null : args.get(at + 1);
    }

    /** Our errors for one case; a crash is an error of its own. */
    private static List<JsonObject> answer(JsonObject given) {
        try {
            return problems(given).stream().map(RegoErrorsFamily::json).toList();
        } catch (RuntimeException | StackOverflowError crash) {
            return List.of(JsonObject.builder()
                    .put("code", "crash")
                    .put("message", String.valueOf(crash))
                    .build());
        }
    }

    private static List<Problem> problems(JsonObject given) {
        String mode = text(given, "mode");
        ParseOptions parse = mode.startsWith("v0") ? ParseOptions.v0() : ParseOptions.v1();
        List<Module> modules = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        if (given.get("modules") instanceof JsonArray texts) {
            for (Json item : texts.items()) {
                JsonObject module = (JsonObject) item;
                Outcome<Module> outcome = Parser.parseModuleStrictly(text(module, "name"), text(module, "text"), parse);
                outcome.value().ifPresent(modules::add);
                problems.addAll(outcome.errors());
            }
        }
        if (!problems.isEmpty()) {
            return problems;
        }
        CheckOptions options = CheckOptions.defaults().withPrint(true).withStrict(mode.endsWith("-strict"));
        return Checker.check(modules, options).errors();
    }

    /** The message alone: what a type error has below it are details, which the cases leave out. */
    private static String message(Problem problem) {
        int end = problem.code().equals("rego_type_error") ? problem.text().indexOf("\n\t") : -1;
        return end < 0 ? problem.text() : problem.text().substring(0, end);
    }

    private static JsonObject json(Problem problem) {
        JsonObject.Builder error =
                JsonObject.builder().put("code", problem.code()).put("message", message(problem));
        if (problem.where().line() > 0) {
            error.put("row", Json.of(problem.where().line()));
        }
        if (problem.where().column() > 0) {
            error.put("col", Json.of(problem.where().column()));
        }
        return error.build();
    }

    private static JsonObject parse(String line) {
        return (JsonObject) JsonReader.parse(line).orThrow();
    }

    private static List<JsonObject> errors(JsonObject given) {
        List<JsonObject> errors = new ArrayList<>();
        if (given.get("errors") instanceof JsonArray items) {
            items.items().forEach(item -> errors.add((JsonObject) item));
        }
        return errors;
    }

    private static String text(JsonObject object, String key) {
        return object.get(key) instanceof JsonString text ? text.value() : "";
    }

    private static int number(JsonObject object, String key) {
        return object.get(key) instanceof JsonNumber number ? number.intValueOr(0) : 0;
    }
}
