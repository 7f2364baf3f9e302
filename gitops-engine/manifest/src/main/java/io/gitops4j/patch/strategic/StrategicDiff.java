package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The patch from one object to another.
 *
 * @param noAdd leave additions and changes out
 * @param noDelete leave deletions out
 * @param order tell the order of merged lists
 */
record StrategicDiff(boolean noAdd, boolean noDelete, boolean order) {

    JsonObject diff(JsonObject original, JsonObject modified, SchemaType type) {
        JsonObject.Builder patch = maps(original, modified, type, false);
        return patch == null ? JsonObject.empty() : patch.build();
    }

    /** {@code null}: nothing differs. */
    private JsonObject.@Nullable Builder maps(
            JsonObject original, JsonObject modified, SchemaType type, boolean retain) {
        if (original == modified) {
            return null;
        }
        JsonObject.Builder patch = null;
        for (int i = 0; i < modified.size(); i++) {
            String key = modified.keyAt(i);
            Json is = modified.valueAt(i);
            Json was = original.get(key);
            if (was == is && !(is instanceof JsonObject)) {
                continue;
            }
            patch = field(patch, key, was, is, type);
        }
        boolean dropped = false;
        for (int i = 0; i < original.size(); i++) {
            String key = original.keyAt(i);
            if (!modified.has(key)) {
                dropped |= !original.valueAt(i).isNull();
                if (!noDelete) {
                    patch = put(patch, key, Json.nul());
                }
            }
        }
        if (retain && (patch != null || dropped)) {
            patch = retainKeys(patch, modified);
        }
        return patch;
    }

    private static JsonObject.Builder put(JsonObject.@Nullable Builder patch, String key, Json value) {
        return (patch == null ? JsonObject.builder() : patch).put(key, value);
    }

    private static JsonObject.@Nullable Builder retainKeys(JsonObject.@Nullable Builder patch, JsonObject modified) {
        List<String> keys = new ArrayList<>();
        modified.forEach((key, value) -> {
            if (!value.isNull()) {
                keys.add(key);
            }
        });
        if (keys.isEmpty()) {
            return patch;
        }
        Collections.sort(keys);
        JsonArray.Builder list = JsonArray.builder();
        keys.forEach(list::add);
        return put(patch, Directives.RETAIN_KEYS, list.build());
    }

    private JsonObject.@Nullable Builder field(
            JsonObject.@Nullable Builder patch, String key, @Nullable Json was, Json is, SchemaType type) {
        if (was == null) {
            return noAdd ? patch : put(patch, key, is);
        }
        if (key.equals(Directives.PATCH)) {
            if (was.textOrNull() == null || is.textOrNull() == null) {
                throw new PatchFailure("PATCH_INVALID", "the directive $patch is a string");
            }
            return was.equals(is) ? patch : put(patch, key, is);
        }
        if (was.kind() != is.kind()) {
            return noAdd ? patch : put(patch, key, is);
        }
        if (was instanceof JsonObject a && is instanceof JsonObject b) {
            return object(patch, key, a, b, type);
        }
        if (was instanceof JsonArray a && is instanceof JsonArray b) {
            return list(patch, key, a, b, type);
        }
        return noAdd || was.equals(is) ? patch : put(patch, key, is);
    }

    private JsonObject.@Nullable Builder object(
            JsonObject.@Nullable Builder patch, String key, JsonObject was, JsonObject is, SchemaType type) {
        PatchField field = PatchField.ofObject(type, key);
        if (field == null) {
            if (was.equals(is)) {
                return patch;
            }
            throw new PatchFailure("PATCH_UNKNOWN_FIELD", "unable to find api field \"" + key + "\"");
        }
        if (field.replaces()) {
            return noAdd ? patch : put(patch, key, is);
        }
        JsonObject.Builder below = maps(was, is, field.type(), field.retainsKeys());
        return below == null ? patch : put(patch, key, below.build());
    }

