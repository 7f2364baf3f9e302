package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a query lends to its builtins. */
public interface BuiltinContext {
    /** The query's moment, nanoseconds since 1970 UTC; the same at each call. */
    long nowNanos();

    /** The next number of the query's seeded sequence. */
    long nextRandom();

    /** A compiled regular expression; patterns are kept. */
    Regex regex(String pattern);

    /** Something that is costly to make, kept with the compiled policy; {@code family} and {@code key} name it. */
    <T> T prepared(String family, String key, Function<String, T> make);

    /** A value that is fixed for the length of the query. */
    Value once(String family, Value key, Supplier<Value> make);

    /** What {@code opa.runtime} returns. */
    ObjectValue runtime();

    /** The host's network access, {@code null} where there is none. */
    @Nullable
    NetworkAccess network();

    /** Counts work, so that a long-running builtin ends at the query's step limit. */
    void step(long amount);

    /** The language that is in force. */
    boolean newest();
}
