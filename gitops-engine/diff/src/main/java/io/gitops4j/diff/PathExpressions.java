package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;

/** A language of path expressions, such as jq, for rules that ignore differences. */
@FunctionalInterface
public interface PathExpressions {

    /** The expression, ready to be used often; a problem when it cannot be read. */
    Outcome<PathExpression> compile(String expression);

    /** A compiled expression. It is immutable and may be used by several threads. */
    @FunctionalInterface
    interface PathExpression {
        /** The value without what the expression selects; a problem when the expression fails on it. */
        Outcome<Json> delete(Json value);
    }
}
