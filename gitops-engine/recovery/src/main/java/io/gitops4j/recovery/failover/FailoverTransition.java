package io.gitops4j.recovery.failover;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step.
 *
 * @param status to keep before the actions are done
 * @param actions to do
 * @param wakeAt when to step again if nothing is heard before, {@code null} to wait
 * @param trace why, in words
 */
public record FailoverTransition(
        FailoverStatus status,
        List<FailoverAction> actions,
        @Nullable Instant wakeAt,
        List<String> trace) {

    /** A transition of these parts. */
    public FailoverTransition {
        actions = Collections.unmodifiableList(new ArrayList<>(actions));
        trace = Collections.unmodifiableList(new ArrayList<>(trace));
    }
}
