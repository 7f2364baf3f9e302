package io.gitops4j.rego.check;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNull;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.StringTerm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Types from JSON schemas. An object with properties has those only; one without may have any. {@code anyOf} is a union,
 * {@code allOf} is one schema with the parts of all. What a schema says of values (enumerations, patterns, bounds) is left aside.
 *
 * @see <a href="https://www.openpolicyagent.org/docs/latest/schemas/">type checking with schemas</a>
 */
final class SchemaTypes {
    private static final int DEEPEST = 64;

    private final JsonObject root;
    private final Set<String> open = new LinkedHashSet<>();

    private SchemaTypes(JsonObject root) {
        this.root = root;
    }

    /** A schema that cannot be read; its text is what is wrong. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String text) {
            super(text, null, false, false);
        }
    }

    private static Fault fault(String text) {
        return new Fault("unable to compile the schema: " + text);
    }

    /** The type of a schema. */
    static Type of(Json schema) {
        if (schema instanceof JsonBool) {
            return Type.ANY;
        }
        if (!(schema instanceof JsonObject object)) {
            throw fault("schema is invalid");
        }
        return new SchemaTypes(object).type(object, 0);
    }

    /** The type of one document. */
    static Type ofValue(Json value) {
        if (value instanceof JsonObject object) {
            Map<String, Type> properties = new TreeMap<>();
            for (String key : object.keys()) {
                Json member = object.get(key);
                properties.put(key, member == null ? Type.ANY : ofValue(member));
            }
            return object(properties);
        }
        if (value instanceof JsonArray array) {
            List<Type> items = new ArrayList<>();
            array.forEach(item -> items.add(ofValue(item)));
            return new Type.Array(items, null);
        }
        return value instanceof JsonString
                ? Type.STRING
                : value instanceof JsonNumber ? Type.NUMBER : value instanceof JsonNull ? Type.NULL : Type.BOOLEAN;
    }

    private static Type object(Map<String, Type> properties) {
        List<Type.Property> sorted = new ArrayList<>();
        properties.forEach((name, type) -> sorted.add(new Type.Property(new StringTerm(name, Location.none()), type)));
        return new Type.Obj(sorted, null, null);
    }

    private Type type(JsonObject schema, int depth) {
        if (depth > DEEPEST) {
            return Type.ANY;
        }
        if (schema.get("$ref") instanceof JsonString reference) {
            return referred(reference.value(), depth);
        }
        if (schema.get("anyOf") instanceof JsonArray any && any.size() > 0) {
            return union(schema, any, depth);
        }
        if (schema.get("allOf") instanceof JsonArray all && all.size() > 0) {
            return type(merged(schema, all, depth), depth + 1);
        }
        Json named = schema.get("type");
        if (named instanceof JsonArray several) {
            Type both = null;
            for (Json one : several) {
                Type part = named(String.valueOf(one.textOrNull()), schema, depth);
                both = Types.or(both, part);
            }
            return both == null ? Type.ANY : both;
        }
        if (named instanceof JsonString one) {
            return named(one.value(), schema, depth);
        }
        if (named != null) {
            throw fault("type must be of type string or array of strings");
        }
        return schema.get("properties") != null
                ? named("object", schema, depth)
                : schema.get("items") != null ? named("array", schema, depth) : Type.ANY;
    }

    private Type named(String name, JsonObject schema, int depth) {
        return switch (name) {
            case "string" -> Type.STRING;
            case "number", "integer" -> Type.NUMBER;
            case "boolean" -> Type.BOOLEAN;
            case "null" -> Type.NULL;
            case "array" -> array(schema, depth);
            case "object" -> properties(schema, depth);
            default ->
                throw fault("has a type that is NOT VALID -- given: /" + name
                        + "/ Expected valid values are:[array boolean integer number null object string]");
        };
    }

    private Type array(JsonObject schema, int depth) {
        Json items = schema.get("items");
        if (items instanceof JsonArray several) {
            List<Type> types = new ArrayList<>();
            several.forEach(item -> types.add(member(item, depth)));
            return new Type.Array(types, null);
        }
        return new Type.Array(List.of(), items == null ? Type.ANY : member(items, depth));
    }

