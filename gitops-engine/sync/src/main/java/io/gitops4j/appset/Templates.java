package io.gitops4j.appset;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;

/** Merges a generator's own template over that of the set. */
final class Templates {
    private Templates() {}

    /** The template with every non-empty field of {@code over} in it; lists are replaced. */
    static JsonObject over(JsonObject template, JsonObject over) {
        JsonObject merged = template;
        for (int i = 0; i < over.size(); i++) {
            String key = over.keyAt(i);
            Json value = over.valueAt(i);
            if (isEmpty(value)) {
                continue;
            }
            merged = merged.get(key) instanceof JsonObject a && value instanceof JsonObject b
                    ? merged.with(key, over(a, b))
                    : merged.with(key, value);
        }
        return merged;
    }

    private static boolean isEmpty(Json value) {
        return value.isNull()
                || "".equals(value.textOrNull())
                || value instanceof JsonObject object && object.isEmpty()
                || value instanceof JsonArray array && array.isEmpty();
    }
}
