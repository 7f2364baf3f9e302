package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * Recognises an apply that changes nothing without reading field sets: merging gives live itself, and the target still holds
 * every path that the manager applied before. Says no when in doubt.
 */
public final class NoOp {
    private NoOp() {}

    /** Whether applying {@code target} as {@code manager} leaves {@code live} as it is. */
    public static boolean apply(SchemaType type, JsonObject live, JsonObject target, String manager) {
        try {
            return Merging.merge(type, live, target) == live
                    && coversLastApply(type, target, live.object("metadata").get("managedFields"), manager);
        } catch (SchemaViolation e) {
            return false;
        }
    }

    private static boolean coversLastApply(SchemaType type, JsonObject target, @Nullable Json managed, String manager) {
        if (!(managed instanceof JsonArray entries)) {
            return true;
        }
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof JsonObject entry
                    && entry.text("operation", "").equals("Apply")
                    && entry.text("manager", "").equals(manager)
                    && entry.text("subresource", "").isEmpty()) {
                return entry.get("fieldsV1") instanceof JsonObject fields && covers(type, target, fields);
            }
        }
        return true;
    }

    private static boolean covers(@Nullable SchemaType type, Json value, JsonObject fields) {
        for (int i = 0; i < fields.size(); i++) {
            String key = fields.keyAt(i);
            if (key.length() < 2 || key.charAt(1) != ':') {
                continue;
            }
            Json below = fields.valueAt(i);
            MapSchema map = type == null ? null : type.map();
            ListSchema list = type == null ? null : type.list();
            int at = switch (key.charAt(0)) {
                case 'f' -> field(value, key);
                case 'k' -> item(value, list, key);
                default -> -1;
            };
            if (at < 0) {
                return false;
            }
            boolean inMap = value instanceof JsonObject;
            Json child = inMap ? ((JsonObject) value).valueAt(at) : ((JsonArray) value).get(at);
            SchemaType childType = inMap
                    ? map == null ? null : map.typeOf(((JsonObject) value).keyAt(at))
                    : list == null ? null : list.element();
            if (below instanceof JsonObject rest && !rest.isEmpty() && !covers(childType, child, rest)) {
                return false;
            }
        }
        return true;
    }

    private static int field(Json value, String key) {
        if (!(value instanceof JsonObject object)) {
            return -1;
        }
        for (int i = 0; i < object.size(); i++) {
            String name = object.keyAt(i);
            if (name.length() == key.length() - 2 && key.startsWith(name, 2)) {
                return i;
            }
        }
        return -1;
    }

    private static int item(Json value, @Nullable ListSchema list, String key) {
        if (!(value instanceof JsonArray items) || list == null || list.relation() != ListSchema.Relation.MAP) {
            return -1;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof JsonObject item && JsonTextMatch.keysAre(key, 2, list, item)) {
                return i;
            }
        }
        return -1;
    }
}
