package io.gitops4j.diff.jq;

import java.io.Serial;

/** Steps left. */
final class Budget {
    private int left;

    Budget(int steps) {
        this.left = steps;
    }

    void step() {
        if (--left < 0) {
            throw new Spent();
        }
    }

    /** There are no steps left. No error of the program, so that {@code try} and {@code ?} do not catch it. */
    static final class Spent extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        Spent() {
            super("the expression takes too many steps", null, false, false);
        }
    }
}
