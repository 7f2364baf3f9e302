package io.gitops4j.recovery.failover;

/** A hub in memory. */
public final class MemoryFailoverHub implements FailoverHub {
    private FailoverStatus kept;

    /** A hub that begins with a status. */
    public MemoryFailoverHub(FailoverStatus first) {
        this.kept = first;
    }

    @Override
    public synchronized FailoverStatus read() {
        return kept;
    }

    @Override
    public synchronized boolean replace(long revision, FailoverStatus next) {
        boolean same = kept.revision() == revision;
        if (same) {
            kept = next;
        }
        return same;
    }
}
