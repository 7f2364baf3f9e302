package io.gitops4j.recovery.failover;

import java.util.concurrent.atomic.AtomicReference;

/** A hub in memory. */
public final class MemoryFailoverHub implements FailoverHub {
    private final AtomicReference<FailoverStatus> kept;

    /** A hub that begins with a status. */
    public MemoryFailoverHub(FailoverStatus first) {
        this.kept = new AtomicReference<>(first);
    }

    @Override
    public FailoverStatus read() {
        return kept.get();
    }

    @Override
    public boolean replace(long revision, FailoverStatus next) {
        FailoverStatus present = kept.get();
        return present.revision() == revision && kept.compareAndSet(present, next);
    }
}
