package io.gitops4j.schema;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.quantity.Quantity;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What is left of an object that has been read into its Go type and written again: whole floats become integers, quantities
 * their canonical text, fields left out when empty are gone. Both sides of a comparison that went through it differ only in
 * meaning. A value that does not fit the type gives the problem {@code TYPE_MISMATCH}.
 */
public final class GoRoundTrip {
    private final boolean strict;
    private final boolean json;

    private GoRoundTrip(boolean strict, boolean json) {
        this.strict = strict;
        this.json = json;
    }

    /**
     * As an object of unstructured content: unknown fields do not fit, empty maps and lists stay. Fields that the type would add
     * are not added.
     */
    public static Outcome<Json> strict(SchemaType type, Json value) {
        return new GoRoundTrip(true, false).run(type, value);
    }

    /** As JSON text: unknown fields go, empty maps and lists too, structs held by value come. */
    public static Outcome<Json> json(SchemaType type, Json value) {
        return new GoRoundTrip(false, true).run(type, value);
    }

    /** Whether the value fits the type, unknown fields aside. */
    public static boolean fits(SchemaType type, Json value) {
        return new GoRoundTrip(false, false).run(type, value).ok();
    }

    private Outcome<Json> run(SchemaType type, Json value) {
        try {
            return Outcome.of(convert(type, value, false));
        } catch (Mismatch e) {
            return Outcome.failed(Problem.error("TYPE_MISMATCH", e.text));
        }
    }

    private static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String text;

