package io.gitops4j.sync;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a sync operation.
 *
 * @param status to keep, before the actions are done
 * @param actions to do, in any order among themselves; their results go into the next observation
 * @param wakeAt when to step again if nothing happens before, {@code null} to wait for a change
 * @param trace why, in words
 */
public record SyncTransition(
        SyncStatus status,
        List<SyncAction> actions,
        @Nullable Instant wakeAt,
        List<String> trace) {

    /** A transition of these parts. */
    public SyncTransition {
        actions = List.copyOf(actions);
        trace = List.copyOf(trace);
    }
}
