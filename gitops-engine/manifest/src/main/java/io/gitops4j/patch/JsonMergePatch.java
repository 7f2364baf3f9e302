package io.gitops4j.patch;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/** JSON merge patch (RFC 7386): objects are merged, {@code null} removes, everything else replaces. */
public final class JsonMergePatch {
    private JsonMergePatch() {}

    /** {@code target} changed by {@code patch}; what does not change is shared. */
    public static Json apply(Json target, Json patch) {
        if (!(patch instanceof JsonObject changes)) {
            return patch;
        }
        JsonObject out = target instanceof JsonObject object ? object : JsonObject.empty();
        for (int i = 0; i < changes.size(); i++) {
            String key = changes.keyAt(i);
            Json change = changes.valueAt(i);
            if (change.isNull()) {
                out = out.without(key);
            } else {
                Json old = out.get(key);
                out = out.with(key, apply(old == null ? Json.nul() : old, change));
            }
        }
        return out;
    }

    /**
     * The patch that turns {@code from} into {@code to}, keys in sorted order; empty where they are equal. A null member of
     * {@code to} cannot be said in a merge patch and is left out.
     */
    public static Json diff(Json from, Json to) {
        if (!(from instanceof JsonObject before) || !(to instanceof JsonObject after)) {
            return to;
        }
        JsonObject.Builder out = JsonObject.builder();
        before.forEach((key, value) -> {
            if (!after.has(key)) {
                out.put(key, Json.nul());
            }
        });
        for (int i = 0; i < after.size(); i++) {
            String key = after.keyAt(i);
            Json value = after.valueAt(i);
            Json old = before.get(key);
            if (old == null) {
                if (!value.isNull()) {
                    out.put(key, withoutNulls(value));
                }
            } else if (!old.equals(value)) {
                out.put(
                        key,
                        old instanceof JsonObject && value instanceof JsonObject
                                ? diff(old, value)
                                : withoutNulls(value));
            }
        }
        return out.build().sorted();
    }

    private static Json withoutNulls(Json value) {
        return value instanceof JsonObject object && !object.isEmpty() ? apply(JsonObject.empty(), object) : value;
    }
}
