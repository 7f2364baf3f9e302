package io.gitops4j.recovery.restore;

import java.time.Duration;

/** Waits, in real time or in that of a fake. */
@FunctionalInterface
public interface Pause {

    /** Returns when this much time has gone by. */
    void sleep(Duration time);

    /** Does not wait. */
    static Pause none() {
        return time -> {};
    }
}
