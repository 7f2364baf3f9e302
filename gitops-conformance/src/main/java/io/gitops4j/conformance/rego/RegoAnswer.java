package io.gitops4j.conformance.rego;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.HostBuiltin;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoError;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.RegoQuery;
import io.gitops4j.rego.RegoResult;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs one case as SCORING.md §2 says and gives the result line of §7. */
final class RegoAnswer {
    private static final List<HostBuiltin> SLEEP =
            List.of(new HostBuiltin("test.sleep", "(string) null", 1, (context, args) -> NullValue.NULL));

    private RegoAnswer() {}

    static JsonObject run(RegoCase one, boolean v0, BooleanSupplier cancelled) {
        RegoOptions options = (v0 ? RegoOptions.v0() : RegoOptions.v1()).builtins(SLEEP);
        List<RegoModule> modules = new ArrayList<>();
        for (String text : one.modules()) {
            modules.add(new RegoModule("test-" + modules.size() + ".rego", text));
        }
        Outcome<CompiledRego> compiled = Rego.compile(modules, options);
        CompiledRego rego = compiled.orNull();
        if (rego == null) {
            return refused(one, compiled.errors());
        }
        Outcome<RegoQuery> query = rego.query(one.fields().text("query", ""));
        RegoQuery prepared = query.orNull();
        if (prepared == null) {
            return refused(one, query.errors());
        }
        Json data = one.fields().get("data");
        EvalSettings settings = EvalSettings.defaults()
                .strict(one.fields().bool("strict_error", false))
                .now(System.currentTimeMillis() * 1_000_000L)
                .cancelled(cancelled);
        Value input = input(one, v0);
        RegoResult result = prepared.evaluate(input, data == null ? ObjectValue.empty() : Value.of(data), settings);
        return line(one, result);
    }

    private static @Nullable Value input(RegoCase one, boolean v0) {
        String term = one.fields().text("input_term");
        if (term != null) {
            Term parsed = Parser.parseTerm("input", term, v0 ? ParseOptions.v0() : ParseOptions.v1())
                    .orThrow();
            return Rego.constant(parsed);
        }
        Json input = one.fields().get("input");
        return input == null ? null : Value.of(input);
    }

    private static JsonObject refused(RegoCase one, List<Problem> errors) {
        Problem first = errors.get(0);
        return JsonObject.builder()
                .put("id", one.id())
                .put(
                        "error",
                        JsonObject.builder()
                                .put("code", first.code())
                                .put("text", first.where().place() + ": " + first.code() + ": " + first.text())
                                .build())
                .put("result", JsonArray.empty())
                .build();
    }

    private static JsonObject line(RegoCase one, RegoResult result) {
        JsonObject.Builder line = JsonObject.builder().put("id", one.id());
        RegoError error = result.error();
        if (error != null) {
            line.put(
                    "error",
                    JsonObject.builder()
                            .put("code", error.code())
                            .put("text", error.text())
                            .build());
        }
        JsonArray.Builder rows = JsonArray.builder();
        for (Map<String, Value> row : result.rows()) {
            JsonObject.Builder object = JsonObject.builder();
            row.forEach((name, value) -> object.put(name, value.toJson()));
            rows.add(object.build());
        }
        return line.put("result", rows.build()).build();
    }
}