    private JsonObject.@Nullable Builder list(
            JsonObject.@Nullable Builder patch, String key, JsonArray was, JsonArray is, SchemaType type) {
        if (was.size() == is.size() && was.equals(is)) {
            return patch;
        }
        PatchField field = PatchField.require(PatchField.ofList(type, key), key);
        if (!field.merges()) {
            return noAdd ? patch : put(patch, key, is);
        }
        if (was.isEmpty()) {
            return noAdd || is.isEmpty() ? patch : put(patch, key, is);
        }
        return switch (elementKind(was, is)) {
            case OBJECT -> objects(patch, key, was, is, field);
            case ARRAY -> throw new PatchFailure("PATCH_INVALID", "lists of lists are not supported");
            default -> scalars(patch, key, was, is);
        };
    }

    static Json.Kind elementKind(JsonArray a, JsonArray b) {
        Json.Kind kind = null;
        for (JsonArray list : List.of(a, b)) {
            for (Json item : list) {
                if (kind != null && kind != item.kind()) {
                    throw new PatchFailure("PATCH_INVALID", "list element types are not identical");
                }
                kind = item.kind();
            }
        }
        return kind == null ? Json.Kind.NULL : kind;
    }

    private JsonObject.@Nullable Builder scalars(
            JsonObject.@Nullable Builder patch, String key, JsonArray was, JsonArray is) {
        Set<String> before = texts(was);
        Set<String> after = texts(is);
        JsonArray.Builder added = JsonArray.builder();
        for (Json item : is) {
            if (!noAdd && !before.contains(GoText.of(item))) {
                added.add(item);
            }
        }
        List<Json> gone = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Json item : was) {
            String text = GoText.of(item);
            if (!noDelete && !after.contains(text) && seen.add(text)) {
                gone.add(item);
            }
        }
        gone.sort((a, b) -> GoText.of(a).compareTo(GoText.of(b)));
        JsonObject.Builder out = patch;
        if (added.size() > 0) {
            out = put(out, key, added.build());
        }
        if (!gone.isEmpty()) {
            out = put(out, Directives.DELETE_FROM_LIST + key, JsonArray.of(gone));
        }
        if (order && !is.isEmpty() && ((!noAdd && !was.equals(is)) || (!noDelete && !gone.isEmpty()))) {
            out = put(out, Directives.ELEMENT_ORDER + key, is);
        }
        return out;
    }

    private static Set<String> texts(JsonArray items) {
        Set<String> texts = new LinkedHashSet<>();
        items.forEach(item -> texts.add(GoText.of(item)));
        return texts;
    }

    private JsonObject.@Nullable Builder objects(
            JsonObject.@Nullable Builder patch, String key, JsonArray was, JsonArray is, PatchField field) {
        List<Json> changed = ItemDiff.diff(this, was, is, field);
        JsonObject.Builder out = patch;
        if (!changed.isEmpty()) {
            out = put(out, key, JsonArray.of(changed));
        }
        if (order && !is.isEmpty()) {
            boolean moved = !noAdd && (!changed.isEmpty() || !sameKeys(was, is, field));
            if (moved || (!noDelete && !changed.isEmpty())) {
                JsonArray.Builder keys = JsonArray.builder();
                is.forEach(item -> keys.add(JsonObject.of(field.strategy().mergeKey(), field.keyOf(item))));
                out = put(out, Directives.ELEMENT_ORDER + key, keys.build());
            }
        }
        return out;
    }

    private static boolean sameKeys(JsonArray was, JsonArray is, PatchField field) {
        if (was.size() != is.size()) {
            return false;
        }
        for (int i = 0; i < is.size(); i++) {
            if (!field.keyOf(was.get(i)).equals(field.keyOf(is.get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** The patch of two items of one key, without the key; {@code null} when nothing differs. */
    JsonObject.@Nullable Builder item(Json was, Json is, PatchField field) {
        return maps((JsonObject) was, (JsonObject) is, field.type(), field.retainsKeys());
    }
}
