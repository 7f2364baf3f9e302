package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two values of one type; the three sets are disjoint.
 *
 * @param removed paths only in the old value
 * @param modified paths in both with different values
 * @param added paths only in the new value
 */
public record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {
    private static final Comparison SAME = new Comparison(FieldSet.empty(), FieldSet.empty(), FieldSet.empty());

    /** Whether nothing differs. */
    public boolean isSame() {
        return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
    }

    /** This comparison without the paths of {@code excluded} and what lies below them. */
    Comparison without(FieldSet excluded) {
        return excluded.isEmpty() || isSame()
                ? this
                : new Comparison(
                        removed.recursiveDifference(excluded),
                        modified.recursiveDifference(excluded),
                        added.recursiveDifference(excluded));
    }

    static Comparison of(SchemaType type, Json oldValue, Json newValue) {
        if (oldValue == newValue) {
            return SAME;
        }
        Walker walker = new Walker();
        walker.compare(type, oldValue, newValue);
        return walker.result();
    }

    /** Walks both values along the type; equal subtrees end the walk by identity or hash. */
    private static final class Walker {
        private PathElement[] path = new PathElement[16];
        private int depth;
        private FieldSet.@Nullable Builder removed;
        private FieldSet.@Nullable Builder modified;
        private FieldSet.@Nullable Builder added;

        Comparison result() {
            return new Comparison(build(removed), build(modified), build(added));
        }

        private static FieldSet build(FieldSet.@Nullable Builder builder) {
            return builder == null ? FieldSet.empty() : builder.build();
        }

        private void added() {
            added = insert(added);
        }

        private void removed() {
            removed = insert(removed);
        }

        private void modified() {
            modified = insert(modified);
        }

        private FieldSet.Builder insert(FieldSet.@Nullable Builder builder) {
            FieldSet.Builder known = builder == null ? new FieldSet.Builder() : builder;
            if (depth > 0) {
                known.add(Arrays.asList(path).subList(0, depth));
            }
            return known;
        }

        private void push(PathElement element) {
            if (depth == path.length) {
                path = Arrays.copyOf(path, depth * 2);
            }
            path[depth++] = element;
        }

        /** At least one of the two is there. */
        void compare(SchemaType type, @Nullable Json lhs, @Nullable Json rhs) {
            if (lhs == rhs) {
                return;
            }
            boolean leaf = compareShape(type, lhs, rhs);
            if (!leaf) {
                if (lhs == null) {
                    added();
                } else if (rhs == null) {
                    removed();
                }
            }
        }

        /** A value that changes its shape is compared as both: what the old one held is removed, what the new one holds added. */
        private boolean compareShape(SchemaType type, @Nullable Json lhs, @Nullable Json rhs) {
            SchemaType.Shape left = type.shapeOf(lhs);
            SchemaType.Shape right = type.shapeOf(rhs);
            if (lhs == null || rhs == null || left == right) {
                return compareAs(lhs == null ? right : left, type, lhs, rhs);
            }
            compareAs(left, type, lhs, rhs);
            return compareAs(right, type, lhs, rhs);
        }

        private boolean compareAs(SchemaType.Shape shape, SchemaType type, @Nullable Json lhs, @Nullable Json rhs) {
            return switch (shape) {
                case LIST -> compareLists(type.list(), lhs, rhs);
                case MAP -> compareMaps(type.map(), lhs, rhs);
                default -> leaf(lhs, rhs);
            };
        }

        private boolean leaf(@Nullable Json lhs, @Nullable Json rhs) {
            if (lhs == null) {
                added();
            } else if (rhs == null) {
                removed();
            } else if (!lhs.equals(rhs)) {
                modified();
            }
            return true;
        }

        private boolean compareMaps(@Nullable MapSchema map, @Nullable Json lhs, @Nullable Json rhs) {
            JsonObject left = lhs instanceof JsonObject object ? object : JsonObject.empty();
            JsonObject right = rhs instanceof JsonObject object ? object : JsonObject.empty();
            if (map == null || map.atomic() || (left.isEmpty() && right.isEmpty())) {
                return leaf(lhs, rhs);
            }
            for (int i = 0; i < left.size(); i++) {
                String name = left.keyAt(i);
                Json was = left.valueAt(i);
                Json is = i < right.size() && right.keyAt(i).equals(name) ? right.valueAt(i) : right.get(name);
                if (was != is && !(is != null && was.hashCode() == is.hashCode() && was.equals(is))) {
                    push(PathElement.field(name));
                    compare(Walk.fieldType(map, name), was, is);
                    depth--;
                }
            }
            for (int i = 0; i < right.size(); i++) {
                String name = right.keyAt(i);
                if (!left.has(name)) {
                    push(PathElement.field(name));
                    compare(Walk.fieldType(map, name), null, right.valueAt(i));
                    depth--;
                }
            }
            return false;
        }

        private boolean compareLists(@Nullable ListSchema list, @Nullable Json lhs, @Nullable Json rhs) {
            JsonArray left = lhs instanceof JsonArray array ? array : JsonArray.empty();
            JsonArray right = rhs instanceof JsonArray array ? array : JsonArray.empty();
            if (list == null || list.atomic() || (left.isEmpty() && right.isEmpty())) {
                return leaf(lhs, rhs);
            }
            if (left.size() == right.size() && left.equals(right)) {
                return false;
            }
            Map<PathElement, List<Json>> was = Walk.itemsByElement(list, left);
            Map<PathElement, List<Json>> is = Walk.itemsByElement(list, right);
            Map<PathElement, List<Json>> all = new LinkedHashMap<>(was);
            is.forEach(all::putIfAbsent);
            for (PathElement element : all.keySet()) {
                push(element);
                compareItems(list.element(), was.getOrDefault(element, List.of()), is.getOrDefault(element, List.of()));
                depth--;
            }
            return false;
        }

        private void compareItems(SchemaType type, List<Json> left, List<Json> right) {
            if (left.size() <= 1 && right.size() <= 1) {
                compare(type, left.isEmpty() ? null : left.get(0), right.isEmpty() ? null : right.get(0));
            } else if (left.size() > 1 && right.size() > 1) {
                if (!left.equals(right)) {
                    modified();
                }
            } else {
                // an item that appears several times on one side only: gone as it was, come as it is
                gone(type, left);
                come(type, right);
            }
        }

        private void gone(SchemaType type, List<Json> items) {
            if (items.size() > 1) {
                removed();
            } else if (items.size() == 1) {
                compare(type, items.get(0), null);
            }
        }

        private void come(SchemaType type, List<Json> items) {
            if (items.size() > 1) {
                added();
            } else if (items.size() == 1) {
                compare(type, null, items.get(0));
            }
        }
    }
}
