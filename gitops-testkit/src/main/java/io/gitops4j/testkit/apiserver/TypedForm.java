package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.quantity.Quantity;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.Scalar;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an object of a built-in kind after the server has read it into its own types and written it again: unknown
 * fields are gone, what means nothing is gone, what is always written is there, quantities are canonical.
 */
final class TypedForm {
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final Set<String> INT64 = Set.of(
            "terminationGracePeriodSeconds",
            "activeDeadlineSeconds",
            "runAsUser",
            "runAsGroup",
            "fsGroup",
            "supplementalGroups",
            "expirationSeconds",
            "observedGeneration",
            "generation",
            "tolerationSeconds",
            "deletionGracePeriodSeconds",
            "maxLength",
            "minLength",
            "maxItems",
            "minItems",
            "maxProperties",
            "minProperties",
            "startingDeadlineSeconds");
    private static final Set<String> BYTES = Set.of("data", "binaryData", "caBundle");

    private final ZeroValues zeros = ZeroValues.v1_36();
    private final boolean unstructured;
    private final List<String> unknown = new ArrayList<>();
    private final Deque<String> structPath = new ArrayDeque<>();
    private String struct = "";

    /**
     * A reading.
     *
     * @param unstructured whether the object comes from a merge inside the server, which converts without JSON: numbers too
     *     big for their field wrap around, and the errors read differently
     */
    TypedForm(boolean unstructured) {
        this.unstructured = unstructured;
    }

    /** The value is of another shape than the type; the message is that of the server's JSON reader. */
    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String why;

        Mismatch(String message) {
            super(message, null, false, false);
            this.why = message;
        }

