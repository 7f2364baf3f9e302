package io.gitops4j.k8s;

/** Bounds the retries of all calls together to a tenth of them, after a few to begin with. Safe for use by several threads. */
final class RetryBudget {
    private static final double START = 20;
    private static final double SHARE = 0.1;

    private double left = START;

    synchronized void called() {
        left = Math.min(START, left + SHARE);
    }

    synchronized boolean take() {
        if (left < 1) {
            return false;
        }
        left -= 1;
        return true;
    }
}
