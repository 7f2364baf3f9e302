package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays a patch over a target.
 *
 * @param patchMode the target is a patch itself: directives are kept for the one who applies the result, and nulls stay
 */
record StrategicApply(boolean patchMode) {

    JsonObject merge(JsonObject target, JsonObject patch, SchemaType type) {
        Json directive = patch.get(Directives.PATCH);
        if (directive != null) {
            return directed(directive, patch);
        }
        if (patch.isEmpty()) {
            return target;
        }
        Map<String, Json> out = new LinkedHashMap<>(target.asMap());
        Map<String, Json> rest = new LinkedHashMap<>(patch.asMap());
        retainKeys(out, rest);
        elementOrders(out, rest, type);
        for (Map.Entry<String, Json> entry : rest.entrySet()) {
            field(out, entry.getKey(), entry.getValue(), type);
        }
        return Json.object(out);
    }

    private static JsonObject directed(Json directive, JsonObject patch) {
        if ("replace".equals(directive.textOrNull())) {
            return patch.without(Directives.PATCH);
        }
        if ("delete".equals(directive.textOrNull())) {
            return JsonObject.empty();
        }
        throw new PatchFailure("PATCH_INVALID", "unknown patch type: " + GoText.of(directive));
    }

    private void retainKeys(Map<String, Json> out, Map<String, Json> patch) {
        Json given = patch.remove(Directives.RETAIN_KEYS);
        if (given == null) {
            return;
        }
        if (patchMode) {
            Json known = out.get(Directives.RETAIN_KEYS);
            if (known != null && !known.equals(given)) {
                throw new PatchFailure("PATCH_INVALID", "$retainKeys differ: " + known + " and " + given);
            }
            out.put(Directives.RETAIN_KEYS, given);
            return;
        }
        if (!(given instanceof JsonArray list)) {
            throw new PatchFailure("PATCH_INVALID", "$retainKeys is a list");
        }
        Set<String> keep = new LinkedHashSet<>();
        list.forEach(key -> keep.add(GoText.of(key)));
        patch.forEach((key, value) -> {
            if (!value.isNull() && !Directives.isParallelList(key) && !keep.contains(key)) {
                throw new PatchFailure("PATCH_INVALID", "$retainKeys does not list a key that the patch sets: " + key);
            }
        });
        out.keySet().retainAll(keep);
    }

    private void elementOrders(Map<String, Json> out, Map<String, Json> patch, SchemaType type) {
        List<String> directives = new ArrayList<>();
        for (String key : patch.keySet()) {
            if (key.startsWith(Directives.ELEMENT_ORDER)) {
                directives.add(key);
            }
        }
        for (String directive : directives) {
            Json order = patch.remove(directive);
            if (order == null) {
                continue;
            }
            if (patchMode) {
                Json known = out.get(directive);
                if (known != null && !known.equals(order)) {
                    throw new PatchFailure("PATCH_INVALID", directive + " differ: " + known + " and " + order);
                }
                out.put(directive, order);
            }
            elementOrder(out, patch, directive.substring(Directives.ELEMENT_ORDER.length()), order, type);
        }
    }

    private void elementOrder(
            Map<String, Json> out, Map<String, Json> patch, String name, Json order, SchemaType type) {
        if (!(order instanceof JsonArray orderList)) {
            throw new PatchFailure("PATCH_INVALID", "$setElementOrder/" + name + " is a list");
        }
        JsonArray live = list(out.get(name), name);
        JsonArray patched = list(patch.get(name), name);
        JsonArray removed = patchMode ? null : list(patch.get(Directives.DELETE_FROM_LIST + name), name);
        if (live == null && patched == null) {
            return;
        }
        PatchField field = PatchField.require(PatchField.ofList(type, name), name);
        MergedList merge = new MergedList(this, field);
        merge.checkOrder(patched, orderList);
        JsonArray before = live == null ? JsonArray.empty() : live;
        List<Json> server = before.items();
        List<Json> merged;
        if (patched == null) {
            merged = before.items();
        } else if (live == null) {
            merged = withoutDirectives(patched) instanceof JsonArray plain ? plain.items() : List.of();
        } else {
            MergedList.Result result = merge.merge(before, patched);
            merged = result.items();
            server = result.serverOrder();
        }
        if (removed != null) {
            merged = MergedList.without(merged, removed);
            patch.remove(Directives.DELETE_FROM_LIST + name);
        }
        out.put(name, JsonArray.of(merge.arrange(merged, orderList.items(), server)));
        patch.remove(name);
    }

    private static @Nullable JsonArray list(@Nullable Json value, String name) {
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof JsonArray array) {
            return array;
        }
        throw new PatchFailure("PATCH_INVALID", name + " is to be a list, it is " + value.kind());
    }

    private void field(Map<String, Json> out, String name, Json value, SchemaType type) {
        if (name.startsWith(Directives.DELETE_FROM_LIST)) {
            if (patchMode) {
                out.put(name, value);
            } else {
                deleteFrom(out, name.substring(Directives.DELETE_FROM_LIST.length()), value);
            }
            return;
        }
        if (value.isNull()) {
            out.remove(name);
            if (patchMode) {
                out.put(name, value);
            }
            return;
        }
        Json was = out.get(name);
        if (was == null || was.kind() != value.kind()) {
            Json plain = withoutDirectives(value);
            if (plain != null) {
                out.put(name, patchMode ? plain : withoutNulls(plain));
            }
            return;
        }
        if (was instanceof JsonObject a && value instanceof JsonObject b) {
            PatchField field = PatchField.require(PatchField.ofObject(type, name), name);
            out.put(name, field.replaces() ? b : merge(a, b, field.type()));
        } else if (was instanceof JsonArray a && value instanceof JsonArray b) {
            PatchField field = PatchField.require(PatchField.ofList(type, name), name);
            out.put(name, field.merges() ? JsonArray.of(new MergedList(this, field).mergeAndArrange(a, b)) : b);
        } else {
            out.put(name, value);
        }
    }

    private static void deleteFrom(Map<String, Json> out, String name, Json value) {
        Json was = out.get(name);
        if (was instanceof JsonArray list && value instanceof JsonArray gone) {
            out.put(name, JsonArray.of(MergedList.without(list.items(), gone)));
        }
    }

    /** Without maps that carry {@code $patch}: they order something about what is not there. {@code null}: it is one itself. */
    static @Nullable Json withoutDirectives(Json value) {
        if (value instanceof JsonObject object) {
            if (object.has(Directives.PATCH)) {
                return null;
            }
            JsonObject out = object;
            for (int i = 0; i < object.size(); i++) {
                Json plain = withoutDirectives(object.valueAt(i));
                out = plain == null ? out.without(object.keyAt(i)) : out.with(object.keyAt(i), plain);
            }
            return out;
        }
        if (value instanceof JsonArray array) {
            List<Json> kept = new ArrayList<>(array.size());
            for (Json item : array) {
                Json plain = withoutDirectives(item);
                if (plain != null) {
                    kept.add(plain);
                }
            }
            return kept.equals(array.items()) ? array : JsonArray.of(kept);
        }
        return value;
    }

    /** Without nulls in maps at any depth; null list elements stay. */
    static Json withoutNulls(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((key, item) -> {
                if (!item.isNull()) {
                    out.put(key, withoutNulls(item));
                }
            });
            return out.build();
        }
        if (value instanceof JsonArray array) {
            List<Json> items = new ArrayList<>(array.size());
            array.forEach(item -> items.add(withoutNulls(item)));
            return JsonArray.of(items);
        }
        return value;
    }
}
