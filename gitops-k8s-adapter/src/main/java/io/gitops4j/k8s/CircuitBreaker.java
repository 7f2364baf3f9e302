package io.gitops4j.k8s;

import java.util.function.LongSupplier;

/**
 * Stops asking a server that does not answer: after five failures in a row (a timeout, which costs more, counts as three), calls
 * fail at once for ten seconds, then one call is let through to try. Safe for use by several threads.
 */
final class CircuitBreaker {
    private static final int FAILURES = 5;
    private static final long PAUSE_NANOS = 10_000_000_000L;

    private final LongSupplier nanos;
    private int failures;
    private long openUntil;

    CircuitBreaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a call may be made now. */
    synchronized boolean permits() {
        if (failures < FAILURES) {
            return true;
        }
        long now = nanos.getAsLong();
        if (now - openUntil < 0) {
            return false;
        }
        openUntil = now + PAUSE_NANOS;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    synchronized void failed(boolean timeout) {
        boolean closed = failures < FAILURES;
        failures += timeout ? 3 : 1;
        if (closed && failures >= FAILURES) {
            openUntil = nanos.getAsLong() + PAUSE_NANOS;
        }
    }
}
