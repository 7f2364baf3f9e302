package io.gitops4j.recovery.failover;

/** Keeps the status, for one or several processes. */
public interface FailoverHub {

    /** The status as it is kept; {@link FailoverStatus#empty()} at first. */
    FailoverStatus read();

    /**
     * Keeps a status if the kept one still has this revision.
     *
     * @return whether it did
     */
    boolean replace(long revision, FailoverStatus next);
}
