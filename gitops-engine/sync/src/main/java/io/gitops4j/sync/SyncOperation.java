package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import io.gitops4j.sync.SyncStatus.Stage;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A sync as a state machine: {@code step(spec, status, observation, now)} says what to do next. Pure, total and idempotent;
 * whoever runs it does the actions and steps again with their results, until a step asks for nothing more.
 *
 * <p>A step that asks for nothing while the phase is running waits: for health, for a deletion, or for the time it names.
 */
public final class SyncOperation {
    /** The annotation by which an operation knows the hooks that it created itself. */
    public static final String OPERATION_ANNOTATION = "gitops4j.io/sync-operation";

    private static final Map<Stage, Set<Stage>> LEGAL = legal();

    private SyncOperation() {}

    /** One step. */
    public static SyncTransition step(SyncSpec spec, SyncStatus status, SyncObservation observation, Instant now) {
        if (status.phase().completed()) {
            return new SyncTransition(status, java.util.List.of(), null, java.util.List.of());
        }
        return new SyncStep(spec, status, observation, now).run();
    }

    /** The stages that may follow a stage; a stage may always follow itself. */
    public static Map<Stage, Set<Stage>> transitions() {
        return LEGAL;
    }

    static void checkLegal(Stage from, Stage to) {
        if (from != to && !LEGAL.getOrDefault(from, Set.of()).contains(to)) {
            throw new IllegalStateException("a sync operation cannot go from " + from + " to " + to);
        }
    }

    /** The object as a hook of this operation. */
    static JsonObject asHookOf(JsonObject object, String operation) {
        return ResourceTracking.with(object, "annotations", OPERATION_ANNOTATION, operation);
    }

    static boolean isHookOf(JsonObject object, String operation) {
        return operation.equals(Hooks.annotation(object, OPERATION_ANNOTATION));
    }

    private static Map<Stage, Set<Stage>> legal() {
        Map<Stage, Set<Stage>> legal = new EnumMap<>(Stage.class);
        legal.put(Stage.NEW, EnumSet.of(Stage.DRY_RUN, Stage.READY, Stage.CLEANUP, Stage.DONE));
        legal.put(Stage.DRY_RUN, EnumSet.of(Stage.READY, Stage.CLEANUP, Stage.DONE));
        legal.put(Stage.READY, EnumSet.of(Stage.NEW, Stage.PRUNE, Stage.SYNC_FAIL, Stage.CLEANUP, Stage.DONE));
        legal.put(Stage.PRUNE, EnumSet.of(Stage.HOOK_DELETE, Stage.READY, Stage.SYNC_FAIL, Stage.CLEANUP, Stage.DONE));
        legal.put(
                Stage.HOOK_DELETE,
                EnumSet.of(Stage.APPLY, Stage.NEW, Stage.READY, Stage.SYNC_FAIL, Stage.CLEANUP, Stage.DONE));
        legal.put(Stage.APPLY, EnumSet.of(Stage.READY, Stage.SYNC_FAIL, Stage.CLEANUP, Stage.DONE));
        legal.put(Stage.SYNC_FAIL, EnumSet.of(Stage.READY, Stage.CLEANUP, Stage.DONE));
        legal.put(Stage.CLEANUP, EnumSet.of(Stage.DONE));
        legal.put(Stage.DONE, EnumSet.noneOf(Stage.class));
        return Collections.unmodifiableMap(legal);
    }
}
