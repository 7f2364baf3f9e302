package io.gitops4j.sync;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object of a plan: what happens to it and why.
 *
 * @param task the object with its phase and wave
 * @param action what happens
 * @param reason why, in words
 * @param changes field by field, values of Secrets hidden
 */
public record PlanStep(SyncTask task, Action action, String reason, List<FieldChange> changes) {

    /** What can happen to an object. */
    public enum Action {
        CREATE,
        UPDATE,
        REPLACE,
        DELETE,
        NOOP,
        /** It is no longer desired but stays. */
        KEEP,
        /** A hook runs. */
        HOOK
    }

    /** A step of these parts. */
    public PlanStep {
        changes = List.copyOf(changes);
    }

    /** Whether the step writes. */
    public boolean writes() {
        return action != Action.NOOP && action != Action.KEEP;
    }

    /** The uid that the live object must still have, {@code null} when there is none. */
    public @Nullable String expectedUid() {
        JsonObject live = task.live();
        return live == null ? null : live.object("metadata").text("uid");
    }

    /** The resourceVersion at which the live object was seen, {@code null} when there is none. */
    public @Nullable String expectedVersion() {
        JsonObject live = task.live();
        return live == null ? null : live.object("metadata").text("resourceVersion");
    }

    /** The step as JSON. */
    public JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder()
                .put("action", action.name().toLowerCase(java.util.Locale.ROOT))
                .put("group", task.key().group())
                .put("version", task.gvk().version())
                .put("kind", task.key().kind())
                .put("namespace", task.key().namespace())
                .put("name", task.key().name())
                .put("phase", task.phase().wire())
                .put("wave", task.wave())
                .put("reason", reason)
                .putIfPresent("uid", expectedUid())
                .putIfPresent("resourceVersion", expectedVersion());
        if (!changes.isEmpty()) {
            out.put(
                    "changes",
                    JsonArray.of(changes.stream().map(FieldChange::toJson).toList()));
        }
        return out.build();
    }

    @Override
    public String toString() {
        return action + " " + task.key() + " (" + reason + ")";
    }
}
