package io.gitops4j.rollout.expr;

import org.jspecify.annotations.Nullable;

/** A compiled part of an expression. Nodes hold no state of an evaluation. */
abstract class Node {

    /** The value. */
    abstract @Nullable Object eval(Env env);

    /**
     * Whether the kind of the value is known before it is computed. Comparing two such values of different kinds is an error;
     * a value of unknown kind is merely unequal.
     */
    boolean typed(Env env) {
        return true;
    }
}
