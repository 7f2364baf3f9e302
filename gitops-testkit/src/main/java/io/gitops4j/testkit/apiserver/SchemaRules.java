package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.FieldError.Type;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A custom resource against the OpenAPI schema of its version: the subset that a CustomResourceDefinition may use, uniqueness
 * of sets and list maps, and {@code x-kubernetes-validations}. What was wrong before an update and is unchanged passes.
 *
 * <p>Source: k8s-apply §5.6.
 */
final class SchemaRules {
    private final @Nullable JsonObject schema;
    private final List<FieldError> errors = new ArrayList<>();
    private boolean rules;

    SchemaRules(@Nullable JsonObject schema) {
        this.schema = schema;
    }

    List<FieldError> check(JsonObject object, @Nullable JsonObject old) {
        JsonObject root = schema;
        if (root == null) {
            return errors;
        }
        walk(root, object, old, "", true);
        boolean blocking = errors.stream()
                .anyMatch(error -> error.type() == Type.REQUIRED
                        || error.type() == Type.TYPE_INVALID
                        || error.type() == Type.TOO_LONG
                        || error.type() == Type.TOO_MANY);
        if (hasRules(root)) {
            if (blocking) {
                errors.add(FieldError.invalidText(
                        "<nil>",
                        "null",
                        "some validation rules were not checked because the object was invalid; correct the existing errors"
                                + " to complete validation"));
            } else {
                rules = true;
                walk(root, object, old, "", true);
            }
        }
        return errors;
    }

    private static boolean hasRules(JsonObject schema) {
        if (!schema.array("x-kubernetes-validations").isEmpty()) {
            return true;
        }
        for (Json child : schema.object("properties").asMap().values()) {
            if (child instanceof JsonObject object && hasRules(object)) {
                return true;
            }
        }
        return (schema.get("items") instanceof JsonObject items && hasRules(items))
                || (schema.get("additionalProperties") instanceof JsonObject more && hasRules(more));
    }

    private void walk(JsonObject s, Json value, @Nullable Json old, String path, boolean resource) {
        if (value.isNull() && s.bool("nullable", false)) {
            return;
        }
        boolean unchanged = old != null && !rules && !resource && value.equals(old);
        if (unchanged) {
            return;
        }
        if (rules) {
            for (Json rule : s.array("x-kubernetes-validations")) {
                rule((JsonObject) rule, value, old, path);
            }
        } else if (!shape(s, value, path)) {
            return;
        }
        if (value instanceof JsonObject object) {
            object(s, object, old instanceof JsonObject o ? o : null, path, resource);
        } else if (value instanceof JsonArray array) {
            array(s, array, old instanceof JsonArray o ? o : null, path);
        }
    }

    private void rule(JsonObject rule, Json value, @Nullable Json old, String path) {
        String text = rule.text("rule", "");
        if (CelRule.usesOld(text) && old == null && !rule.bool("optionalOldSelf", false)) {
            return;
        }
        if (CelRule.holds(text, value, old)) {
            return;
        }
        String message = rule.text("message", "");
        String why = message.isEmpty() ? "failed rule: " + text : message;
        String field = rule.text("fieldPath", "");
        String at = path.isEmpty() ? field.isEmpty() ? "<nil>" : field.substring(1) : path + field;
        switch (rule.text("reason", "FieldValueInvalid")) {
            case "FieldValueForbidden" -> errors.add(FieldError.forbidden(at, why));
            case "FieldValueRequired" -> errors.add(FieldError.required(at, why));
            case "FieldValueDuplicate" -> errors.add(FieldError.duplicate(at, printed(value)));
            default -> errors.add(FieldError.invalidText(at, printed(value), why));
        }
    }

    private static String printed(Json value) {
        return switch (value.kind()) {
            case OBJECT -> "\"object\"";
            case ARRAY -> "\"array\"";
            default -> value.toJson();
        };
    }

