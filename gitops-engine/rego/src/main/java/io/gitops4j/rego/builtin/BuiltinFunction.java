package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** What a builtin does. */
@FunctionalInterface
public interface BuiltinFunction {
    /**
     * The result for these operands.
     *
     * @param context what the query lends to builtins
     * @param args as many operands as the builtin's arity says
     * @return the result, {@code null} for undefined
     * @throws BuiltinException when the operands are wrong
     */
    @Nullable
    Value call(BuiltinContext context, Value[] args);
}
