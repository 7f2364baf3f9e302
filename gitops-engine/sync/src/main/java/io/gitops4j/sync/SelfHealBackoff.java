package io.gitops4j.sync;

import java.time.Duration;
import java.time.Instant;

/**
 * How long self-healing waits between attempts, so that two owners who undo each other's changes do not do so for ever at
 * full speed.
 *
 * @param first wait after the first attempt
 * @param factor by which each wait is longer
 * @param most the longest wait
 */
public record SelfHealBackoff(Duration first, long factor, Duration most) {

    /** Two seconds, times three, at most five minutes. */
    public static SelfHealBackoff defaults() {
        return new SelfHealBackoff(Duration.ofSeconds(2), 3, Duration.ofSeconds(300));
    }

    /** When healing may be tried again after {@code attempts} attempts, the last of which was at {@code last}. */
    public Instant nextAt(Instant last, int attempts) {
        Duration wait = first;
        for (int i = 1; i < attempts && wait.compareTo(most) < 0; i++) {
            wait = wait.multipliedBy(factor);
        }
        return last.plus(wait.compareTo(most) > 0 ? most : wait);
    }
}