    private Type properties(JsonObject schema, int depth) {
        if (!(schema.get("properties") instanceof JsonObject properties) || properties.isEmpty()) {
            return new Type.Obj(List.of(), Type.ANY, Type.ANY);
        }
        Map<String, Type> types = new TreeMap<>();
        for (String name : properties.keys()) {
            types.put(name, member(properties.get(name), depth));
        }
        return object(types);
    }

    private Type member(@Nullable Json schema, int depth) {
        return schema instanceof JsonObject object ? type(object, depth + 1) : Type.ANY;
    }

    private Type union(JsonObject schema, JsonArray any, int depth) {
        JsonObject outer = schema.without("anyOf");
        Type all = null;
        for (Json one : any) {
            JsonObject part = one instanceof JsonObject object ? resolved(object, depth) : JsonObject.empty();
            if (part.get("type") == null && outer.get("type") instanceof JsonString name) {
                part = part.with("type", name);
            }
            all = Types.or(all, type(part, depth + 1));
        }
        return all == null ? Type.ANY : all;
    }

    /** One schema with the properties and items of all. */
    private JsonObject merged(JsonObject schema, JsonArray all, int depth) {
        JsonObject out = schema.without("allOf");
        for (Json one : all) {
            if (!(one instanceof JsonObject raw)) {
                continue;
            }
            JsonObject part = resolved(raw, depth);
            if (part.get("allOf") instanceof JsonArray inner && depth < DEEPEST) {
                part = merged(part, inner, depth + 1);
            }
            Json before = out.get("type");
            Json after = part.get("type");
            if (before != null && after != null && !before.equals(after)) {
                throw fault("unable to merge these schemas");
            }
            for (String key : part.keys()) {
                Json value = part.get(key);
                Json known = out.get(key);
                if (value == null) {
                    continue;
                }
                if (key.equals("properties") && value instanceof JsonObject more && known instanceof JsonObject some) {
                    JsonObject joined = some;
                    for (String name : more.keys()) {
                        Json property = more.get(name);
                        joined = property == null ? joined : joined.with(name, property);
                    }
                    out = out.with(key, joined);
                } else if (known == null) {
                    out = out.with(key, value);
                }
            }
        }
        return out;
    }

    private JsonObject resolved(JsonObject schema, int depth) {
        JsonObject at = schema;
        for (int i = depth; i < DEEPEST && at.get("$ref") instanceof JsonString reference; i++) {
            at = target(reference.value());
        }
        return at.get("$ref") == null ? at : JsonObject.empty();
    }

    private Type referred(String reference, int depth) {
        if (!open.add(reference)) {
            return Type.ANY;
        }
        Type type = type(target(reference), depth + 1);
        open.remove(reference);
        return type;
    }

    private JsonObject target(String reference) {
        int percent = reference.indexOf('%');
        if (percent >= 0 && !reference.startsWith("%25", percent) && !isHex(reference, percent + 1)) {
            throw fault("parse \"" + reference + "\": invalid URL escape \""
                    + reference.substring(percent, Math.min(reference.length(), percent + 3)) + "\"");
        }
        if (!reference.startsWith("#")) {
            throw fault("remote reference loading disabled: " + reference);
        }
        Json at = root;
        for (String key : reference.substring(1).split("/", -1)) {
            if (key.isEmpty()) {
                continue;
            }
            String name = key.replace("~1", "/").replace("~0", "~");
            Json next = at instanceof JsonObject object ? object.get(name) : null;
            if (next == null) {
                throw fault("Object has no key '" + name + "'");
            }
            at = next;
        }
        return at instanceof JsonObject object ? object : JsonObject.empty();
    }

    private static boolean isHex(String text, int at) {
        return at + 1 < text.length()
                && Character.digit(text.charAt(at), 16) >= 0
                && Character.digit(text.charAt(at + 1), 16) >= 0;
    }
}