    /** The checks of the value by itself; false when its type is wrong, so that nothing below makes sense. */
    private boolean shape(JsonObject s, Json value, String path) {
        if (!type(s, value, path)) {
            return false;
        }
        if (s.get("enum") instanceof JsonArray allowed && !allowed.items().contains(value)) {
            String[] texts = allowed.items().stream()
                    .map(each -> each.textOrNull() == null ? each.toJson() : each.textOrNull())
                    .toArray(String[]::new);
            String text = value.textOrNull() == null ? value.toJson() : value.textOrNull();
            errors.add(FieldError.notSupported(path, text, texts));
        }
        String text = value.textOrNull();
        if (text != null) {
            text(s, text, path);
        } else if (value instanceof JsonNumber number) {
            number(s, number, path);
        }
        return true;
    }

    private boolean type(JsonObject s, Json value, String path) {
        if (s.bool("x-kubernetes-int-or-string", false)) {
            boolean fine = value.textOrNull() != null || (value instanceof JsonNumber n && n.isWhole());
            return fine || wrongType("integer,string", value, path);
        }
        String type = s.text("type", "");
        boolean fine = switch (type) {
            case "object" -> value instanceof JsonObject;
            case "array" -> value instanceof JsonArray;
            case "string" -> value.textOrNull() != null;
            case "boolean" -> value.kind() == Json.Kind.BOOL;
            case "integer" -> value instanceof JsonNumber n && n.isWhole();
            case "number" -> value instanceof JsonNumber;
            default -> true;
        };
        return fine || wrongType(type, value, path);
    }

    private boolean wrongType(String type, Json value, String path) {
        String is = switch (value.kind()) {
            case NULL -> "null";
            case BOOL -> "boolean";
            case NUMBER -> ((JsonNumber) value).isWhole() ? "integer" : "number";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
        };
        errors.add(new FieldError(
                Type.TYPE_INVALID,
                path,
                "Invalid value: \"" + is + "\": " + path + " in body must be of type " + type + ": \"" + is + "\""));
        return false;
    }

    private void text(JsonObject s, String text, String path) {
        long length = text.codePointCount(0, text.length());
        if (s.get("maxLength") instanceof JsonNumber max && length > max.longValue()) {
            errors.add(new FieldError(Type.TOO_LONG, path, "Too long: may not be more than " + max + " bytes"));
        }
        if (s.get("minLength") instanceof JsonNumber min && length < min.longValue()) {
            errors.add(FieldError.invalid(path, text, path + " in body should be at least " + min + " chars long"));
        }
        String pattern = s.text("pattern", "");
        if (!pattern.isEmpty() && !matches(pattern, text)) {
            errors.add(FieldError.invalid(path, text, path + " in body should match '" + pattern + "'"));
        }
        String format = s.text("format", "");
        if (!hasFormat(format, text)) {
            errors.add(FieldError.invalid(
                    path,
                    text,
                    path + " in body must be of type " + format + ": "
                            + Json.of(text).toJson()));
        }
    }

