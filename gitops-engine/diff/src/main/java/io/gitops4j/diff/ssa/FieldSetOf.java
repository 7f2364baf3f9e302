package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The field set of a value: scalars and atomic parts, every item of granular lists, and those map entries that are null,
 * empty or undeclared.
 */
final class FieldSetOf {
    private FieldSetOf() {}

    /** The paths of {@code value} below its own path. */
    static FieldSet of(SchemaType type, Json value) {
        switch (type.shapeOf(value)) {
            case LIST -> {
                ListSchema list = type.list();
                return list == null || list.atomic() || !(value instanceof JsonArray items)
                        ? FieldSet.empty()
                        : list(list, items);
            }
            case MAP -> {
                MapSchema map = type.map();
                return map == null || map.atomic() || !(value instanceof JsonObject object)
                        ? FieldSet.empty()
                        : map(map, object);
            }
            default -> {
                return FieldSet.empty();
            }
        }
    }

    /** Whether the path of {@code value} is a member by its own kind: a scalar or an atomic part. */
    static boolean isLeaf(SchemaType type, Json value) {
        return switch (type.shapeOf(value)) {
            case SCALAR -> true;
            case LIST -> type.list() != null && type.list().atomic();
            case MAP -> type.map() != null && type.map().atomic();
            case NONE -> false;
        };
    }

    private static FieldSet list(ListSchema list, JsonArray items) {
        List<PathElement> elements = new ArrayList<>(items.size());
        Set<PathElement> seen = items.size() > 1 ? new HashSet<>() : Set.of();
        Set<PathElement> twice = Set.of();
        for (int i = 0; i < items.size(); i++) {
            PathElement element = Walk.itemElement(list, i, items.get(i));
            elements.add(element);
            if (items.size() > 1 && !seen.add(element)) {
                twice = twice.isEmpty() ? new HashSet<>() : twice;
                twice.add(element);
            }
        }
        FieldSet.Rows rows = new FieldSet.Rows(items.size());
        for (int i = 0; i < items.size(); i++) {
            PathElement element = elements.get(i);
            FieldSet child = twice.contains(element) ? FieldSet.empty() : of(list.element(), items.get(i));
            rows.add(element, true, child);
        }
        return rows.buildSorted();
    }

    private static FieldSet map(MapSchema map, JsonObject object) {
        FieldSet.Rows rows = new FieldSet.Rows(object.size());
        for (int i = 0; i < object.size(); i++) {
            String name = object.keyAt(i);
            Json value = object.valueAt(i);
            SchemaType type = Walk.fieldType(map, name);
            FieldSet child = of(type, value);
            boolean member = value.isNull()
                    || (value instanceof JsonObject below && below.isEmpty())
                    || !map.declares(name)
                    || isLeaf(type, value);
            if (member || !child.isEmpty()) {
                rows.add(PathElement.field(name), member, child);
            }
        }
        return rows.buildSorted();
    }
}
