package io.gitops4j.policy.cel.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;

/**
 * Counts what expressions cost, in Kubernetes' units, and stops the one that costs too much. One meter serves one evaluation of
 * a policy: each expression may spend {@link #PER_CALL}, all of them together the budget. Nothing is timed.
 */
public final class CostMeter {
    /** What one expression may cost. */
    public static final long PER_CALL = 1_000_000;
    /** What the expressions of a policy may cost together. */
    public static final long PER_POLICY = 10_000_000;
    /** What the match conditions of a policy may cost together. */
    public static final long MATCH_CONDITIONS = 2_500_000;

    private final long budget;
    private long total;
    private long call;

    /** A meter for a budget. */
    public CostMeter(long budget) {
        this.budget = budget;
    }

    /** What has been spent. */
    public long total() {
        return total;
    }

    /** Whether the budget is spent; nothing more is evaluated then. */
    public boolean exhausted() {
        return total > budget;
    }

    long enter() {
        long outer = call;
        call = 0;
        return outer;
    }

    void leave(long outer) {
        call = outer;
    }

    boolean overCall() {
        return call > PER_CALL;
    }

    void spend(long cost) {
        total += cost;
        call += cost;
        if (call > PER_CALL || total > budget) {
            throw new CostExceeded();
        }
    }

    CelEvaluationListener listener(NodeCosts costs) {
        Object[] values = costs.slots();
        return (CelExpr node, Object value) -> {
            if (value != null) {
                costs.remember(node.id(), value, values);
            }
            spend(costs.of(node, value, values));
        };
    }

    /** Ends an evaluation. */
    static final class CostExceeded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CostExceeded() {
            super("operation cancelled: actual cost limit exceeded", null, false, false);
        }
    }
}