    private static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException notJava) {
            return true;
        }
    }

    private static boolean hasFormat(String format, String text) {
        return switch (format) {
            case "date-time" -> {
                try {
                    OffsetDateTime.parse(text);
                    yield true;
                } catch (DateTimeParseException notATime) {
                    yield false;
                }
            }
            case "date" -> text.matches("\\d{4}-\\d{2}-\\d{2}");
            case "uuid" -> text.matches("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
            case "ipv4" -> text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
            case "email" -> text.contains("@");
            default -> true;
        };
    }

    private void number(JsonObject s, JsonNumber number, String path) {
        BigDecimal value = number.decimal();
        if (s.get("maximum") instanceof JsonNumber max) {
            boolean open = s.bool("exclusiveMaximum", false);
            int order = value.compareTo(max.decimal());
            if (order > 0 || (open && order == 0)) {
                errors.add(FieldError.invalid(
                        path, number, path + " in body should be less than " + (open ? "" : "or equal to ") + max));
            }
        }
        if (s.get("minimum") instanceof JsonNumber min) {
            boolean open = s.bool("exclusiveMinimum", false);
            int order = value.compareTo(min.decimal());
            if (order < 0 || (open && order == 0)) {
                errors.add(FieldError.invalid(
                        path, number, path + " in body should be greater than " + (open ? "" : "or equal to ") + min));
            }
        }
        if (s.get("multipleOf") instanceof JsonNumber step
                && step.decimal().signum() != 0
                && value.remainder(step.decimal()).signum() != 0) {
            errors.add(FieldError.invalid(path, number, path + " in body should be a multiple of " + step));
        }
    }

    private void object(JsonObject s, JsonObject object, @Nullable JsonObject old, String path, boolean resource) {
        JsonObject properties = s.object("properties");
        if (!rules) {
            boolean embedded = s.bool("x-kubernetes-embedded-resource", false);
            if (embedded) {
                for (String field : List.of("apiVersion", "kind")) {
                    if (object.text(field, "").isEmpty()) {
                        errors.add(FieldError.required(at(path, field)));
                    }
                }
            }
            for (Json required : s.array("required")) {
                String name = required.textOrNull();
                if (name != null && !object.has(name)) {
                    errors.add(FieldError.required(at(path, name)));
                }
            }
            sizes(s, object.size(), "maxProperties", "minProperties", "properties", path);
        }
        for (int i = 0; i < object.size(); i++) {
            String key = object.keyAt(i);
            if (resource && (key.equals("metadata") || key.equals("apiVersion") || key.equals("kind"))) {
                continue;
            }
            Json child = properties.get(key);
            child = child == null ? s.get("additionalProperties") : child;
            if (child instanceof JsonObject below) {
                walk(below, object.valueAt(i), old == null ? null : old.get(key), at(path, key), false);
            }
        }
    }

    private static String at(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void sizes(JsonObject s, int size, String max, String min, String what, String path) {
        if (s.get(max) instanceof JsonNumber most && size > most.longValue()) {
            errors.add(new FieldError(
                    Type.TOO_MANY, path, "Too many: " + size + ": must have at most " + most + " items"));
        }
        if (s.get(min) instanceof JsonNumber least && size < least.longValue()) {
            errors.add(FieldError.invalid(
                    path, Json.of(size), path + " in body should have at least " + least + " " + what));
        }
    }

    private void array(JsonObject s, JsonArray array, @Nullable JsonArray old, String path) {
        if (!rules) {
            sizes(s, array.size(), "maxItems", "minItems", "items", path);
            unique(s, array, path);
        }
        if (s.get("items") instanceof JsonObject items) {
            for (int i = 0; i < array.size(); i++) {
                walk(items, array.get(i), counterpart(s, array.get(i), old), path + "[" + i + "]", false);
            }
        }
    }

    /** The old item of the same keys; other lists are not followed. */
    private static @Nullable Json counterpart(JsonObject s, Json item, @Nullable JsonArray old) {
        if (old == null || !s.text("x-kubernetes-list-type", "").equals("map")) {
            return null;
        }
        Json key = key(s, item);
        for (Json each : old) {
            if (key(s, each).equals(key)) {
                return each;
            }
        }
        return null;
    }

    private static Json key(JsonObject s, Json item) {
        JsonObject.Builder key = JsonObject.builder();
        for (Json name : s.array("x-kubernetes-list-map-keys")) {
            String text = name.textOrNull();
            if (text != null && item instanceof JsonObject object) {
                key.putIfPresent(text, object.get(text));
            }
        }
        return key.build();
    }

    private void unique(JsonObject s, JsonArray array, String path) {
        String type = s.text("x-kubernetes-list-type", "");
        if (!type.equals("set") && !type.equals("map")) {
            return;
        }
        Set<Json> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            Json key = type.equals("set") ? array.get(i) : key(s, array.get(i));
            if (!seen.add(key)) {
                errors.add(FieldError.duplicate(
                        path + "[" + i + "]",
                        key instanceof JsonObject object ? object.sorted().toJson() : key.toJson()));
            }
        }
    }
}
