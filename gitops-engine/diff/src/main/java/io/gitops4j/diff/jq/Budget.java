package io.gitops4j.diff.jq;

/** Steps left. */
final class Budget {
    private int left;

    Budget(int steps) {
        this.left = steps;
    }

    void step() {
        if (--left < 0) {
            throw new JqError("the expression takes too many steps");
        }
    }
}
