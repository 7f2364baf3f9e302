package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A query, compiled. It may be evaluated many times, by several threads at once. */
public final class QueryProgram {
    private final Program program;
    private final StmtNode body;
    private final int slots;
    private final int cells;
    private final @Nullable ValueNode single;

    private QueryProgram(Program program, StmtNode body, int slots, int cells, @Nullable ValueNode single) {
        this.single = single;
        this.program = program;
        this.body = body;
        this.slots = slots;
        this.cells = cells;
    }

    /**
     * What a query gave.
     *
     * @param rows one for each solution: variable → value
     * @param error the first recorded builtin error, {@code null} when there was none or errors are not strict
     */
    public record Result(
            List<Map<String, Value>> rows, @Nullable EvalException error) {}

    static QueryProgram compile(
            ProgramCompiler compiler, BodyCompiler.Slots slots, Body written, Body body, Map<String, String> bindings) {
        BodyCompiler root = new BodyCompiler(compiler, slots, new HashMap<>());
        StmtNode chain = root.compile(body, inner -> {
            Map<String, Integer> shown = new LinkedHashMap<>();
            bindings.forEach((name, variable) -> {
                Integer slot = inner.bound.get(variable);
                if (slot != null) {
                    shown.put(name, slot);
                }
            });
            return new Row(shown);
        });
        BodyCompiler alone = new BodyCompiler(compiler, slots, new HashMap<>());
        ValueNode single = written.size() == 1
                        && written.exprs().get(0).statement() instanceof io.gitops4j.rego.ast.Term term
                        && !written.exprs().get(0).negated()
                        && written.exprs().get(0).with().isEmpty()
                ? alone.value(term)
                : null;
        return new QueryProgram(
                compiler.program(), chain, slots.slots, slots.cells, alone.out.isEmpty() ? single : null);
    }

    private static final class Row extends StmtNode {
        private final Map<String, Integer> shown;

        Row(Map<String, Integer> shown) {
            this.shown = shown;
        }

        @Override
        @SuppressWarnings("unchecked") // evaluate puts a list of rows there
        boolean exec(Frame frame) {
            Map<String, Value> row = new LinkedHashMap<>();
            shown.forEach((name, slot) -> {
                Value value = frame.slots[slot];
                if (value != null) {
                    row.put(name, value);
                }
            });
            ((List<Map<String, Value>>) Objects.requireNonNull(frame.sink)).add(row);
            return false;
        }
    }

    /**
     * Evaluates the query.
     *
     * @param input the input document, {@code null} for undefined
     * @param data the base documents
     * @throws EvalException for conflicts, limits and cancellation
     */
    public Result evaluate(@Nullable Value input, Value data, EvalSettings settings) {
        Run run = new Run(program, settings);
        Frame frame = new Frame(slots, cells, program.scope(run, input, data));
        List<Map<String, Value>> rows = new ArrayList<>();
        frame.sink = rows;
        body.exec(frame);
        return new Result(rows, run.firstError());
    }

    /**
     * The value of a query that is one term without variables, {@code null} for undefined.
     *
     * @throws EvalException for conflicts, limits, cancellation and, where errors are strict, the first builtin error
     * @throws IllegalStateException when the query is something else
     */
    public @Nullable Value value(@Nullable Value input, Value data, EvalSettings settings) {
        if (single == null) {
            throw new IllegalStateException("the query is not one term");
        }
        Run run = new Run(program, settings);
        Value value = single.eval(new Frame(slots, cells, program.scope(run, input, data)));
        EvalException error = run.firstError();
        if (error != null) {
            throw error;
        }
        return value;
    }
}
