package io.gitops4j.rego;

import io.gitops4j.json.Json;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.eval.EvalException;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.eval.QueryProgram;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A query, prepared. Immutable; several threads may evaluate it at once. */
public final class RegoQuery {
    private final QueryProgram program;
    private final Function<Location, String> rules;

    RegoQuery(QueryProgram program, Function<Location, String> rules) {
        this.program = program;
        this.rules = rules;
    }

    /** Evaluates with an input and no data. */
    public RegoResult evaluate(Json input) {
        return evaluate(Value.of(input), ObjectValue.empty(), EvalSettings.defaults());
    }

    /**
     * Evaluates.
     *
     * @param input the input document, {@code null} for undefined
     * @param data the base documents
     * @param settings strictness, limits, time, listeners
     */
    public RegoResult evaluate(@Nullable Value input, Value data, EvalSettings settings) {
        try {
            QueryProgram.Result result = program.evaluate(input, data, settings);
            return new RegoResult(result.rows(), result.error() == null ? null : error(result.error()));
        } catch (EvalException e) {
            return new RegoResult(List.of(), error(e));
        } catch (StackOverflowError e) {
            return new RegoResult(List.of(), error(tooDeep()));
        }
    }

    /**
     * The value of a query that is one reference or term, {@code null} for undefined.
     *
     * @throws RegoException when the evaluation ends with an error
     */
    public @Nullable Value value(@Nullable Value input, Value data, EvalSettings settings) {
        try {
            return program.value(input, data, settings);
        } catch (EvalException e) {
            throw new RegoException(error(e));
        } catch (StackOverflowError e) {
            throw new RegoException(error(tooDeep()));
        }
    }

    private RegoError error(EvalException error) {
        return RegoError.of(error, rules.apply(error.location()));
    }

    private static EvalException tooDeep() {
        return new EvalException(EvalException.LIMIT, "evaluation nests too deeply", Location.none());
    }
}
