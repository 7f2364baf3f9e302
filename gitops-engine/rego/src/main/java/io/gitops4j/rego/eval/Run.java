package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.builtin.BuiltinContext;
import io.gitops4j.rego.builtin.BuiltinException;
import io.gitops4j.rego.builtin.NetworkAccess;
import io.gitops4j.rego.builtin.Regex;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One evaluation of a query: its limits, its recorded error and what its builtins share. */
final class Run implements BuiltinContext {
    private static final int CHECK_EVERY = 1024;

    final Program program;
    final EvalSettings settings;
    final boolean strict;
    final @Nullable EvalListener listener;
    int depth;
    private long steps;
    private long nextCheck = CHECK_EVERY;
    private @Nullable EvalException firstError;
    private @Nullable Map<Value, Value> fixed;
    private @Nullable SplittableRandom random;
    private @Nullable Map<StmtNode, Long> passed;

    Run(Program program, EvalSettings settings) {
        this.program = program;
        this.settings = settings;
        this.strict = settings.strictBuiltinErrors();
        this.listener = settings.listener();
    }

    /** Counts one step of work. */
    void step() {
        if (++steps >= nextCheck) {
            check();
        }
    }

    @Override
    public void step(long amount) {
        steps += amount;
        if (steps >= nextCheck) {
            check();
        }
    }

    /** How many solutions a watched expression had; counts {@code more} of them. */
    long passed(StmtNode watched, long more) {
        Map<StmtNode, Long> known = passed;
        if (known == null) {
            known = new IdentityHashMap<>();
            passed = known;
        }
        return known.merge(watched, more, Long::sum);
    }

    private void check() {
        nextCheck = steps + CHECK_EVERY;
        if (steps > settings.limits().evaluationSteps()) {
            throw new EvalException(
                    EvalException.LIMIT,
                    "evaluation stopped after " + settings.limits().evaluationSteps() + " steps",
                    Location.none());
        }
        if (settings.cancelled().getAsBoolean()) {
            throw new EvalException(EvalException.CANCEL, "caller cancelled query execution", Location.none());
        }
    }

    /** Records a builtin's error, or throws it when it ends the query. */
    void failed(String builtin, BuiltinException error, Location location) {
        if (error.isConflict()) {
            throw new EvalException(EvalException.CONFLICT, error.text(), location);
        }
        if (!strict && !error.isFatal()) {
            return;
        }
        EvalException located = new EvalException(
                error.isTypeError() ? EvalException.TYPE : EvalException.BUILTIN,
                builtin + ": " + error.text(),
                location);
        if (error.isFatal()) {
            throw located;
        }
        if (firstError == null) {
            firstError = located;
        }
    }

    @Nullable
    EvalException firstError() {
        return firstError;
    }

    @Override
    public long nowNanos() {
        return settings.nowNanos();
    }

    @Override
    public long nextRandom() {
        SplittableRandom known = random;
        if (known == null) {
            known = new SplittableRandom(settings.seed());
            random = known;
        }
        return known.nextLong();
    }

    @Override
    public Regex regex(String pattern) {
        return program.regexes.compile(pattern, settings.limits().regexLength());
    }

    @Override
    public <T> T prepared(String family, String key, Function<String, T> make) {
        return program.prepared.get(family, key, make);
    }

    @Override
    public Value once(String family, Value key, Supplier<Value> make) {
        Map<Value, Value> known = fixed;
        if (known == null) {
            known = new LinkedHashMap<>();
            fixed = known;
        }
        Value full = ArrayValue.of(new StringValue(family), key);
        Value value = known.get(full);
        if (value == null) {
            value = make.get();
            known.put(full, value);
        }
        return value;
    }

    @Override
    public ObjectValue runtime() {
        return settings.runtime();
    }

    @Override
    public @Nullable NetworkAccess network() {
        return settings.network();
    }

    @Override
    public boolean newest() {
        return program.newest;
    }
}
