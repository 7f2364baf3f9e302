package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a set of paths out of a value, or everything but them. Containers that become empty are gone. */
final class Removing {
    private final boolean extract;
    private final boolean keepKeys;

    private Removing(boolean extract, boolean keepKeys) {
        this.extract = extract;
        this.keepKeys = keepKeys;
    }

    /** The value without the paths of {@code set} and what lies below them; {@code null} when nothing is left. */
    static @Nullable Json remove(SchemaType type, Json value, FieldSet set) {
        return set.isEmpty() ? value : new Removing(false, false).walk(type, value, set);
    }

    /**
     * Only the paths of {@code set}; {@code null} when there is none.
     *
     * @param keepKeys whether the key fields of items on the way stay, named or not
     */
    static @Nullable Json extract(SchemaType type, Json value, FieldSet set, boolean keepKeys) {
        return new Removing(true, keepKeys).walk(type, value, set);
    }

    private @Nullable Json walk(SchemaType type, Json value, FieldSet set) {
        return switch (type.shapeOf(value)) {
            case LIST -> list(type.list(), value, set);
            case MAP -> map(type.map(), value, set);
            default -> value;
        };
    }

    private @Nullable Json list(@Nullable ListSchema list, Json value, FieldSet set) {
        if (!(value instanceof JsonArray items) || list == null) {
            return null;
        }
        if (items.isEmpty() || (extract && list.atomic())) {
            return extract ? value : null;
        }
        List<Json> kept = new ArrayList<>(items.size());
        boolean changed = false;
        for (int i = 0; i < items.size(); i++) {
            Json item = items.get(i);
            PathElement element = Walk.itemElement(list, i, item);
            boolean member = set.has(element);
            FieldSet below = set.below(element);
            if (extract ? !member && below.isEmpty() : member) {
                changed = true;
                continue;
            }
            Json left = item;
            if (extract) {
                left = walk(list.element(), item, below);
                if (keepKeys && left != null && left != item) {
                    left = walk(list.element(), item, below.union(keyPaths(list, item)));
                }
            } else if (!below.isEmpty()) {
                left = walk(list.element(), item, below);
            }
            changed |= left != item;
            kept.add(left == null ? Json.nul() : left);
        }
        return kept.isEmpty() ? null : changed ? JsonArray.of(kept) : value;
    }

    private static FieldSet keyPaths(ListSchema list, Json item) {
        FieldSet.Builder keys = new FieldSet.Builder();
        for (String key : list.keys()) {
            if (item instanceof JsonObject object && object.has(key)) {
                keys.add(List.of(PathElement.field(key)));
            }
        }
        return keys.build();
    }

    private @Nullable Json map(@Nullable MapSchema map, Json value, FieldSet set) {
        if (!(value instanceof JsonObject object) || map == null) {
            return null;
        }
        if (object.isEmpty() || (extract && map.atomic())) {
            return extract ? value : null;
        }
        JsonObject.Builder kept = JsonObject.builder(object.size());
        boolean changed = false;
        for (int i = 0; i < object.size(); i++) {
            String name = object.keyAt(i);
            Json field = object.valueAt(i);
            PathElement element = PathElement.field(name);
            boolean member = set.has(element);
            FieldSet below = set.below(element);
            if (extract ? !member && below.isEmpty() : member) {
                changed = true;
                continue;
            }
            Json left = field;
            if (extract ? member || !below.isEmpty() : !below.isEmpty()) {
                left = walk(Walk.fieldType(map, name), field, below);
            }
            changed |= left != field;
            kept.put(name, left == null ? Json.nul() : left);
        }
        return kept.size() == 0 ? null : changed ? kept.build() : value;
    }
}
