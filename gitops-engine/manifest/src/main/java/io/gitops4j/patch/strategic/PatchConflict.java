package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether two patches of one object set the same place to different values. */
final class PatchConflict {
    private PatchConflict() {}

    static boolean between(JsonObject a, JsonObject b, SchemaType type) {
        if (a.has(Directives.PATCH) != b.has(Directives.PATCH)) {
            return true;
        }
        for (int i = 0; i < a.size(); i++) {
            String name = a.keyAt(i);
            Json other = b.get(name);
            boolean order = name.equals(Directives.RETAIN_KEYS) || Directives.isParallelList(name);
            if (other != null && !order && differ(a.valueAt(i), other, name, type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean differ(Json a, Json b, String name, SchemaType type) {
        if (a.kind() != b.kind()) {
            return true;
        }
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            if (x.equals(y)) {
                return false;
            }
            PatchField field = PatchField.require(PatchField.ofObject(type, name), name);
            return between(x, y, field.type());
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            return lists(x, y, PatchField.ofList(type, name));
        }
        return !a.equals(b);
    }

    private static boolean lists(JsonArray a, JsonArray b, @Nullable PatchField field) {
        if (field == null || !field.merges()) {
            return atomic(a, b);
        }
        if (a.isEmpty() || b.isEmpty() || !(a.get(0) instanceof JsonObject)) {
            // scalars of a merged list are added and removed one by one: they never meet
            return false;
        }
        Map<String, JsonObject> byKey = new LinkedHashMap<>();
        for (Json item : b) {
            if (item instanceof JsonObject object && object.has(field.strategy().mergeKey())) {
                byKey.put(GoText.of(field.keyOf(object)), object);
            }
        }
        for (Json item : a) {
            if (item instanceof JsonObject object && object.has(field.strategy().mergeKey())) {
                JsonObject other = byKey.get(GoText.of(field.keyOf(object)));
                if (other != null && between(object, other, field.type())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean atomic(JsonArray a, JsonArray b) {
        if (a.size() != b.size()) {
            return true;
        }
        if (a.isEmpty() || a.get(0) instanceof JsonObject || a.get(0) instanceof JsonArray) {
            return !a.equals(b);
        }
        List<String> left = new ArrayList<>();
        List<String> right = new ArrayList<>();
        a.forEach(item -> left.add(GoText.of(item)));
        b.forEach(item -> right.add(GoText.of(item)));
        left.sort(null);
        right.sort(null);
        return !left.equals(right);
    }
}
