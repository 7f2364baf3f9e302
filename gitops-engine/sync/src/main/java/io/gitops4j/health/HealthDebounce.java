package io.gitops4j.health;

import io.gitops4j.cluster.Health;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Holds a worse health back until it has lasted, so that a flapping probe raises no alarm; a better one counts at once. A pure function:
 * {@code (previous, observed, now) → state}.
 *
 * @param hold how long a worse health must last before it is shown
 */
public record HealthDebounce(Duration hold) {

    /**
     * What is shown, and what waits to be shown.
     *
     * @param shown the health that counts
     * @param pending a worse health that is not shown yet, {@code null} when there is none
     * @param since when {@code pending} was first seen, {@code null} when there is none
     */
    public record State(
            Health shown,
            @Nullable Health pending,
            @Nullable Instant since) {}

    /** The state after {@code observed} at {@code now}; {@code previous} is {@code null} for the first observation, which is shown at once. */
    public State next(@Nullable State previous, Health observed, Instant now) {
        if (previous == null || !HealthChecks.isWorse(previous.shown().status(), observed.status())) {
            return new State(observed, null, null);
        }
        Instant since = previous.since();
        Instant from = since == null ? now : since;
        return now.isBefore(from.plus(hold))
                ? new State(previous.shown(), observed, from)
                : new State(observed, null, null);
    }

    /** When a state must be looked at again: the moment its pending health is shown; {@code null} when nothing waits. */
    public @Nullable Instant wakeAt(State state) {
        Instant since = state.since();
        return since == null ? null : since.plus(hold);
    }
}
