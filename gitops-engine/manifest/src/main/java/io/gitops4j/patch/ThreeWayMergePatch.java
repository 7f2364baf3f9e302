package io.gitops4j.patch;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The merge patch that brings a live object where a changed configuration wants it, given the configuration as it was applied
 * last: additions come from live, deletions from what was dropped. Lists are single values.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/">Declarative management</a>
 */
public final class ThreeWayMergePatch {
    private ThreeWayMergePatch() {}

    /**
     * The patch.
     *
     * @param original the configuration applied last, {@code {}} when there is none
     * @param modified the configuration to apply
     * @param current the live object
     * @return the patch; {@code PATCH_CONFLICT} when an addition and a deletion meet, which no real input makes them do
     */
    public static Outcome<JsonObject> create(JsonObject original, JsonObject modified, JsonObject current) {
        Json additions = dropNulls(difference(current, modified));
        Json deletions = keepNulls(difference(original, modified));
        JsonObject added = additions instanceof JsonObject object ? object : JsonObject.empty();
        JsonObject deleted = deletions instanceof JsonObject object ? object : JsonObject.empty();
        if (conflict(deleted, added)) {
            return Outcome.failed(Problem.error(
                    "PATCH_CONFLICT", "the same field is to be set and to be deleted: " + deleted.keys()));
        }
        return Outcome.of(overlay(deleted, added));
    }

    /** Keys that are new or differ, explicit nulls too; null for keys that are gone. */
    private static JsonObject difference(JsonObject from, JsonObject to) {
        JsonObject.Builder out = JsonObject.builder();
        for (int i = 0; i < to.size(); i++) {
            String key = to.keyAt(i);
            Json is = to.valueAt(i);
            Json was = from.get(key);
            if (was == null) {
                out.put(key, is);
            } else if (was != is && !was.equals(is)) {
                out.put(key, was instanceof JsonObject a && is instanceof JsonObject b ? difference(a, b) : is);
            }
        }
        for (int i = 0; i < from.size(); i++) {
            if (!to.has(from.keyAt(i))) {
                out.put(from.keyAt(i), Json.nul());
            }
        }
        return out.build();
    }

    /** {@code value} with its nulls only; {@code null} when it has none. Lists have none: they are single values. */
    public static @Nullable Json keepNulls(Json value) {
        return filter(value, true);
    }

    /** {@code value} without nulls in objects; {@code null} when nothing else was in it. What was empty before stays. */
    public static @Nullable Json dropNulls(Json value) {
        return filter(value, false);
    }

    private static @Nullable Json filter(Json value, boolean keep) {
        if (!(value instanceof JsonObject object)) {
            return value.isNull() == keep ? value : null;
        }
        if (object.isEmpty()) {
            return keep ? null : object;
        }
        JsonObject.Builder out = JsonObject.builder(object.size());
        object.forEach((key, item) -> out.putIfPresent(key, filter(item, keep)));
        return out.size() == 0 ? null : out.build();
    }

    private static boolean conflict(Json a, Json b) {
        if (!(a instanceof JsonObject x) || !(b instanceof JsonObject y)) {
            return !a.equals(b);
        }
        for (int i = 0; i < x.size(); i++) {
            Json other = y.get(x.keyAt(i));
            if (other != null && conflict(x.valueAt(i), other)) {
                return true;
            }
        }
        return false;
    }

    private static JsonObject overlay(JsonObject below, JsonObject above) {
        JsonObject.Builder out = below.toBuilder();
        above.forEach((key, value) -> {
            Json known = out.get(key);
            out.put(key, known instanceof JsonObject b && value instanceof JsonObject a ? overlay(b, a) : value);
        });
        return out.build();
    }
}
