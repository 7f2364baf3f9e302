package io.gitops4j.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long an update takes. Source: Rollouts §2.16.
 *
 * @param startedAt when the update started
 * @param manualPauseStartedAt since when it waits for a person, {@code null} when it does not
 * @param manualPauseSeconds seconds that it waited for people
 * @param finishedAt when it ended
 * @param completion {@code Promoted}, {@code FastPromoted}, {@code Aborted}, {@code Superseded}, {@code RolledBack},
 *     {@code FastRolledBack}, {@code ""} while it lasts
 */
public record RolloutDuration(
        @Nullable Instant startedAt,
        @Nullable Instant manualPauseStartedAt,
        long manualPauseSeconds,
        @Nullable Instant finishedAt,
        String completion) {

    /** No update yet. */
    public static final RolloutDuration NONE = new RolloutDuration(null, null, 0, null, "");
}
