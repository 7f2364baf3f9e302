package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.KubernetesDefaults;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * Whether all that live holds is the target's, a server default, or metadata and status that a server keeps: then there are no
 * extra fields, and nobody needs to read who owns what. Says no when in doubt.
 */
final class Explained {
    private static final KubernetesDefaults DEFAULTS = KubernetesDefaults.v1_36();

    private Explained() {}

    static boolean all(SchemaType type, JsonObject target, JsonObject live) {
        MapSchema map = type.map();
        if (map == null) {
            return false;
        }
        JsonObject wanted = DEFAULTS.structDefaults(type, target);
        for (int i = 0; i < live.size(); i++) {
            String key = live.keyAt(i);
            if (key.equals("status")) {
                continue;
            }
            Json present = live.valueAt(i);
            Json is = wanted.get(key);
            FieldSchema field = map.field(key);
            if (is == null || field == null) {
                return false;
            }
            boolean explained = key.equals("metadata") && is instanceof JsonObject a && present instanceof JsonObject b
                    ? metadata(a, b)
                    : value(field.type(), is, present);
            if (!explained) {
                return false;
            }
        }
        return true;
    }

    private static boolean metadata(JsonObject target, JsonObject live) {
        if (live.get("labels") instanceof JsonObject labels) {
            JsonObject wanted = target.object("labels");
            for (int i = 0; i < labels.size(); i++) {
                if (!wanted.has(labels.keyAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean value(@Nullable SchemaType type, Json wanted, Json present) {
        if (wanted == present) {
            return true;
        }
        if (wanted instanceof JsonObject a && present instanceof JsonObject b && type != null && type.map() != null) {
            return object(type, type.map(), a, b);
        }
        if (wanted instanceof JsonArray a && present instanceof JsonArray b && type != null && type.list() != null) {
            return list(type.list(), a, b);
        }
        return true;
    }

    private static boolean object(SchemaType type, MapSchema map, JsonObject target, JsonObject live) {
        if (map.atomic()) {
            return true;
        }
        JsonObject wanted = target;
        boolean defaulted = false;
        for (int i = 0; i < live.size(); i++) {
            String key = live.keyAt(i);
            Json present = live.valueAt(i);
            Json is = wanted.get(key);
            if (is == null && !defaulted) {
                defaulted = true;
                wanted = DEFAULTS.structDefaults(type, target);
                is = wanted.get(key);
            }
            if (is == null) {
                // an empty struct is what a server writes for one that is held by value
                boolean empty = present instanceof JsonObject object && object.isEmpty();
                if (!empty && !present.isNull()) {
                    return false;
                }
            } else if (!value(map.typeOf(key), is, present)) {
                return false;
            }
        }
        return true;
    }

    private static boolean list(ListSchema list, JsonArray wanted, JsonArray present) {
        if (list.relation() != ListSchema.Relation.MAP) {
            if (list.element().map() == null || wanted.size() != present.size()) {
                return list.relation() == ListSchema.Relation.ATOMIC || wanted.size() == present.size();
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!value(list.element(), wanted.get(i), present.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (wanted.size() != present.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!value(list.element(), wanted.get(i), present.get(i))) {
                return false;
            }
        }
        return true;
    }
}
