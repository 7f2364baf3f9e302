package io.gitops4j.rollout.spec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Typed reading of a JSON object's members; a member of the wrong kind reads as absent. */
public final class Fields {
    private Fields() {}

    /** The whole number at {@code key}, or {@code null}. A string of digits counts where {@code int or string} is allowed. */
    public static @Nullable Integer integer(JsonObject object, String key) {
        return integer(object.get(key));
    }

    /** The whole number that a value is or spells, or {@code null}. */
    public static @Nullable Integer integer(@Nullable Json value) {
        if (value instanceof JsonNumber number && number.isLong()) {
            long whole = number.longValue();
            return whole == (int) whole ? (Integer) (int) whole : null;
        }
        String text = value == null ? null : value.textOrNull();
        if (text == null) {
            return null;
        }
        try {
            return Integer.valueOf(text.trim());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The whole number at {@code key}, or {@code fallback}. */
    public static int integer(JsonObject object, String key, int fallback) {
        Integer value = integer(object, key);
        return value == null ? fallback : value;
    }

    /** The object at {@code key}, or {@code null} where there is none. */
    public static @Nullable JsonObject objectOrNull(JsonObject object, String key) {
        return object.get(key) instanceof JsonObject found ? found : null;
    }

    /** The objects of the array at {@code key}, in order. */
    public static List<JsonObject> objects(JsonObject object, String key) {
        JsonArray array = object.array(key);
        List<JsonObject> found = new ArrayList<>(array.size());
        for (Json item : array) {
            if (item instanceof JsonObject member) {
                found.add(member);
            }
        }
        return List.copyOf(found);
    }

    /** The strings of the array at {@code key}, in order. */
    public static List<String> texts(JsonObject object, String key) {
        List<String> found = new ArrayList<>();
        for (Json item : object.array(key)) {
            String text = item.textOrNull();
            if (text != null) {
                found.add(text);
            }
        }
        return List.copyOf(found);
    }
}
