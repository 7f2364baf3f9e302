package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoJson;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON schema, drafts 4 to 7, with the texts of the validator that OPA uses. Only references inside the schema are followed. */
final class JsonSchema {
    /** One violation. */
    record Failure(String type, String field, String text) {}

    private static final List<String> TYPES =
            List.of("array", "boolean", "integer", "number", "null", "object", "string");
    private static final int DEEPEST = 200;

    private final Value root;
    private final BuiltinContext context;

    private JsonSchema(Value root, BuiltinContext context) {
        this.root = root;
        this.context = context;
    }

    static JsonSchema of(Value schema, BuiltinContext context) {
        JsonSchema made = new JsonSchema(schema, context);
        made.verify(schema, 0);
        return made;
    }

    private void verify(@Nullable Value schema, int depth) {
        if (!(schema instanceof ObjectValue object) || depth > DEEPEST) {
            return;
        }
        Value type = object.get("type");
        for (Value one : type instanceof ArrayValue several
                ? several.toArray()
                : type == null ? new Value[0] : new Value[] {type}) {
            if (!(one instanceof StringValue name)) {
                throw BuiltinException.of("Invalid type. Expected: string/array of strings, given: type");
            }
            if (!TYPES.contains(name.text())) {
                throw BuiltinException.of("has a primitive type that is NOT VALID -- given: /" + name.text()
                        + "/ Expected valid values are:[" + String.join(" ", TYPES) + "]");
            }
        }
        if (object.get("pattern") instanceof StringValue pattern) {
            context.regex(pattern.text());
        }
        for (String key : List.of("properties", "patternProperties", "definitions", "$defs")) {
            if (object.get(key) instanceof ObjectValue members) {
                for (int position : members.order()) {
                    verify(members.valueAt(position), depth + 1);
                }
            }
        }
        for (String key : List.of(
                "items",
                "additionalProperties",
                "additionalItems",
                "not",
                "if",
                "then",
                "else",
                "contains",
                "propertyNames")) {
            verify(object.get(key), depth + 1);
        }
        for (String key : List.of("allOf", "anyOf", "oneOf", "items")) {
            if (object.get(key) instanceof ArrayValue several) {
                for (Value one : several.toArray()) {
                    verify(one, depth + 1);
                }
            }
        }
    }

    List<Failure> validate(Value document) {
        List<Failure> failures = new ArrayList<>();
        check(root, document, "(Root)", failures, 0);
        return failures;
    }

    private boolean holds(Value schema, Value value, String field, int depth) {
        List<Failure> failures = new ArrayList<>();
        check(schema, value, field, failures, depth + 1);
        return failures.isEmpty();
    }

    private static String type(Value value) {
        return value instanceof NumberValue number
                ? number.isWhole() ? "integer" : "number"
                : value.typeName().equals("set") ? "array" : value.typeName();
    }

    private void check(Value schema, Value value, String field, List<Failure> out, int depth) {
        context.step(1);
        if (depth > DEEPEST) {
            throw BuiltinException.of("schema nests too deeply");
        }
        if (schema == BoolValue.FALSE) {
            out.add(new Failure("false", field, "False always fails validation"));
            return;
        }
        if (!(schema instanceof ObjectValue object)) {
            return;
        }
        if (object.get("$ref") instanceof StringValue ref) {
            check(resolve(ref.text()), value, field, out, depth + 1);
            return;
        }
        Value type = object.get("type");
        if (type != null && !ofType(type, value)) {
            String expected = type instanceof ArrayValue several
                    ? String.join(
                            ",",
                            Arrays.stream(several.toArray()).map(Value::display).toList())
                    : type.display();
            out.add(new Failure(
                    "invalid_type", field, "Invalid type. Expected: " + expected + ", given: " + type(value)));
            return;
        }
        combine(object, value, field, out, depth);
        enumerate(object, value, field, out);
        if (value instanceof NumberValue number) {
            number(object, number, field, out);
        } else if (value instanceof StringValue text) {
            string(object, text.text(), field, out);
        } else if (value instanceof ArrayValue array) {
            array(object, array, field, out, depth);
        } else if (value instanceof ObjectValue members) {
            object(object, members, field, out, depth);
        }
    }

    private static boolean ofType(Value type, Value value) {
        String is = type(value);
        for (Value one : type instanceof ArrayValue several ? several.toArray() : new Value[] {type}) {
            String name = one.display();
            if (name.equals(is) || (name.equals("number") && is.equals("integer"))) {
                return true;
            }
        }
        return false;
    }

