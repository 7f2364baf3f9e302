package io.gitops4j.recovery.restore;

import io.gitops4j.json.JsonObject;
import java.util.Optional;

/**
 * Called around a restore. Each call is written to the journal before and after, and completes at most once: a call that was
 * cut off is repeated only where {@link #idempotent()} says that this does no harm.
 */
public interface RestoreHooks {
    /** Does nothing. */
    RestoreHooks NONE = new RestoreHooks() {
        @Override
        public boolean idempotent() {
            return true;
        }
    };

    /** Whether a call that was cut off may be made again. */
    default boolean idempotent() {
        return false;
    }

    /** Before the first write. */
    default void beforeRestore() {}

    /** Before an object is written: the object, changed or not; empty to leave it out. Must have no effect of its own. */
    default Optional<JsonObject> beforeItem(JsonObject object) {
        return Optional.of(object);
    }

    /** After an object was written. */
    default void afterItem(JsonObject object) {}

    /** After all objects of a stage were tried. */
    default void afterStage(String stage) {}

    /** At the end. */
    default void afterRestore() {}

    /** Whether {@link #afterItem} wants to be called, which costs two records of the journal an object. */
    default boolean wantsItems() {
        return false;
    }

    /** None. */
    static RestoreHooks none() {
        return NONE;
    }
}