        Mismatch(String text) {
            super(text, null, false, false);
            this.text = text;
        }
    }

    private Json convert(SchemaType type, Json value, boolean bytes) {
        if (type.isChoice()) {
            return value;
        }
        if (value.isNull()) {
            return zeroOf(type);
        }
        MapSchema map = type.map();
        if (map != null) {
            if (!(value instanceof JsonObject object)) {
                throw wrong(value, type);
            }
            return map.fields().isEmpty() ? map(map, object, bytes) : struct(type, map, object);
        }
        ListSchema list = type.list();
        if (list != null) {
            if (!(value instanceof JsonArray items)) {
                throw wrong(value, type);
            }
            return list(list, items);
        }
        return scalar(type, value, bytes);
    }

    private static Mismatch wrong(Json value, SchemaType type) {
        return new Mismatch(
                "cannot read " + value.kind() + " into " + (type.name().isEmpty() ? "a value" : type.name()));
    }

    private static Json zeroOf(SchemaType type) {
        Scalar scalar = type.scalar();
        if (scalar == null) {
            return type.map() != null && !type.map().fields().isEmpty() ? JsonObject.empty() : Json.nul();
        }
        return switch (scalar) {
            case STRING -> Json.of("");
            case INTEGER, NUMBER -> Json.of(0);
            case BOOLEAN -> Json.of(false);
            case UNTYPED -> Json.nul();
        };
    }

    private Json map(MapSchema map, JsonObject object, boolean bytes) {
        SchemaType element = map.element() == null ? SchemaType.deduced() : map.element();
        JsonObject out = object;
        for (int i = 0; i < object.size(); i++) {
            out = out.with(object.keyAt(i), convert(element, object.valueAt(i), bytes));
        }
        return out;
    }

    private Json list(ListSchema list, JsonArray items) {
        JsonArray out = items;
        for (int i = 0; i < items.size(); i++) {
            out = out.with(i, convert(list.element(), items.get(i), false));
        }
        return out;
    }

    private Json struct(SchemaType type, MapSchema map, JsonObject object) {
        String name = type.name().substring(type.name().lastIndexOf('.') + 1);
        JsonObject out = object;
        for (int i = 0; i < object.size(); i++) {
            String key = object.keyAt(i);
            FieldSchema field = map.field(key);
            if (field == null) {
                if (strict) {
                    throw new Mismatch("unknown field \"" + key + "\"");
                }
                out = out.without(key);
                continue;
            }
            Json value = convert(field.type(), object.valueAt(i), GoFields.bytes(name, key));
            out = leftOut(name, field, object.valueAt(i), value) ? out.without(key) : out.with(key, value);
        }
        if (json) {
            for (FieldSchema field : map.fields()) {
                if (field.zero() != null && !out.has(field.name())) {
                    out = out.with(
                            field.name(), field.zero() instanceof JsonObject ? zeroStruct(field.type()) : field.zero());
                }
            }
        }
        return out;
    }

    private static Json zeroStruct(SchemaType type) {
        return KubernetesSchema.zero(type);
    }

    private boolean leftOut(String type, FieldSchema field, Json given, Json value) {
        String name = field.name();
        if (given.isNull()) {
            // a struct held by value is written whatever it holds
            return field.zero() == null && !GoFields.requiredList(type, name);
        }
        if (field.zero() != null) {
            return false;
        }
        if (value instanceof JsonString text) {
            return text.value().isEmpty() && field.type().scalar() == Scalar.STRING && !GoFields.keptEmpty(type, name);
        }
        if (value instanceof JsonNumber number) {
            return number.decimal().signum() == 0 && GoFields.zeroLeftOut(type, name);
        }
        if (value instanceof JsonBool) {
            return value == JsonBool.FALSE && GoFields.zeroLeftOut(type, name);
        }
        if (!json || GoFields.requiredList(type, name)) {
            return false;
        }
        boolean plainMap = field.type().map() != null
                && field.type().map().fields().isEmpty()
                && !field.type().isChoice();
        return (value instanceof JsonArray array && array.isEmpty())
                || (plainMap && value instanceof JsonObject object && object.isEmpty());
    }

    private static Json scalar(SchemaType type, Json value, boolean bytes) {
        Scalar scalar = type.scalar() == null ? Scalar.UNTYPED : type.scalar();
        switch (scalar) {
            case STRING -> {
                if (!(value instanceof JsonString text)) {
                    throw wrong(value, type);
                }
                if (bytes) {
                    checkBase64(text.value());
                }
                return value;
            }
            case INTEGER -> {
                if (!(value instanceof JsonNumber number) || !number.isWhole() || !fitsLong(number)) {
                    throw wrong(value, type);
                }
                return plain(number);
            }
            case NUMBER -> {
                if (!(value instanceof JsonNumber number)) {
                    throw wrong(value, type);
                }
                return number.isWhole() && fitsLong(number) ? plain(number) : number;
            }
            case BOOLEAN -> {
                if (!(value instanceof JsonBool)) {
                    throw wrong(value, type);
                }
                return value;
            }
            case UNTYPED -> {
                return untyped(type, value);
            }
        }
        throw new IllegalStateException("unknown scalar " + scalar);
    }

    private static Json untyped(SchemaType type, Json value) {
        String name = type.name();
        if (type.isQuantity()) {
            Outcome<Quantity> read = Quantity.of(value);
            if (!read.ok()) {
                throw new Mismatch(read.problems().get(0).text());
            }
            return Json.of(read.orThrow().toString());
        }
        if (name.endsWith(".IntOrString")) {
            if (value instanceof JsonNumber number && number.isWhole()) {
                return plain(number);
            }
            if (!(value instanceof JsonString)) {
                throw wrong(value, type);
            }
            return value;
        }
        if (name.endsWith("meta.v1.Time") || name.endsWith("meta.v1.MicroTime")) {
            if (!(value instanceof JsonString text)) {
                throw wrong(value, type);
            }
            checkTime(text.value());
        }
        return value;
    }

    private static void checkTime(String text) {
        try {
            java.time.OffsetDateTime.parse(text);
        } catch (java.time.format.DateTimeParseException e) {
            throw new Mismatch("not a time: " + text);
        }
    }

    private static void checkBase64(String text) {
        try {
            Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
            if (text.replace("\n", "").replace("\r", "").length() % 4 != 0) {
                throw new Mismatch("illegal base64 data");
            }
        } catch (IllegalArgumentException e) {
            throw new Mismatch("illegal base64 data");
        }
    }

    private static boolean fitsLong(JsonNumber number) {
        return number.isLong() || number.decimal().abs().compareTo(new java.math.BigDecimal(Long.MAX_VALUE)) <= 0;
    }

    private static JsonNumber plain(JsonNumber number) {
        return number.lexeme().indexOf('.') < 0
                        && number.lexeme().indexOf('e') < 0
                        && number.lexeme().indexOf('E') < 0
                ? number
                : Json.of(number.longValue());
    }

    /**
     * {@code value} with only those fields that {@code given} has too, at every depth; lists item by item.
     *
     * @param given what the result may have
     */
    public static Json onlyGiven(Json given, Json value) {
        if (given instanceof JsonObject wanted && value instanceof JsonObject object) {
            JsonObject out = object;
            for (int i = 0; i < object.size(); i++) {
                String key = object.keyAt(i);
                Json known = wanted.get(key);
                out = known == null ? out.without(key) : out.with(key, onlyGiven(known, object.valueAt(i)));
            }
            return out;
        }
        if (given instanceof JsonArray wanted && value instanceof JsonArray array) {
            List<Json> items = new ArrayList<>(array.size());
            for (int i = 0; i < array.size(); i++) {
                items.add(i < wanted.size() ? onlyGiven(wanted.get(i), array.get(i)) : array.get(i));
            }
            return items.equals(array.items()) ? array : JsonArray.of(items);
        }
        return value;
    }
}
