package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import org.jspecify.annotations.Nullable;

/**
 * Brings a set that was recorded under an older schema in line with the present one: whoever owned parts of what has become
 * atomic owns the whole. The other way nothing changes.
 */
final class Reconciling {
    private Reconciling() {}

    /** The set in the terms of {@code type}; the same object when nothing had to change. */
    static FieldSet reconcile(SchemaType type, @Nullable Json value, FieldSet set) {
        if (set.isEmpty() || type.isChoice() || value == null) {
            return set;
        }
        FieldSet.Rows rows = new FieldSet.Rows(set.width());
        boolean changed = false;
        for (int i = 0; i < set.width(); i++) {
            PathElement element = set.elementAt(i);
            FieldSet child = set.childAt(i);
            boolean member = set.memberAt(i);
            SchemaType below = Walk.typeBelow(type, element);
            if (!child.isEmpty() && below != null) {
                Json at = at(type, value, element);
                if (atomicHere(below, at)) {
                    member = true;
                    child = FieldSet.empty();
                } else {
                    child = reconcile(below, at, child);
                }
            }
            changed |= child != set.childAt(i) || member != set.memberAt(i);
            rows.add(element, member, child);
        }
        return changed ? rows.build() : set;
    }

    private static boolean atomicHere(SchemaType type, @Nullable Json value) {
        if (type.isChoice() || value == null || value.isNull()) {
            return false;
        }
        MapSchema map = type.map();
        ListSchema list = type.list();
        return (map != null && map.atomic()) || (list != null && list.atomic());
    }

    private static @Nullable Json at(SchemaType type, Json value, PathElement element) {
        if (element.kind() == PathElement.Kind.FIELD) {
            return value instanceof JsonObject object ? object.get(element.name()) : null;
        }
        ListSchema list = type.list();
        if (!(value instanceof JsonArray items) || list == null) {
            return null;
        }
        for (int i = 0; i < items.size(); i++) {
            if (Walk.itemElement(list, i, items.get(i)).equals(element)) {
                return items.get(i);
            }
        }
        return null;
    }
}
