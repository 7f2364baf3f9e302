package io.gitops4j.policy.gatekeeper;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The OpenAPI v3 schema of a constraint's parameters: defaults, unknown fields, validation. Source: rego §2.1. */
final class StructuralSchema {
    private static final String KEEP = "x-kubernetes-preserve-unknown-fields";

    private final JsonObject root;
    private final boolean legacy;

    /** @param legacy whether unknown fields are kept everywhere */
    StructuralSchema(JsonObject root, boolean legacy) {
        this.root = root;
        this.legacy = legacy;
    }

    /** Where the schema is not structural, {@code null} when it is. */
    @Nullable
    String notStructural() {
        return legacy
                ? null
                : notStructural(root, "spec.validation.openAPIV3Schema.properties[spec].properties[parameters]");
    }

    private static @Nullable String notStructural(JsonObject schema, String path) {
        boolean typed =
                schema.has("type") || schema.bool("x-kubernetes-int-or-string", false) || schema.bool(KEEP, false);
        if (!typed && !schema.isEmpty()) {
            return path + ".type: Required value: must not be empty for specified object fields";
        }
        for (Map.Entry<String, Json> property :
                schema.object("properties").asMap().entrySet()) {
            String why = property.getValue() instanceof JsonObject child
                    ? notStructural(child, path + ".properties[" + property.getKey() + "]")
                    : null;
            if (why != null) {
                return why;
            }
        }
        return schema.get("items") instanceof JsonObject items ? notStructural(items, path + ".items") : null;
    }

    /** The parameters with defaults filled in. */
    Json withDefaults(Json value) {
        return withDefaults(value, root);
    }

    private static Json withDefaults(Json value, JsonObject schema) {
        if (value instanceof JsonObject object) {
            JsonObject filled = object;
            for (Map.Entry<String, Json> property :
                    schema.object("properties").asMap().entrySet()) {
                if (!(property.getValue() instanceof JsonObject child)) {
                    continue;
                }
                Json member = filled.get(property.getKey());
                Json fallback = child.get("default");
                if (member == null && fallback != null) {
                    member = fallback;
                }
                if (member != null) {
                    filled = filled.with(property.getKey(), withDefaults(member, child));
                }
            }
            if (schema.get("additionalProperties") instanceof JsonObject child) {
                for (String key : filled.keys()) {
                    Json member = filled.get(key);
                    if (member != null && !schema.object("properties").has(key)) {
                        filled = filled.with(key, withDefaults(member, child));
                    }
                }
            }
            return filled;
        }
        if (value instanceof JsonArray array && schema.get("items") instanceof JsonObject items) {
            JsonArray.Builder out = JsonArray.builder();
            array.forEach(item -> out.add(withDefaults(item, items)));
            return out.build();
        }
        return value;
    }

    /** Paths of fields that the schema does not know, in order. */
    List<String> unknownFields(Json value, String path) {
        List<String> unknown = new ArrayList<>();
        if (!legacy) {
            collectUnknown(value, root, path, unknown);
        }
        return unknown;
    }

    private static void collectUnknown(Json value, JsonObject schema, String path, List<String> unknown) {
        if (value instanceof JsonObject object) {
            JsonObject properties = schema.object("properties");
            Json additional = schema.get("additionalProperties");
            for (Map.Entry<String, Json> member : object.asMap().entrySet()) {
                String at = path + "." + member.getKey();
                if (properties.get(member.getKey()) instanceof JsonObject child) {
                    collectUnknown(member.getValue(), child, at, unknown);
                } else if (additional instanceof JsonObject child) {
                    collectUnknown(member.getValue(), child, at, unknown);
                } else if (!schema.bool(KEEP, false) && !Json.of(true).equals(additional)) {
                    unknown.add(at);
                }
            }
        } else if (value instanceof JsonArray array && schema.get("items") instanceof JsonObject items) {
            for (int i = 0; i < array.size(); i++) {
                collectUnknown(array.get(i), items, path + "[" + i + "]", unknown);
            }
        }
    }

    /** What is wrong with the value, in order. */
    List<String> errors(Json value, String path) {
        List<String> errors = new ArrayList<>();
        validate(value, root, path, errors);
        return errors;
    }

    private static void validate(Json value, JsonObject schema, String path, List<String> errors) {
        if (value.isNull() && schema.bool("nullable", false)) {
            return;
        }
        String type = schema.text("type", "");
        boolean intOrString = schema.bool("x-kubernetes-int-or-string", false);
        if (!type.isEmpty() && !intOrString && !isOfType(value, type)) {
            errors.add(path + ": Invalid value: \"" + typeOf(value) + "\": " + path + " in body must be of type " + type
                    + ": \"" + typeOf(value) + "\"");
            return;
        }
        JsonArray allowed = schema.array("enum");
        if (!allowed.isEmpty() && !allowed.items().contains(value)) {
            errors.add(path + ": Unsupported value: " + value.toJson() + ": supported values: " + joined(allowed));
        }
        switch (value.kind()) {
            case OBJECT -> validateObject((JsonObject) value, schema, path, errors);
            case ARRAY -> validateArray((JsonArray) value, schema, path, errors);
            case STRING -> validateString(((JsonString) value).value(), schema, path, errors);
            case NUMBER -> validateNumber((JsonNumber) value, schema, path, errors);
            case NULL, BOOL -> validateCombined(value, schema, path, errors);
        }
        if (value.kind() != Json.Kind.NULL && value.kind() != Json.Kind.BOOL) {
            validateCombined(value, schema, path, errors);
        }
    }

