package io.gitops4j.engine;

import io.gitops4j.problem.Problem;
import io.gitops4j.sync.SyncResult;
import io.gitops4j.sync.TaskResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of a sync that was asked for.
 *
 * @param result of the operation; empty when it was refused before anything was written
 * @param problems why it was refused
 */
public record SyncOutcome(Optional<SyncResult> result, List<Problem> problems) {

    /** An outcome of these parts. */
    public SyncOutcome {
        problems = List.copyOf(problems);
    }

    static SyncOutcome refused(List<Problem> problems) {
        return new SyncOutcome(Optional.empty(), problems);
    }

    /** Whether the sync ran and succeeded. */
    public boolean succeeded() {
        return result.map(SyncResult::succeeded).orElse(false);
    }

    /** Calls that changed the cluster. */
    public int writes() {
        return result.map(SyncResult::writes).orElse(0);
    }

    /** The outcome in one line. */
    public String message() {
        return result.map(SyncOutcome::explain)
                .orElseGet(() -> problems.isEmpty() ? "" : problems.get(0).toString());
    }

    /** The operation's message, with the first object that failed. */
    private static String explain(SyncResult result) {
        String message = result.status().message();
        for (Map.Entry<String, TaskResult> task : result.status().results().entrySet()) {
            if (task.getValue().code() == TaskResult.Code.SYNC_FAILED) {
                return message + ": " + task.getKey() + ": " + task.getValue().message();
            }
        }
        return message;
    }
}
