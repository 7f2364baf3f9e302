package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import java.util.HashSet;
import java.util.Set;

/** Whether a value has the shape of its type: throws {@link SchemaViolation} with the path of the first place that has not. */
final class Validation {
    private final boolean allowDuplicates;

    Validation(boolean allowDuplicates) {
        this.allowDuplicates = allowDuplicates;
    }

    void check(SchemaType type, Json value) {
        switch (type.shapeOf(value)) {
            case SCALAR -> {
                if (type.scalar() != null && !type.scalar().accepts(value)) {
                    throw new SchemaViolation("", "expected " + word(type) + ", got " + describe(value));
                }
            }
            case LIST -> checkList(type, value);
            case MAP -> checkMap(type, value);
            case NONE -> throw new SchemaViolation("", "invalid type: " + type);
        }
    }

    private static String word(SchemaType type) {
        return switch (type.scalar() == null ? io.gitops4j.schema.Scalar.UNTYPED : type.scalar()) {
            case STRING -> "string";
            case INTEGER, NUMBER -> "numeric (int or float)";
            case BOOLEAN -> "boolean";
            case UNTYPED -> "any scalar";
        };
    }

    private static String describe(Json value) {
        return switch (value.kind()) {
            case NULL -> "null";
            case BOOL -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case ARRAY -> "list";
            case OBJECT -> "map";
        };
    }

    private void checkList(SchemaType type, Json value) {
        if (value.isNull()) {
            return;
        }
        ListSchema list = type.list();
        if (!(value instanceof JsonArray items) || list == null) {
            throw new SchemaViolation("", "expected list, got " + describe(value));
        }
        Set<PathElement> seen = list.atomic() || items.size() < 2 ? null : new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            PathElement element = list.atomic() ? null : Walk.itemElement(list, i, items.get(i));
            if (element != null && seen != null && !seen.add(element) && !allowDuplicates) {
                throw new SchemaViolation("", "duplicate entries for key " + element.text());
            }
            try {
                check(list.element(), items.get(i));
            } catch (SchemaViolation e) {
                throw new SchemaViolation(element == null ? "[" + i + "]" : element.toString(), e);
            }
        }
    }

    private void checkMap(SchemaType type, Json value) {
        if (value.isNull()) {
            return;
        }
        MapSchema map = type.map();
        if (!(value instanceof JsonObject object) || map == null) {
            throw new SchemaViolation("", "expected map, got " + describe(value));
        }
        for (int i = 0; i < object.size(); i++) {
            SchemaType field = Walk.fieldType(map, object.keyAt(i));
            try {
                check(field, object.valueAt(i));
            } catch (SchemaViolation e) {
                throw new SchemaViolation("." + object.keyAt(i), e);
            }
        }
    }
}
