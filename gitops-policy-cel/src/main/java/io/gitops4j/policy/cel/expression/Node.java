package io.gitops4j.policy.cel.expression;

/** A part of a planned expression. Immutable. */
interface Node {

    /**
     * Its value; what it costs is spent then.
     *
     * @throws EvalFailure when it has none
     */
    Object eval(Frame frame);
}
