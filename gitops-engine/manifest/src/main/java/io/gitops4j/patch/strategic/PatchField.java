package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.MergeStrategy;
import io.gitops4j.schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * A field as patches see it.
 *
 * @param type of the value if it is an object, of the items if it is a list
 * @param strategy how it is merged
 */
record PatchField(SchemaType type, MergeStrategy strategy) {

    boolean merges() {
        return strategy.has("merge");
    }

    boolean replaces() {
        return strategy.has("replace");
    }

    boolean retainsKeys() {
        return strategy.has("retainKeys");
    }

    /** The field that holds an object; {@code null} when the schema has none. */
    static @Nullable PatchField ofObject(SchemaType parent, String name) {
        return find(parent, name, false);
    }

    /** The field that holds a list; {@code null} when the schema has none. */
    static @Nullable PatchField ofList(SchemaType parent, String name) {
        return find(parent, name, true);
    }

    private static @Nullable PatchField find(SchemaType parent, String name, boolean list) {
        MapSchema map = parent.map();
        if (map == null) {
            return null;
        }
        FieldSchema field = map.field(name);
        SchemaType type = field == null ? map.element() : field.type();
        if (type == null) {
            return null;
        }
        MergeStrategy strategy = field == null ? MergeStrategy.none() : field.strategy();
        if (!strategy.valid()) {
            throw new PatchFailure("PATCH_BAD_STRATEGY", "unexpected patch strategy: " + strategy.text());
        }
        ListSchema items = type.list();
        return new PatchField(list && items != null ? items.element() : type, strategy);
    }

    static PatchField require(@Nullable PatchField field, String name) {
        if (field == null) {
            throw new PatchFailure("PATCH_UNKNOWN_FIELD", "unable to find api field \"" + name + "\"");
        }
        return field;
    }

    /** The merge key's value in an item. */
    Json keyOf(Json item) {
        Json key = item instanceof JsonObject object ? object.get(strategy.mergeKey()) : null;
        if (key == null) {
            throw new PatchFailure(
                    "PATCH_NO_MERGE_KEY",
                    "map: " + GoText.of(item) + " does not contain declared merge key: " + strategy.mergeKey());
        }
        return key;
    }
}
