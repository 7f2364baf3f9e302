package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** One rule, compiled. Parameters (or the key that was asked for) are its first slots. */
final class CompiledRule {
    private final String name;
    final Location location;
    private final int slots;
    private final int cells;
    private final StmtNode body;
    private final @Nullable Value constant;
    private final @Nullable CompiledRule otherwise;

    CompiledRule(
            String name,
            Location location,
            int slots,
            int cells,
            StmtNode body,
            @Nullable Value constant,
            @Nullable CompiledRule otherwise) {
        this.name = name;
        this.location = location;
        this.slots = slots;
        this.cells = cells;
        this.body = body;
        this.constant = constant;
        this.otherwise = otherwise;
    }

    private static final Value[] NO_ARGS = new Value[0];

    /** The rule's only possible value, where there is just one. */
    @Nullable
    Value onlyValue() {
        return otherwise == null ? constant : null;
    }

    /** The value of a rule that has one, {@code null} for undefined. */
    @Nullable
    Value value(Scope scope) {
        return value(scope, NO_ARGS);
    }

    /** The value of a function's rule for these arguments, {@code null} for undefined. */
    @Nullable
    Value value(Scope scope, Value[] args) {
        for (CompiledRule rule = this; rule != null; rule = rule.otherwise) {
            Value value = (Value) rule.run(scope, args, null);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Runs the body; its solutions go into {@code sink}. */
    void collect(Scope scope, Object sink) {
        run(scope, NO_ARGS, sink);
    }

    /** Runs the body for one key; its solutions go into {@code sink}. */
    void collect(Scope scope, Value key, Object sink) {
        run(scope, new Value[] {key}, sink);
    }

    private @Nullable Object run(Scope scope, Value[] args, @Nullable Object sink) {
        scope.run.step();
        Frame frame = new Frame(slots, cells, scope);
        System.arraycopy(args, 0, frame.slots, 0, args.length);
        frame.sink = sink;
        EvalListener listener = scope.run.listener;
        if (listener != null) {
            listener.on(EvalListener.Event.ENTER, name, location, scope.run.depth);
        }
        try {
            body.exec(frame);
        } catch (EvalException e) {
            throw e.within(location);
        }
        if (listener != null && frame.sink != null) {
            listener.on(EvalListener.Event.EXIT, name, location, scope.run.depth);
        }
        return frame.sink;
    }
}
