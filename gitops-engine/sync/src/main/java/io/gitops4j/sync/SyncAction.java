package io.gitops4j.sync;

/**
 * One call on the cluster that the operation asks for.
 *
 * @param kind what to do
 * @param task with which object
 */
public record SyncAction(Kind kind, SyncTask task) {

    /** The calls. */
    public enum Kind {
        /** The apply, tried out without storing. */
        DRY_RUN,
        CREATE_NAMESPACE,
        APPLY,
        SERVER_SIDE_APPLY,
        CREATE,
        REPLACE,
        /** Delete and create again. */
        RECREATE,
        PRUNE,
        DELETE_HOOK
    }

    /**
     * What came of it.
     *
     * @param message the server's words
     */
    public record Result(Kind kind, String taskId, boolean ok, String message) {}

    /** The result of this action. */
    public Result done(String message) {
        return new Result(kind, task.id(), true, message);
    }

    /** The result of this action when the cluster refused. */
    public Result refused(String message) {
        return new Result(kind, task.id(), false, message);
    }

    @Override
    public String toString() {
        return kind + " " + task.key();
    }
}
