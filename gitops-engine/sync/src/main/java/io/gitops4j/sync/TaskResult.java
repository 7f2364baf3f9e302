package io.gitops4j.sync;

import org.jspecify.annotations.Nullable;

/**
 * What became of a task.
 *
 * @param code the result as Argo CD reports it
 * @param phase where the task stands: running while its object is not yet healthy; {@code null} for one that was refused
 * @param message the server's words, or ours
 */
public record TaskResult(Code code, @Nullable OperationPhase phase, String message) {

    /** Result codes. */
    public enum Code {
        SYNCED("Synced"),
        SYNC_FAILED("SyncFailed"),
        PRUNED("Pruned"),
        PRUNE_SKIPPED("PruneSkipped");

        private final String wire;

        Code(String wire) {
            this.wire = wire;
        }

        /** The name in a status. */
        public String wire() {
            return wire;
        }

        static Code of(String wire) {
            for (Code code : values()) {
                if (code.wire.equals(wire)) {
                    return code;
                }
            }
            throw new IllegalArgumentException("no result code: " + wire);
        }
    }

    static TaskResult failed(String message) {
        return new TaskResult(Code.SYNC_FAILED, OperationPhase.FAILED, message);
    }

    TaskResult in(OperationPhase newPhase) {
        return newPhase == phase ? this : new TaskResult(code, newPhase, message);
    }

    boolean running() {
        return phase == OperationPhase.RUNNING;
    }

    boolean unsuccessful() {
        return code == Code.SYNC_FAILED || phase == OperationPhase.FAILED || phase == OperationPhase.ERROR;
    }
}
