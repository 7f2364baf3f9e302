package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/**
 * The wire form of field sets: a trie of objects whose keys are path elements; {@code {}} is a member without children,
 * {@code ".": {}} marks a member that has some.
 */
final class FieldsV1 {
    private FieldsV1() {}

    static FieldSet read(Json json) {
        if (!(json instanceof JsonObject object)) {
            if (json.isNull()) {
                return FieldSet.empty();
            }
            throw new IllegalArgumentException("fieldsV1 is an object, not " + json.kind());
        }
        if (object.isEmpty()) {
            return FieldSet.empty();
        }
        FieldSet.Rows rows = new FieldSet.Rows(object.size());
        for (int i = 0; i < object.size(); i++) {
            String key = object.keyAt(i);
            if (key.equals(".")) {
                continue;
            }
            PathElement element = PathElement.parse(key);
            if (element == null) {
                continue;
            }
            Json value = object.valueAt(i);
            FieldSet child = read(value);
            boolean member = child.isEmpty() || (value instanceof JsonObject below && below.has("."));
            rows.add(element, member, child);
        }
        return rows.buildSorted();
    }

    static JsonObject write(FieldSet set) {
        return write(set, false);
    }

    private static JsonObject write(FieldSet set, boolean member) {
        if (set.isEmpty()) {
            return JsonObject.empty();
        }
        JsonObject.Builder out = JsonObject.builder(set.width() + 1);
        if (member) {
            out.put(".", JsonObject.empty());
        }
        for (int i = 0; i < set.width(); i++) {
            out.put(set.elementAt(i).wire(), write(set.childAt(i), set.memberAt(i)));
        }
        return out.build();
    }
}
