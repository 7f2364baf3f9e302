package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** A term, compiled: it has at most one value under given variables. */
abstract class ValueNode {
    /** The value, {@code null} for undefined. */
    abstract @Nullable Value eval(Frame frame);

    /** Whether the value is defined and not {@code false}. */
    boolean test(Frame frame) {
        Value value = eval(frame);
        return value != null && value != BoolValue.FALSE;
    }

    /** The value, where it is the same always. */
    @Nullable
    Value constant() {
        return null;
    }
}
