package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Strategic merge patches: made from two or three objects, and applied. A type without the fields that a patch is about gives
 * the problem {@code PATCH_UNKNOWN_FIELD}; others are {@code PATCH_NO_MERGE_KEY} (an item lacks its key),
 * {@code PATCH_INVALID} (a directive makes no sense), {@code PATCH_CONFLICT}.
 *
 * @see <a href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md">Strategic merge patch</a>
 */
public final class StrategicMerge {
    private static final StrategicDiff TWO_WAY = new StrategicDiff(false, false, true);
    private static final StrategicDiff ADDITIONS = new StrategicDiff(false, true, true);
    private static final StrategicDiff DELETIONS = new StrategicDiff(true, false, true);
    private static final StrategicDiff CHANGES = new StrategicDiff(false, false, false);

    private StrategicMerge() {}

    /** The target with the patch laid over it, as a server does it. */
    public static Outcome<JsonObject> apply(JsonObject target, JsonObject patch, SchemaType type) {
        return guarded(() -> new StrategicApply(false).merge(target, patch, type));
    }

    /** The patch that makes {@code modified} out of {@code original}. */
    public static Outcome<JsonObject> twoWay(JsonObject original, JsonObject modified, SchemaType type) {
        return guarded(() -> TWO_WAY.diff(original, modified, type));
    }

    /**
     * The patch that brings the live object where a changed configuration wants it.
     *
     * @param original the configuration applied last, {@code {}} when there is none
     * @param modified the configuration to apply
     * @param current the live object
     * @param overwrite whether the configuration wins over what others changed since; if not, that is {@code PATCH_CONFLICT}
     */
    public static Outcome<JsonObject> threeWay(
            JsonObject original, JsonObject modified, JsonObject current, SchemaType type, boolean overwrite) {
        return guarded(() -> {
            JsonObject additions = ADDITIONS.diff(current, modified, type);
            JsonObject deletions = DELETIONS.diff(original, modified, type);
            JsonObject patch = new StrategicApply(true).merge(deletions, additions, type);
            if (!overwrite) {
                JsonObject changed = CHANGES.diff(original, current, type);
                if (PatchConflict.between(patch, changed, type)) {
                    throw new PatchFailure(
                            "PATCH_CONFLICT",
                            "patch:\n" + patch + "\nconflicts with changes made from original to current:\n" + changed);
                }
            }
            return patch;
        });
    }

    /**
     * {@code object} with every list that merges sorted by its key, so that two objects that differ in such orders alone become
     * equal.
     */
    public static Outcome<JsonObject> sorted(JsonObject object, SchemaType type) {
        return guarded(() -> sortedMap(object, type));
    }

    private static JsonObject sortedMap(JsonObject object, SchemaType type) {
        JsonObject out = object;
        for (int i = 0; i < object.size(); i++) {
            String name = object.keyAt(i);
            if (name.equals(Directives.RETAIN_KEYS) || name.startsWith(Directives.ELEMENT_ORDER)) {
                continue;
            }
            Json value = object.valueAt(i);
            boolean deletions = name.startsWith(Directives.DELETE_FROM_LIST);
            String field = deletions ? name.substring(Directives.DELETE_FROM_LIST.length()) : name;
            if (value instanceof JsonObject below) {
                PatchField known = PatchField.ofObject(type, field);
                out = known == null ? out : out.with(name, sortedMap(below, known.type()));
            } else if (value instanceof JsonArray list) {
                PatchField known = PatchField.ofList(type, field);
                out = known == null || !known.merges() ? out : out.with(name, sortedList(list, known));
            }
        }
        return out;
    }

    private static JsonArray sortedList(JsonArray list, PatchField field) {
        if (list.isEmpty()) {
            return list;
        }
        List<Json> items = new ArrayList<>(list.size());
        if (list.get(0) instanceof JsonObject) {
            for (Json item : list) {
                items.add(item instanceof JsonObject object ? sortedMap(object, field.type()) : item);
            }
            boolean keyed = items.stream()
                    .allMatch(item -> item instanceof JsonObject object
                            && object.has(field.strategy().mergeKey()));
            if (keyed) {
                Insertion.sort(items, (a, b) -> GoText.of(field.keyOf(a)).compareTo(GoText.of(field.keyOf(b))) <= 0);
            }
            return JsonArray.of(items);
        }
        items.addAll(list.items());
        Insertion.sort(items, (a, b) -> GoText.of(a).compareTo(GoText.of(b)) <= 0);
        return JsonArray.of(items);
    }

    private static <T> Outcome<T> guarded(Supplier<T> operation) {
        try {
            return Outcome.of(operation.get());
        } catch (PatchFailure e) {
            return Outcome.failed(Problem.error(e.code(), e.text()));
        }
    }
}
