package io.gitops4j.diff;

import io.gitops4j.diff.ssa.JsonTextMatch;
import io.gitops4j.diff.ssa.NoOp;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.MergeStrategy;
import io.gitops4j.schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a pair that is in sync without making anything: every value of the target is live, in the same order, and the
 * last-applied configuration holds nothing that the target has dropped. Then a patch would be empty, whatever else live holds.
 * Says no when in doubt.
 */
final class InSync {
    private InSync() {}

    /**
     * Whether three-way patches of the pair are empty.
     *
     * @param type type of a built-in kind, {@code null} for a custom resource
     */
    static boolean byPatch(JsonObject target, JsonObject live, @Nullable SchemaType type) {
        String kind = target.text("kind", "");
        if (kind.equals("Secret") || kind.equals("Endpoints") || kind.endsWith("Role")) {
            return false;
        }
        String text = live.object("metadata").object("annotations").text(ClientSideApply.LAST_APPLIED);
        return (text == null || JsonTextMatch.lastAppliedSays(text, target)) && root(target, live, type);
    }

    /** Whether an apply of the target by its manager would change nothing. */
    static boolean byOwnership(JsonObject target, JsonObject live, SchemaType type, String manager) {
        return NoOp.apply(type, live, target, manager);
    }

    private static boolean root(JsonObject target, JsonObject live, @Nullable SchemaType type) {
        MapSchema map = type == null ? null : type.map();
        for (int i = 0; i < target.size(); i++) {
            String key = target.keyAt(i);
            Json wanted = target.valueAt(i);
            Json present = live.get(key);
            FieldSchema field = map == null ? null : map.field(key);
            if (present == null || (map != null && field == null)) {
                return false;
            }
            boolean same = key.equals("metadata") && wanted instanceof JsonObject a && present instanceof JsonObject b
                    ? metadata(a, b, field)
                    : value(wanted, present, field == null ? null : field.type(), strategy(field), type == null);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static MergeStrategy strategy(@Nullable FieldSchema field) {
        return field == null ? MergeStrategy.none() : field.strategy();
    }

    private static boolean metadata(JsonObject target, JsonObject live, @Nullable FieldSchema metadata) {
        MapSchema map = metadata == null ? null : metadata.type().map();
        for (int i = 0; i < target.size(); i++) {
            String key = target.keyAt(i);
            Json wanted = target.valueAt(i);
            boolean empty =
                    key.equals("annotations") && wanted instanceof JsonObject annotations && annotations.isEmpty();
            if (key.equals("namespace") || key.equals("creationTimestamp") || empty) {
                continue;
            }
            FieldSchema field = map == null ? null : map.field(key);
            Json present = live.get(key);
            if (present == null
                    || !value(wanted, present, field == null ? null : field.type(), strategy(field), map == null)) {
                return false;
            }
        }
        return true;
    }

    private static boolean value(
            Json wanted, Json present, @Nullable SchemaType type, MergeStrategy strategy, boolean custom) {
        if (wanted == present) {
            return !wanted.isNull();
        }
        if (wanted instanceof JsonObject a && present instanceof JsonObject b) {
            return !strategy.has("replace") && object(a, b, type, strategy.has("retainKeys"), custom);
        }
        if (wanted instanceof JsonArray a && present instanceof JsonArray b) {
            return list(a, b, type, strategy, custom);
        }
        return !wanted.isNull() && wanted.equals(present);
    }

    private static boolean object(
            JsonObject wanted, JsonObject present, @Nullable SchemaType type, boolean retain, boolean custom) {
        MapSchema map = type == null ? null : type.map();
        for (int i = 0; i < wanted.size(); i++) {
            String key = wanted.keyAt(i);
            Json is = i < present.size() && present.keyAt(i).equals(key) ? present.valueAt(i) : present.get(key);
            FieldSchema field = map == null ? null : map.field(key);
            SchemaType below = field != null ? field.type() : map == null ? null : map.element();
            if (is == null || (!custom && below == null) || key.startsWith("$")) {
                return false;
            }
            if (key.equals("volumeClaimTemplates")) {
                if (!byIndex(wanted.valueAt(i), is)) {
                    return false;
                }
            } else if (!value(wanted.valueAt(i), is, below, strategy(field), custom)) {
                return false;
            }
        }
        // keys that are not retained would go
        return !retain || present.size() == wanted.size();
    }

    private static boolean list(
            JsonArray wanted, JsonArray present, @Nullable SchemaType type, MergeStrategy strategy, boolean custom) {
        if (custom) {
            return byIndex(wanted, present);
        }
        if (!strategy.has("merge") || strategy.mergeKey().isEmpty() || wanted.isEmpty()) {
            return wanted.equals(present);
        }
        ListSchema list = type == null ? null : type.list();
        if (list == null || present.size() > 64) {
            return wanted.equals(present);
        }
        int from = 0;
        for (int i = 0; i < wanted.size(); i++) {
            if (!(wanted.get(i) instanceof JsonObject item)) {
                return false;
            }
            Json key = item.get(strategy.mergeKey());
            int found = key == null ? -1 : only(present, strategy.mergeKey(), key);
            if (found < from) {
                return false;
            }
            from = found + 1;
            if (!object(item, (JsonObject) present.get(found), list.element(), strategy.has("retainKeys"), false)) {
                return false;
            }
        }
        return true;
    }

    /** The place of the one item with this key; -1 when there is none, or more than one. */
    private static int only(JsonArray items, String name, Json key) {
        int found = -1;
        for (int i = 0; i < items.size(); i++) {
            Json other = items.get(i) instanceof JsonObject item ? item.get(name) : null;
            if (other == null || (other.equals(key) && found >= 0)) {
                return -1;
            }
            found = other.equals(key) ? i : found;
        }
        return found;
    }

    /** Whether the wanted value is live, lists item by item. */
    private static boolean byIndex(Json wanted, Json present) {
        if (wanted instanceof JsonObject a && present instanceof JsonObject b) {
            for (int i = 0; i < a.size(); i++) {
                Json is = b.get(a.keyAt(i));
                if (is == null || !byIndex(a.valueAt(i), is)) {
                    return false;
                }
            }
            return true;
        }
        if (wanted instanceof JsonArray a && present instanceof JsonArray b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!byIndex(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return !wanted.isNull() && wanted.equals(present);
    }
}
