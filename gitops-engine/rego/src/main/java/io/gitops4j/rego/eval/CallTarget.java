package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** What a call runs: a builtin or the rules of a function. */
interface CallTarget {
    /** The result for {@code args}, {@code null} for undefined. */
    @Nullable
    Value call(Scope scope, Value[] args, Location location);
}
