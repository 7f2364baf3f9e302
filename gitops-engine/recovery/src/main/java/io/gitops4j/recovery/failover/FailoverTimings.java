package io.gitops4j.recovery.failover;

import java.time.Duration;

/**
 * When what happens.
 *
 * @param probe between two probes of an observer
 * @param silence without a good probe before a member is failed
 * @param failing how long an observer must have seen failures for its word to count
 * @param success how long probes must succeed before a member is healthy
 * @param eviction in which an evacuation must be done
 * @param moveEvery between the beginnings of two moves
 * @param cooldown in which an application moves at most once and a member is evacuated at most once
 * @param retry after which an action without an answer is asked for again
 * @param maxPercentDown of the members that may be down before everything stops
 */
public record FailoverTimings(
        Duration probe,
        Duration silence,
        Duration failing,
        Duration success,
        Duration eviction,
        Duration moveEvery,
        Duration cooldown,
        Duration retry,
        int maxPercentDown) {

    /** Probes each 5 s, failed after 40 s, healthy after 30 s, one move in 2 s, at most half of the members. */
    public static FailoverTimings defaults() {
        return new FailoverTimings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(40),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                50);
    }

    /** How old the last word of an observer may be. */
    Duration fresh() {
        return probe.multipliedBy(3);
    }
}
