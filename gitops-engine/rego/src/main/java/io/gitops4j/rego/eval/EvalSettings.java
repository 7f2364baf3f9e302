package io.gitops4j.rego.eval;

import io.gitops4j.problem.Limits;
import io.gitops4j.rego.builtin.NetworkAccess;
import io.gitops4j.rego.value.ObjectValue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation is given beside its input.
 *
 * @param strictBuiltinErrors whether builtin errors are reported
 * @param limits step and regex limits
 * @param nowNanos the moment of {@code time.now_ns}
 * @param seed of random numbers
 * @param cancelled asked now and then; true ends the evaluation
 * @param print receives lines of {@code print} as {@code place: text}, {@code null} to drop them
 * @param listener sees the evaluation
 * @param network network access of builtins
 * @param runtime what {@code opa.runtime} returns
 */
public record EvalSettings(
        boolean strictBuiltinErrors,
        Limits limits,
        long nowNanos,
        long seed,
        BooleanSupplier cancelled,
        @Nullable Consumer<String> print,
        @Nullable EvalListener listener,
        @Nullable NetworkAccess network,
        ObjectValue runtime) {

    /** Not strict, default limits, the moment 0, nothing printed, no network. */
    public static EvalSettings defaults() {
        return new EvalSettings(false, Limits.defaults(), 0, 0, () -> false, null, null, null, ObjectValue.empty());
    }

    /** With builtin errors reported or not. */
    public EvalSettings strict(boolean on) {
        return new EvalSettings(on, limits, nowNanos, seed, cancelled, print, listener, network, runtime);
    }

    /** With other limits. */
    public EvalSettings limits(Limits newLimits) {
        return new EvalSettings(
                strictBuiltinErrors, newLimits, nowNanos, seed, cancelled, print, listener, network, runtime);
    }

    /** At another moment, nanoseconds since 1970 UTC. */
    public EvalSettings now(long nanos) {
        return new EvalSettings(strictBuiltinErrors, limits, nanos, seed, cancelled, print, listener, network, runtime);
    }

    /** With another seed. */
    public EvalSettings seed(long newSeed) {
        return new EvalSettings(
                strictBuiltinErrors, limits, nowNanos, newSeed, cancelled, print, listener, network, runtime);
    }

    /** With a question that is asked now and then; true ends the evaluation. */
    public EvalSettings cancelled(BooleanSupplier question) {
        return new EvalSettings(
                strictBuiltinErrors, limits, nowNanos, seed, question, print, listener, network, runtime);
    }

    /** With a receiver of printed lines. */
    public EvalSettings print(Consumer<String> receiver) {
        return new EvalSettings(
                strictBuiltinErrors, limits, nowNanos, seed, cancelled, receiver, listener, network, runtime);
    }

    /** With a listener. */
    public EvalSettings listener(EvalListener newListener) {
        return new EvalSettings(
                strictBuiltinErrors, limits, nowNanos, seed, cancelled, print, newListener, network, runtime);
    }

    /** With network access. */
    public EvalSettings network(NetworkAccess access) {
        return new EvalSettings(
                strictBuiltinErrors, limits, nowNanos, seed, cancelled, print, listener, access, runtime);
    }
}