        String why() {
            return why;
        }
    }

    /** Paths of the fields that the type does not have, as far as read. */
    List<String> unknownFields() {
        return unknown;
    }

    /**
     * The object as the server writes it.
     *
     * @throws Mismatch when a value is of another shape than its type
     */
    JsonObject read(SchemaType type, JsonObject object) {
        MapSchema map = type.map();
        if (map == null) {
            return object;
        }
        return struct(type, map, object, "");
    }

    private JsonObject struct(SchemaType type, MapSchema map, JsonObject object, String path) {
        String outer = struct;
        struct = simpleName(type);
        Map<String, Json> always = zeros.of(type.name());
        JsonObject.Builder out = null;
        for (int i = 0; i < object.size(); i++) {
            String name = object.keyAt(i);
            Json value = object.valueAt(i);
            FieldSchema field = map.field(name);
            Json kept = null;
            if (field == null) {
                unknown.add(path.isEmpty() ? name : path + "." + name);
            } else {
                structPath.addLast(name);
                Json read = value(field.type(), value, path.isEmpty() ? name : path + "." + name, name);
                structPath.removeLast();
                kept = keep(type, field, read, always.get(name));
            }
            if (out == null && kept != value) {
                out = JsonObject.builder(object.size() + 2);
                for (int j = 0; j < i; j++) {
                    out.put(object.keyAt(j), object.valueAt(j));
                }
            }
            if (out != null && kept != null) {
                out.put(name, kept);
            }
        }
        for (Map.Entry<String, Json> each : always.entrySet()) {
            boolean there = out == null ? object.has(each.getKey()) : out.has(each.getKey());
            if (!there) {
                out = out == null ? object.toBuilder() : out;
                out.put(each.getKey(), zero(map, each.getKey(), each.getValue()));
            }
        }
        for (String time : zeros.times(map)) {
            boolean there = out == null ? object.has(time) : out.has(time);
            if (!there) {
                out = out == null ? object.toBuilder() : out;
                out.put(time, Json.nul());
            }
        }
        struct = outer;
        return out == null ? object : out.build();
    }

    private Json zero(MapSchema map, String name, Json value) {
        FieldSchema field = map.field(name);
        MapSchema below = field == null ? null : field.type().map();
        return value instanceof JsonObject && field != null && below != null
                ? struct(field.type(), below, JsonObject.empty(), name)
                : value;
    }

    /** The value to write, or {@code null} for nothing. */
    private static @Nullable Json keep(SchemaType type, FieldSchema field, Json value, @Nullable Json always) {
        if (always != null) {
            if (value.isNull()) {
                return always instanceof JsonObject ? null : always;
            }
            return value;
        }
        if (value instanceof JsonArray array && array.isEmpty()) {
            return null;
        }
        if (value instanceof JsonObject object && object.isEmpty() && !isStruct(field.type())) {
            return null;
        }
        return ZeroValues.isNothing(type.name(), field.name(), value) ? null : value;
    }

    private static boolean isStruct(SchemaType type) {
        MapSchema map = type.map();
        return map != null && (!map.fields().isEmpty() || map.element() == null || type.isChoice());
    }

    private Json value(SchemaType type, Json value, String path, String field) {
        if (value.isNull() || type == SchemaType.deduced() || type == SchemaType.untypedAtomic()) {
            return value;
        }
        if (type.isChoice()) {
            return value;
        }
        MapSchema map = type.map();
        if (map != null) {
            if (!(value instanceof JsonObject object)) {
                throw mismatch(value, isStruct(type) ? "v1." + simpleName(type) : goMap(map));
            }
            return isStruct(type) ? struct(type, map, object, path) : map(map, object, path, field);
        }
        ListSchema list = type.list();
        if (list != null) {
            if (!(value instanceof JsonArray array)) {
                throw mismatch(value, "[]" + goType(list.element(), field));
            }
            return list(list, array, path, field);
        }
        return scalar(type, value, field);
    }

    private Json map(MapSchema map, JsonObject object, String path, String field) {
        SchemaType element = map.element();
        if (element == null) {
            return object;
        }
        JsonObject.Builder out = null;
        for (int i = 0; i < object.size(); i++) {
            String key = object.keyAt(i);
            Json value = object.valueAt(i);
            Json read = value(element, value, path + "." + key, field);
            if (read.isNull() && element.scalar() != null) {
                read = Json.of(element.isQuantity() ? "0" : "");
            }
            if (out == null && read != value) {
                out = object.toBuilder();
            }
            if (out != null) {
                out.put(key, read);
            }
        }
        return out == null ? object : out.build();
    }

    private Json list(ListSchema list, JsonArray array, String path, String field) {
        JsonArray.Builder out = null;
        for (int i = 0; i < array.size(); i++) {
            Json value = array.get(i);
            Json read = value(list.element(), value, path + "[" + i + "]", field);
            if (read.isNull()) {
                read = list.element().scalar() == Scalar.STRING
                        ? Json.of("")
                        : isStruct(list.element()) ? value(list.element(), JsonObject.empty(), path, field) : read;
            }
            if (out == null && read != value) {
                out = JsonArray.builder();
                for (int j = 0; j < i; j++) {
                    out.add(array.get(j));
                }
            }
            if (out != null) {
                out.add(read);
            }
        }
        return out == null ? array : out.build();
    }

    private Json scalar(SchemaType type, Json value, String field) {
        Scalar scalar = type.scalar();
        if (type.name().equals(QUANTITY)) {
            return quantity(value);
        }
        if (type.name().endsWith(".IntOrString")) {
            if (value instanceof JsonString || value instanceof JsonNumber) {
                boolean fits = !(value instanceof JsonNumber number)
                        || (number.isLong() && number.longValue() == (int) number.longValue());
                return fits
                        ? value
                        : fail("json: cannot unmarshal number " + ((JsonNumber) value).lexeme()
                                + " into Go value of type int32");
            }
            throw mismatch(value, "intstr.IntOrString");
        }
        if (scalar == Scalar.STRING || (scalar == Scalar.UNTYPED && type.name().endsWith("Time"))) {
            if (!(value instanceof JsonString)) {
                throw mismatch(value, "string");
            }
            return value;
        }
        if (scalar == Scalar.BOOLEAN && value.kind() != Json.Kind.BOOL) {
            throw mismatch(value, "bool");
        }
        if (scalar == Scalar.INTEGER || scalar == Scalar.NUMBER) {
            String goType = scalar == Scalar.NUMBER ? "float64" : INT64.contains(field) ? "int64" : "int32";
            if (!(value instanceof JsonNumber number)) {
                throw mismatch(value, goType);
            }
            if (scalar == Scalar.INTEGER && !number.isWhole()) {
                throw mismatch(value, goType);
            }
            return scalar == Scalar.INTEGER ? whole(number, goType) : value;
        }
        return value;
    }

    private Json whole(JsonNumber number, String goType) {
        boolean fits = number.isLong() && (goType.equals("int64") || number.longValue() == (int) number.longValue());
        if (fits) {
            return number;
        }
        if (!unstructured) {
            throw mismatch(number, goType);
        }
        return Json.of(
                goType.equals("int64")
                        ? number.bigInteger().longValue()
                        : number.bigInteger().intValue());
    }

    private static Json fail(String message) {
        throw new Mismatch(message);
    }

    private static Json quantity(Json value) {
        String text = value instanceof JsonNumber number ? number.lexeme() : value.textOrNull();
        if (text == null) {
            throw new Mismatch(
                    "quantities must match the regular expression" + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        Outcome<Quantity> parsed = Quantity.of(value);
        Quantity quantity = parsed.orNull();
        if (quantity == null) {
            throw new Mismatch(parsed.problems().get(0).text());
        }
        String stored = quantity.toString();
        return stored.equals(value.textOrNull()) ? value : Json.of(stored);
    }

    /** Checks that the values of a map of bytes are base64. */
    static void requireBase64(JsonObject object) {
        for (String field : BYTES) {
            JsonObject map = object.object(field);
            for (int i = 0; i < map.size(); i++) {
                String text = map.valueAt(i).textOrNull();
                if (text == null) {
                    continue;
                }
                int bad = illegalBase64(text);
                if (bad >= 0) {
                    throw new Mismatch("illegal base64 data at input byte " + bad);
                }
            }
        }
    }

    private static int illegalBase64(String text) {
        try {
            Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
            if (text.length() % 4 == 0) {
                return -1;
            }
        } catch (IllegalArgumentException notBase64) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean fine = Character.isLetterOrDigit(c) || c == '+' || c == '/';
                if (!fine) {
                    return i;
                }
            }
        }
        return text.length();
    }

    private Mismatch mismatch(Json value, String goType) {
        if (unstructured) {
            boolean plain = value.kind() != Json.Kind.OBJECT && value.kind() != Json.Kind.ARRAY;
            String is = value instanceof JsonNumber n
                    ? (n.isWhole() ? "int64" : "float64")
                    : value.kind() == Json.Kind.BOOL ? "bool" : "string";
            return new Mismatch(plain ? "cannot convert " + is + " to " + goType : "unrecognized type: " + goType);
        }
        String what = switch (value.kind()) {
            case STRING -> "string";
            case BOOL -> "bool";
            case NUMBER ->
                goType.startsWith("int") || goType.startsWith("float")
                        ? "number " + ((JsonNumber) value).lexeme()
                        : "number";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case NULL -> "null";
        };
        return new Mismatch("json: cannot unmarshal " + what + " into Go struct field " + struct + "."
                + String.join(".", structPath) + " of type " + goType);
    }

    private static String goMap(MapSchema map) {
        SchemaType element = map.element();
        return "map[string]" + (element == null ? "string" : goType(element, ""));
    }

    private static String goType(SchemaType type, String field) {
        Scalar scalar = type.scalar();
        if (type.map() != null && isStruct(type)) {
            return "v1." + simpleName(type);
        }
        if (type.name().equals(QUANTITY)) {
            return "resource.Quantity";
        }
        return scalar == null
                ? "interface {}"
                : switch (scalar) {
                    case STRING, UNTYPED -> "string";
                    case BOOLEAN -> "bool";
                    case INTEGER -> INT64.contains(field) ? "int64" : "int32";
                    case NUMBER -> "float64";
                };
    }

    private static String simpleName(SchemaType type) {
        return type.name().substring(type.name().lastIndexOf('.') + 1);
    }
}
