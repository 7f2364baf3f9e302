package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps that all structured-merge operations share: the type below a step, the path element of a list item. */
final class Walk {
    private Walk() {}

    /** The type below a step, {@code null} where the schema has none. */
    static @Nullable SchemaType typeBelow(@Nullable SchemaType type, PathElement element) {
        if (type == null) {
            return null;
        }
        if (element.kind() == PathElement.Kind.FIELD) {
            MapSchema map = type.map();
            return map == null ? null : map.typeOf(element.name());
        }
        ListSchema list = type.list();
        return list == null ? null : list.element();
    }

    /** The type of a map's field; a field that may not be is a violation. */
    static SchemaType fieldType(MapSchema map, String name) {
        SchemaType type = map.typeOf(name);
        if (type == null) {
            throw new SchemaViolation("." + name, "field not declared in schema");
        }
        return type;
    }

    /** The path element of an item; an item without any of its keys is a violation. */
    static PathElement itemElement(ListSchema list, int index, Json item) {
        return switch (list.relation()) {
            case ATOMIC -> PathElement.index(index);
            case SET -> {
                if (item instanceof JsonObject || item instanceof JsonArray || item.isNull()) {
                    throw new SchemaViolation(
                            "", "element " + index + ": " + itemKind(item) + " in a set: only scalars are told apart");
                }
                yield PathElement.value(item);
            }
            case MAP -> PathElement.key(keys(list, index, item));
        };
    }

    private static String itemKind(Json item) {
        return item.isNull() ? "null" : item instanceof JsonArray ? "a list" : "a map";
    }

    private static JsonObject keys(ListSchema list, int index, Json item) {
        if (item.isNull()) {
            throw new SchemaViolation(
                    "", "element " + index + ": associative list with keys may not have a null element");
        }
        if (!(item instanceof JsonObject object)) {
            throw new SchemaViolation(
                    "", "element " + index + ": associative list with keys may not have non-map elements");
        }
        List<String> names = list.keys();
        JsonObject.Builder keys = JsonObject.builder(names.size());
        for (int i = 0; i < names.size(); i++) {
            Json value = object.get(names.get(i));
            keys.putIfPresent(names.get(i), value == null ? list.keyDefault(names.get(i)) : value);
        }
        if (keys.size() == 0) {
            throw new SchemaViolation(
                    "",
                    "element " + index
                            + ": associative list with keys has an element that omits all key fields "
                            + quoted(names)
                            + " (and doesn't have default values for any key fields)");
        }
        return keys.build();
    }

    private static String quoted(List<String> names) {
        StringBuilder out = new StringBuilder("[");
        for (String name : names) {
            out.append(out.length() > 1 ? " " : "").append('"').append(name).append('"');
        }
        return out.append(']').toString();
    }

    /** Whether two items of a keyed list or a set are the same one, without building their path elements. */
    static boolean sameItem(ListSchema list, Json a, Json b) {
        if (list.relation() != ListSchema.Relation.MAP) {
            return a.equals(b);
        }
        if (!(a instanceof JsonObject x) || !(b instanceof JsonObject y)) {
            return false;
        }
        boolean any = false;
        List<String> names = list.keys();
        for (int i = 0; i < names.size(); i++) {
            Json left = x.get(names.get(i));
            Json right = y.get(names.get(i));
            if (left == null || right == null) {
                Json fallback = list.keyDefault(names.get(i));
                left = left == null ? fallback : left;
                right = right == null ? fallback : right;
            }
            if (left == null ? right != null : !left.equals(right)) {
                return false;
            }
            any |= left != null;
        }
        return any;
    }

    /** The items of a list by path element, in order of first appearance; duplicates share an entry. */
    static Map<PathElement, List<Json>> itemsByElement(ListSchema list, JsonArray items) {
        Map<PathElement, List<Json>> byElement = new LinkedHashMap<>(items.size() * 2);
        for (int i = 0; i < items.size(); i++) {
            byElement
                    .computeIfAbsent(itemElement(list, i, items.get(i)), key -> new ArrayList<>(1))
                    .add(items.get(i));
        }
        return byElement;
    }

    static boolean emptyOrNull(@Nullable Json value) {
        return value == null
                || value.isNull()
                || (value instanceof JsonArray array && array.isEmpty())
                || (value instanceof JsonObject object && object.isEmpty());
    }
}
