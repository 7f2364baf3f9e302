package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reading, setting and deleting by path. */
final class Paths {
    private static final int MAX_INDEX = 100_000;

    private Paths() {}

    /** Every path that {@code target} leads to. */
    static List<List<Json>> of(Env env, Node target, Json value) {
        List<List<Json>> paths = new ArrayList<>();
        target.eval(env, Val.root(value), val -> paths.add(val.tokens()));
        return paths;
    }

    static Json get(Json value, List<Json> path) {
        Json at = value;
        for (Json token : path) {
            at = get(at, token);
        }
        return at;
    }

    static Json get(Json value, Json key) {
        if (value.isNull()
                && (key.textOrNull() != null
                        || key instanceof JsonNumber
                        || key instanceof JsonObject
                        || key.isNull())) {
            return Json.nul();
        }
        if (value instanceof JsonObject object && key.textOrNull() != null) {
            Json found = object.get(String.valueOf(key.textOrNull()));
            return found == null ? Json.nul() : found;
        }
        if (value instanceof JsonArray array && key instanceof JsonNumber) {
            int index = index(array, key);
            return index >= 0 && index < array.size() ? array.get(index) : Json.nul();
        }
        if (key instanceof JsonObject slice) {
            if (value instanceof JsonArray array) {
                int[] range = range(slice, array.size());
                return JsonArray.of(array.items().subList(range[0], range[1]));
            }
            if (value.textOrNull() != null) {
                String text = String.valueOf(value.textOrNull());
                int[] range = range(slice, text.codePointCount(0, text.length()));
                return Json.of(
                        text.substring(text.offsetByCodePoints(0, range[0]), text.offsetByCodePoints(0, range[1])));
            }
        }
        throw new JqError("cannot index " + value.toJson() + " with " + key.toJson());
    }

    private static int index(JsonArray array, Json key) {
        int index = Node.intOf(key);
        return index < 0 ? index + array.size() : index;
    }

    private static int[] range(JsonObject slice, int size) {
        int from = bound(slice.get("start"), size, 0, false);
        int to = bound(slice.get("end"), size, size, true);
        return new int[] {from, Math.max(from, to)};
    }

    private static int bound(@org.jspecify.annotations.Nullable Json value, int size, int fallback, boolean up) {
        if (value == null || value.isNull()) {
            return fallback;
        }
        if (!(value instanceof JsonNumber number)) {
            throw new JqError("a slice goes by numbers: " + value.toJson());
        }
        double exact = number.doubleValue();
        int index = (int) (up ? Math.ceil(exact) : Math.floor(exact));
        return Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    static Json set(Json value, List<Json> path, int depth, Json leaf) {
        if (depth == path.size()) {
            return leaf;
        }
        Json key = path.get(depth);
        String name = key.textOrNull();
        if (name != null) {
            if (!(value instanceof JsonObject) && !value.isNull()) {
                throw new JqError("cannot set a field of " + value.toJson());
            }
            JsonObject object = value instanceof JsonObject o ? o : JsonObject.empty();
            Json child = object.get(name);
            return object.with(name, set(child == null ? Json.nul() : child, path, depth + 1, leaf));
        }
        if (!(value instanceof JsonArray) && !value.isNull()) {
            throw new JqError("cannot set an item of " + value.toJson());
        }
        JsonArray array = value instanceof JsonArray a ? a : JsonArray.empty();
        if (key instanceof JsonObject slice) {
            return setSlice(array, slice, set(get(array, slice), path, depth + 1, leaf));
        }
        int index = index(array, key);
        if (index < 0 || index > MAX_INDEX) {
            throw new JqError("array index out of range: " + key.toJson());
        }
        List<Json> items = new ArrayList<>(array.items());
        while (items.size() <= index) {
            items.add(Json.nul());
        }
        items.set(index, set(items.get(index), path, depth + 1, leaf));
        return JsonArray.of(items);
    }

    private static Json setSlice(JsonArray array, JsonObject slice, Json value) {
        if (!(value instanceof JsonArray in)) {
            throw new JqError("a slice takes an array: " + value.toJson());
        }
        int[] range = range(slice, array.size());
        List<Json> items = new ArrayList<>(array.items().subList(0, range[0]));
        items.addAll(in.items());
        items.addAll(array.items().subList(range[1], array.size()));
        return JsonArray.of(items);
    }

    /** The value without these paths; the last ones go first, so that indexes stay what they were. */
    static Json delete(Json value, List<List<Json>> paths) {
        List<List<Json>> sorted = new ArrayList<>(paths);
        sorted.sort((a, b) -> -Arithmetic.compare(JsonArray.of(a), JsonArray.of(b)));
        Json out = value;
        List<Json> last = null;
        for (List<Json> path : sorted) {
            if (!path.equals(last)) {
                out = path.isEmpty() ? Json.nul() : delete(out, path, 0);
            }
            last = path;
        }
        return out;
    }

    private static Json delete(Json value, List<Json> path, int depth) {
        Json key = path.get(depth);
        if (value.isNull()) {
            return value;
        }
        boolean end = depth == path.size() - 1;
        String name = key.textOrNull();
        if (value instanceof JsonObject object && name != null) {
            if (end) {
                return object.without(name);
            }
            Json child = object.get(name);
            return child == null ? object : object.with(name, delete(child, path, depth + 1));
        }
        if (value instanceof JsonArray array && key instanceof JsonNumber) {
            int index = index(array, key);
            if (index < 0 || index >= array.size()) {
                return array;
            }
            return end ? array.without(index) : array.with(index, delete(array.get(index), path, depth + 1));
        }
        if (value instanceof JsonArray array && key instanceof JsonObject slice) {
            Json inner = end ? JsonArray.empty() : delete(get(array, slice), path, depth + 1);
            return setSlice(array, slice, inner);
        }
        throw new JqError("cannot delete " + key.toJson() + " of " + value.toJson());
    }
}
