package io.gitops4j.recovery.failover;

import java.util.Set;

/** How a member stands. {@link #next()} holds the legal moves. */
public enum MemberState {
    /** Probes succeed. */
    HEALTHY("Healthy"),
    /** Probes fail, not long or not widely enough. */
    SUSPECT("Suspect"),
    /** Enough observers agree for long enough. */
    FAILED("Failed"),
    /** Its applications are being moved. */
    EVACUATING("Evacuating"),
    /** What may move has moved. */
    FAILED_OVER("FailedOver"),
    /** It answers again; old copies go first. */
    RECOVERING("Recovering");

    private final String words;

    MemberState(String words) {
        this.words = words;
    }

    /** The states that may follow. */
    public Set<MemberState> next() {
        return FailoverStates.after(this);
    }

    /** Whether the member counts as lost. */
    public boolean down() {
        return this == FAILED || this == EVACUATING || this == FAILED_OVER;
    }

    @Override
    public String toString() {
        return words;
    }
}
