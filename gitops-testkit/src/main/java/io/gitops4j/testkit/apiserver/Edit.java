package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.function.UnaryOperator;

/** Small changes of immutable objects; what does not change is shared. */
final class Edit {
    private Edit() {}

    /** {@code object} with {@code key} set where it is absent or null. */
    static JsonObject byDefault(JsonObject object, String key, Json value) {
        Json old = object.get(key);
        return old == null || old.isNull() ? object.with(key, value) : object;
    }

    static JsonObject byDefault(JsonObject object, String key, String value) {
        Json old = object.get(key);
        return old == null || old.isNull() || "".equals(old.textOrNull()) ? object.with(key, Json.of(value)) : object;
    }

    static JsonObject byDefault(JsonObject object, String key, long value) {
        return byDefault(object, key, Json.of(value));
    }

    /** {@code object} with the object at {@code key} changed, where there is one. */
    static JsonObject in(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        if (!(object.get(key) instanceof JsonObject before)) {
            return object;
        }
        JsonObject after = change.apply(before);
        return after == before ? object : object.with(key, after);
    }

    /** As {@link #in}, with an empty object where there is none. */
    static JsonObject into(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        JsonObject before = object.object(key);
        JsonObject after = change.apply(before);
        return after == before && object.has(key) ? object : object.with(key, after);
    }

    /** {@code object} with every object in the array at {@code key} changed. */
    static JsonObject each(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        if (!(object.get(key) instanceof JsonArray array)) {
            return object;
        }
        JsonArray.Builder out = null;
        for (int i = 0; i < array.size(); i++) {
            Json before = array.get(i);
            Json after = before instanceof JsonObject item ? change.apply(item) : before;
            if (out == null && after != before) {
                out = JsonArray.builder();
                for (int j = 0; j < i; j++) {
                    out.add(array.get(j));
                }
            }
            if (out != null) {
                out.add(after);
            }
        }
        return out == null ? object : object.with(key, out.build());
    }
}