    private Value resolve(String ref) {
        if (!ref.startsWith("#")) {
            throw BuiltinException.of("remote reference loading disabled: " + ref);
        }
        Value at = root;
        for (String part : StringBuiltins.split(ref.substring(1), "/", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            String key = part.replace("~1", "/").replace("~0", "~");
            Value below = at instanceof ArrayValue array && key.matches("[0-9]{1,6}")
                    ? array.get(NumberValue.parse(key))
                    : at.get(new StringValue(key));
            if (below == null) {
                throw BuiltinException.of("Object has no key '" + key + "'");
            }
            at = below;
        }
        return at;
    }

    private void combine(ObjectValue schema, Value value, String field, List<Failure> out, int depth) {
        if (schema.get("anyOf") instanceof ArrayValue several
                && Arrays.stream(several.toArray()).noneMatch(one -> holds(one, value, field, depth))) {
            out.add(new Failure("number_any_of", field, "Must validate at least one schema (anyOf)"));
        }
        if (schema.get("oneOf") instanceof ArrayValue several
                && Arrays.stream(several.toArray())
                                .filter(one -> holds(one, value, field, depth))
                                .count()
                        != 1) {
            out.add(new Failure("number_one_of", field, "Must validate one and only one schema (oneOf)"));
        }
        if (schema.get("allOf") instanceof ArrayValue several) {
            int before = out.size();
            for (Value one : several.toArray()) {
                check(one, value, field, out, depth + 1);
            }
            if (out.size() > before) {
                out.add(new Failure("number_all_of", field, "Must validate all the schemas (allOf)"));
            }
        }
        Value not = schema.get("not");
        if (not != null && holds(not, value, field, depth)) {
            out.add(new Failure("number_not", field, "Must not validate the schema (not)"));
        }
        Value condition = schema.get("if");
        if (condition != null) {
            boolean then = holds(condition, value, field, depth);
            Value branch = schema.get(then ? "then" : "else");
            if (branch != null && !holds(branch, value, field, depth)) {
                check(branch, value, field, out, depth + 1);
                out.add(new Failure(
                        then ? "condition_then" : "condition_else",
                        field,
                        "Must validate \"" + (then ? "then" : "else") + "\" as \"if\" was "
                                + (then ? "valid" : "not valid")));
            }
        }
    }

    private static String join(String field, String name) {
        return field.equals("(Root)") ? name : field + "." + name;
    }

    private static void enumerate(ObjectValue schema, Value value, String field, List<Failure> out) {
        Value only = schema.get("const");
        if (only != null && !only.equals(value)) {
            out.add(new Failure("const", field, field + " does not match: " + GoJson.text(only)));
        }
        if (schema.get("enum") instanceof ArrayValue allowed
                && !Arrays.asList(allowed.toArray()).contains(value)) {
            out.add(new Failure(
                    "enum",
                    field,
                    field + " must be one of the following: "
                            + String.join(
                                    ", ",
                                    Arrays.stream(allowed.toArray())
                                            .map(GoJson::text)
                                            .toList())));
        }
    }

    private static void number(ObjectValue schema, NumberValue value, String field, List<Failure> out) {
        if (schema.get("multipleOf") instanceof NumberValue unit
                && unit.signum() > 0
                && value.decimal().remainder(unit.decimal()).signum() != 0) {
            out.add(new Failure("multiple_of", field, "Must be a multiple of " + unit.lexeme()));
        }
        boolean openTop = schema.get("exclusiveMaximum") == BoolValue.TRUE;
        boolean openBottom = schema.get("exclusiveMinimum") == BoolValue.TRUE;
        bound(schema.get("maximum"), value, openTop, true, field, out);
        bound(schema.get("exclusiveMaximum"), value, true, true, field, out);
        bound(schema.get("minimum"), value, openBottom, false, field, out);
        bound(schema.get("exclusiveMinimum"), value, true, false, field, out);
    }

    private static void bound(
            @Nullable Value bound, NumberValue value, boolean open, boolean top, String field, List<Failure> out) {
        if (!(bound instanceof NumberValue limit)) {
            return;
        }
        int order = value.compareTo(limit) * (top ? 1 : -1);
        if (order > 0 || (open && order == 0)) {
            String word = top ? "less" : "greater";
            out.add(new Failure(
                    top ? open ? "number_lt" : "number_lte" : open ? "number_gt" : "number_gte",
                    field,
                    "Must be " + word + " than " + (open ? "" : "or equal to ") + limit.lexeme()));
        }
    }

    private void string(ObjectValue schema, String text, String field, List<Failure> out) {
        int length = text.codePointCount(0, text.length());
        if (schema.get("minLength") instanceof NumberValue least && length < least.longValue()) {
            out.add(new Failure(
                    "string_gte", field, "String length must be greater than or equal to " + least.lexeme()));
        }
        if (schema.get("maxLength") instanceof NumberValue most && length > most.longValue()) {
            out.add(new Failure("string_lte", field, "String length must be less than or equal to " + most.lexeme()));
        }
        if (schema.get("pattern") instanceof StringValue pattern
                && !context.regex(pattern.text()).find(text)) {
            out.add(new Failure("pattern", field, "Does not match pattern '" + pattern.text() + "'"));
        }
    }

    private void array(ObjectValue schema, ArrayValue array, String field, List<Failure> out, int depth) {
        Value items = schema.get("items");
        if (items instanceof ArrayValue tuple) {
            for (int i = 0; i < array.size(); i++) {
                if (i < tuple.size()) {
                    check(tuple.at(i), array.at(i), join(field, Integer.toString(i)), out, depth + 1);
                } else if (schema.get("additionalItems") == BoolValue.FALSE) {
                    out.add(new Failure("array_no_additional_items", field, "No additional items allowed on array"));
                    break;
                } else if (schema.get("additionalItems") instanceof ObjectValue more) {
                    check(more, array.at(i), join(field, Integer.toString(i)), out, depth + 1);
                }
            }
        } else if (items != null) {
            for (int i = 0; i < array.size(); i++) {
                check(items, array.at(i), join(field, Integer.toString(i)), out, depth + 1);
            }
        }
        if (schema.get("minItems") instanceof NumberValue least && array.size() < least.longValue()) {
            out.add(new Failure("array_min_items", field, "Array must have at least " + least.lexeme() + " items"));
        }
        if (schema.get("maxItems") instanceof NumberValue most && array.size() > most.longValue()) {
            out.add(new Failure("array_max_items", field, "Array must have at most " + most.lexeme() + " items"));
        }
        Set<Value> seen = new LinkedHashSet<>(Arrays.asList(array.toArray()));
        if (schema.get("uniqueItems") == BoolValue.TRUE && seen.size() < array.size()) {
            out.add(new Failure("unique", field, "array items[0,1] must be unique"));
        }
        Value contains = schema.get("contains");
        if (contains != null && Arrays.stream(array.toArray()).noneMatch(item -> holds(contains, item, field, depth))) {
            out.add(new Failure("contains", field, "At least one of the items must match"));
        }
    }

    private void object(ObjectValue schema, ObjectValue members, String field, List<Failure> out, int depth) {
        if (schema.get("required") instanceof ArrayValue required) {
            for (Value name : required.toArray()) {
                if (members.get(name) == null) {
                    out.add(new Failure("required", field, name.display() + " is required"));
                }
            }
        }
        if (schema.get("minProperties") instanceof NumberValue least && members.size() < least.longValue()) {
            out.add(new Failure("array_min_properties", field, "Must have at least " + least.lexeme() + " properties"));
        }
        if (schema.get("maxProperties") instanceof NumberValue most && members.size() > most.longValue()) {
            out.add(new Failure("array_max_properties", field, "Must have at most " + most.lexeme() + " properties"));
        }
        ObjectValue properties = schema.get("properties") instanceof ObjectValue given ? given : ObjectValue.empty();
        ObjectValue patterns =
                schema.get("patternProperties") instanceof ObjectValue given ? given : ObjectValue.empty();
        Value additional = schema.get("additionalProperties");
        for (int position : members.order()) {
            String name = GoJson.keyText(members.keyAt(position));
            Value value = members.valueAt(position);
            Value own = properties.get(name);
            boolean known = own != null;
            if (own != null) {
                check(own, value, join(field, name), out, depth + 1);
            }
            for (int pattern : patterns.order()) {
                if (context.regex(GoJson.keyText(patterns.keyAt(pattern))).find(name)) {
                    known = true;
                    check(patterns.valueAt(pattern), value, join(field, name), out, depth + 1);
                }
            }
            if (!known && additional == BoolValue.FALSE) {
                out.add(new Failure(
                        "additional_property_not_allowed", field, "Additional property " + name + " is not allowed"));
            } else if (!known && additional instanceof ObjectValue) {
                check(additional, value, join(field, name), out, depth + 1);
            }
            Value names = schema.get("propertyNames");
            if (names != null && !holds(names, new StringValue(name), field, depth)) {
                out.add(new Failure(
                        "invalid_property_name", field, "Property name of " + GoQuote.quote(name) + " does not match"));
            }
        }
        dependencies(schema, members, field, out, depth);
    }

    private void dependencies(ObjectValue schema, ObjectValue members, String field, List<Failure> out, int depth) {
        if (!(schema.get("dependencies") instanceof ObjectValue dependencies)) {
            return;
        }
        for (int position : dependencies.order()) {
            if (members.get(dependencies.keyAt(position)) == null) {
                continue;
            }
            Value demand = dependencies.valueAt(position);
            if (demand instanceof ArrayValue names) {
                for (Value name : names.toArray()) {
                    if (members.get(name) == null) {
                        out.add(new Failure("missing_dependency", field, "Has a dependency on " + name.display()));
                    }
                }
            } else if (!(demand instanceof NullValue)) {
                check(demand, members, field, out, depth + 1);
            }
        }
    }
}