    private static void validateObject(JsonObject object, JsonObject schema, String path, List<String> errors) {
        for (Json name : schema.array("required")) {
            String required = name.textOrNull();
            if (required != null && !object.has(required)) {
                errors.add(path + "." + required + ": Required value");
            }
        }
        JsonObject properties = schema.object("properties");
        for (Map.Entry<String, Json> member : object.asMap().entrySet()) {
            Json child = properties.get(member.getKey());
            if (child == null) {
                child = schema.get("additionalProperties");
            }
            if (child instanceof JsonObject childSchema) {
                validate(member.getValue(), childSchema, path + "." + member.getKey(), errors);
            }
        }
        bound(object.size(), schema, "minProperties", "maxProperties", path, errors);
    }

    private static void validateArray(JsonArray array, JsonObject schema, String path, List<String> errors) {
        if (schema.get("items") instanceof JsonObject items) {
            for (int i = 0; i < array.size(); i++) {
                validate(array.get(i), items, path + "[" + i + "]", errors);
            }
        }
        bound(array.size(), schema, "minItems", "maxItems", path, errors);
    }

    private static void validateString(String text, JsonObject schema, String path, List<String> errors) {
        bound(text.codePointCount(0, text.length()), schema, "minLength", "maxLength", path, errors);
        String pattern = schema.text("pattern");
        if (pattern != null) {
            try {
                if (!Pattern.compile(pattern).matcher(text).find()) {
                    errors.add(path + ": Invalid value: " + Json.of(text).toJson() + ": " + path
                            + " in body should match '" + pattern + "'");
                }
            } catch (PatternSyntaxException e) {
                errors.add(path + ": Invalid pattern '" + pattern + "'");
            }
        }
    }

    private static void validateNumber(JsonNumber number, JsonObject schema, String path, List<String> errors) {
        if (schema.get("minimum") instanceof JsonNumber least) {
            int order = number.compareTo(least);
            if (order < 0 || (order == 0 && schema.bool("exclusiveMinimum", false))) {
                errors.add(path + ": Invalid value: " + number + ": " + path
                        + " in body should be greater than or equal to " + least);
            }
        }
        if (schema.get("maximum") instanceof JsonNumber most) {
            int order = number.compareTo(most);
            if (order > 0 || (order == 0 && schema.bool("exclusiveMaximum", false))) {
                errors.add(path + ": Invalid value: " + number + ": " + path
                        + " in body should be less than or equal to " + most);
            }
        }
    }

    private static void validateCombined(Json value, JsonObject schema, String path, List<String> errors) {
        for (Json part : schema.array("allOf")) {
            if (part instanceof JsonObject child) {
                validate(value, child, path, errors);
            }
        }
        JsonArray any = schema.array("anyOf");
        if (!any.isEmpty() && matching(value, any) == 0) {
            errors.add(path + ": Invalid value: " + path + " in body must validate at least one schema (anyOf)");
        }
        JsonArray one = schema.array("oneOf");
        if (!one.isEmpty() && matching(value, one) != 1) {
            errors.add(path + ": Invalid value: " + path + " in body must validate one and only one schema (oneOf)");
        }
        if (schema.get("not") instanceof JsonObject not && matches(value, not)) {
            errors.add(path + ": Invalid value: " + path + " in body must not validate the schema (not)");
        }
    }

    private static int matching(Json value, JsonArray schemas) {
        int count = 0;
        for (Json schema : schemas) {
            count += schema instanceof JsonObject child && matches(value, child) ? 1 : 0;
        }
        return count;
    }

    private static boolean matches(Json value, JsonObject schema) {
        List<String> errors = new ArrayList<>();
        validate(value, schema, "", errors);
        return errors.isEmpty();
    }

    private static void bound(
            int size, JsonObject schema, String least, String most, String path, List<String> errors) {
        if (schema.get(least) instanceof JsonNumber bound && size < bound.intValueOr(0)) {
            errors.add(path + ": Invalid value: " + path + " in body should have at least " + bound);
        }
        if (schema.get(most) instanceof JsonNumber bound && size > bound.intValueOr(Integer.MAX_VALUE)) {
            errors.add(path + ": Invalid value: " + path + " in body should have at most " + bound);
        }
    }

    private static boolean isOfType(Json value, String type) {
        return switch (type) {
            case "object" -> value instanceof JsonObject;
            case "array" -> value instanceof JsonArray;
            case "string" -> value instanceof JsonString;
            case "boolean" -> value instanceof JsonBool;
            case "integer" -> value instanceof JsonNumber number && number.isWhole();
            case "number" -> value instanceof JsonNumber;
            case "null" -> value.isNull();
            default -> true;
        };
    }

    private static String typeOf(Json value) {
        return switch (value.kind()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOL -> "boolean";
            case NUMBER -> ((JsonNumber) value).isWhole() ? "integer" : "number";
            case NULL -> "null";
        };
    }

    private static String joined(JsonArray values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.toJson()));
        return String.join(", ", texts);
    }
}
