package io.gitops4j.rego.builtin;

import io.gitops4j.rego.builtin.GraphqlLexer.Token;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A schema, checked: every type that is named exists and is of the right kind. */
final class GraphqlSchema {
    private static final List<String> SCALARS = List.of("Int", "Float", "String", "Boolean", "ID");
    private static final List<String> INTROSPECTION = List.of(
            "__Schema",
            "__Type",
            "__Field",
            "__InputValue",
            "__EnumValue",
            "__Directive",
            "__TypeKind",
            "__DirectiveLocation");

    /** A type with its members. */
    static final class Type {
        final String kind;
        final String name;
        final Map<String, ObjectValue> fields = new LinkedHashMap<>();
        final Set<String> interfaces = new LinkedHashSet<>();
        final Set<String> members = new LinkedHashSet<>();
        final Set<String> values = new LinkedHashSet<>();

        Type(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        boolean isLeaf() {
            return kind.equals("SCALAR") || kind.equals("ENUM");
        }

        boolean isInput() {
            return isLeaf() || kind.equals("INPUT_OBJECT");
        }
    }

    final Map<String, Type> types = new LinkedHashMap<>();
    final Map<String, ObjectValue> directives = new LinkedHashMap<>();
    private final Map<String, String> roots = new LinkedHashMap<>();
    private final Map<Value, Token> places;

    private GraphqlSchema(Map<Value, Token> places) {
        this.places = places;
    }

    static GraphqlSchema of(ObjectValue tree, Map<Value, Token> places) {
        GraphqlSchema schema = new GraphqlSchema(places);
        for (String scalar : SCALARS) {
            schema.types.put(scalar, new Type("SCALAR", scalar));
        }
        for (String name : INTROSPECTION) {
            schema.types.put(name, new Type("OBJECT", name));
        }
        schema.collect(tree);
        schema.check(tree);
        return schema;
    }

    static List<ObjectValue> list(@Nullable ObjectValue node, String key) {
        List<ObjectValue> out = new ArrayList<>();
        if (node != null && node.get(key) instanceof ArrayValue array) {
            for (Value item : array.toArray()) {
                if (item instanceof ObjectValue object) {
                    out.add(object);
                }
            }
        }
        return out;
    }

    static List<String> texts(ObjectValue node, String key) {
        List<String> out = new ArrayList<>();
        if (node.get(key) instanceof ArrayValue array) {
            for (Value item : array.toArray()) {
                out.add(item.display());
            }
        }
        return out;
    }

    static String text(ObjectValue node, String key) {
        return node.get(key) instanceof StringValue text ? text.text() : "";
    }

    private BuiltinException error(Value node, String text) {
        Token place = places.get(node);
        return place == null
                ? BuiltinException.of(text + " in GraphQL string at location 1:1")
                : GraphqlParser.error(place, text);
    }

    private void collect(ObjectValue tree) {
        for (ObjectValue definition : list(tree, "Definitions")) {
            String name = text(definition, "Name");
            if (types.containsKey(name)) {
                throw error(definition, "Cannot redeclare type " + name + ".");
            }
            Type type = new Type(text(definition, "Kind"), name);
            types.put(name, type);
            add(type, definition);
        }
        for (ObjectValue extension : list(tree, "Extensions")) {
            String name = text(extension, "Name");
            String kind = text(extension, "Kind");
            Type type = types.computeIfAbsent(name, any -> new Type(kind, name));
            if (!type.kind.equals(kind)) {
                throw error(
                        extension,
                        "Cannot extend type " + name + " because the base type is a " + type.kind + ", not " + kind
                                + ".");
            }
            add(type, extension);
        }
        for (ObjectValue directive : list(tree, "Directives")) {
            if (directives.put(text(directive, "Name"), directive) != null) {
                throw error(directive, "Cannot redeclare directive " + text(directive, "Name") + ".");
            }
        }
    }

    private static void add(Type type, ObjectValue definition) {
        for (ObjectValue field : list(definition, "Fields")) {
            type.fields.put(text(field, "Name"), field);
        }
        type.interfaces.addAll(texts(definition, "Interfaces"));
        type.members.addAll(texts(definition, "Types"));
        for (ObjectValue value : list(definition, "EnumValues")) {
            type.values.add(text(value, "Name"));
        }
    }

    private void check(ObjectValue tree) {
        List<ObjectValue> schemas = list(tree, "Schema");
        if (schemas.size() > 1) {
            throw error(
                    schemas.get(1), "Cannot have multiple schema entry points, consider schema extensions instead.");
        }
        for (List<ObjectValue> some : List.of(schemas, list(tree, "SchemaExtension"))) {
            for (ObjectValue schema : some) {
                for (ObjectValue root : list(schema, "OperationTypes")) {
                    String name = text(root, "Type");
                    if (!types.containsKey(name)) {
                        throw error(
                                root,
                                "Schema root " + text(root, "Operation") + " refers to a type " + name
                                        + " that does not exist.");
                    }
                    roots.put(text(root, "Operation"), name);
                }
                checkDirectives(schema);
            }
        }
        if (schemas.isEmpty()) {
            for (String operation : List.of("Query", "Mutation", "Subscription")) {
                if (types.containsKey(operation)) {
                    roots.putIfAbsent(StringBuiltins.lower(operation), operation);
                }
            }
        }
        for (String part : List.of("Definitions", "Extensions")) {
            for (ObjectValue definition : list(tree, part)) {
                definition(definition);
            }
        }
        for (ObjectValue directive : list(tree, "Directives")) {
            if (text(directive, "Name").startsWith("__")) {
                throw error(
                        directive,
                        "Name \"" + text(directive, "Name")
                                + "\" must not begin with \"__\", which is reserved by GraphQL introspection.");
            }
            for (ObjectValue argument : list(directive, "Arguments")) {
                input(argument);
            }
        }
    }

    private void definition(ObjectValue definition) {
        String name = text(definition, "Name");
        Type type = types.getOrDefault(name, new Type("", name));
        if (name.startsWith("__")) {
            throw error(
                    definition,
                    "Name \"" + name + "\" must not begin with \"__\", which is reserved by GraphQL introspection.");
        }
        checkDirectives(definition);
        for (ObjectValue field : list(definition, "Fields")) {
            if (text(field, "Name").startsWith("__")) {
                throw error(
                        field,
                        "Name \"" + text(field, "Name")
                                + "\" must not begin with \"__\", which is reserved by GraphQL introspection.");
            }
            checkDirectives(field);
            if (type.kind.equals("INPUT_OBJECT")) {
                input(field);
                continue;
            }
            Type of = named(field);
            if (of.kind.equals("INPUT_OBJECT")) {
                throw error(field, of.kind + " " + of.name + ": cannot use input type as output");
            }
            for (ObjectValue argument : list(field, "Arguments")) {
                input(argument);
            }
        }
        for (String implemented : type.interfaces) {
            implementation(definition, type, implemented);
        }
        for (String member : type.members) {
            Type of = types.get(member);
            if (of == null) {
                throw error(definition, "Undefined type " + GoQuote.quote(member) + ".");
            }
            if (!of.kind.equals("OBJECT")) {
                throw error(definition, "UNION type " + GoQuote.quote(member) + " must be OBJECT.");
            }
        }
        boolean hasFields = List.of("OBJECT", "INTERFACE", "INPUT_OBJECT").contains(type.kind);
        if (hasFields && type.fields.isEmpty()) {
            throw error(definition, type.kind + " " + name + ": must define one or more fields.");
        }
        if (type.kind.equals("ENUM") && type.values.isEmpty()) {
            throw error(definition, "ENUM " + name + ": must define one or more unique enum values.");
        }
        if (type.kind.equals("UNION") && type.members.isEmpty()) {
            throw error(definition, "UNION " + name + ": must define one or more unique member types.");
        }
    }

    private void implementation(ObjectValue definition, Type type, String implemented) {
        Type of = types.get(implemented);
        if (of == null) {
            throw error(definition, "Undefined type " + GoQuote.quote(implemented) + ".");
        }
        if (!of.kind.equals("INTERFACE")) {
            throw error(definition, GoQuote.quote(implemented) + " is a non interface type " + of.kind + ".");
        }
        for (String field : of.fields.keySet()) {
            if (!type.fields.containsKey(field)) {
                throw error(
                        definition,
                        "For " + type.name + " to implement " + implemented + " it must have a field called " + field
                                + ".");
            }
        }
        for (String deeper : of.interfaces) {
            if (!type.interfaces.contains(deeper)) {
                throw error(
                        definition,
                        "Type " + type.name + " must implement " + deeper + " because it is implemented by "
                                + implemented + ".");
            }
        }
    }

    private void input(ObjectValue argument) {
        Type of = named(argument);
        if (!of.isInput()) {
            throw error(
                    argument,
                    "cannot use " + text(argument, "Name") + " as argument " + of.name + " because " + of.kind
                            + " is not a valid input type");
        }
        checkDirectives(argument);
    }

    private Type named(ObjectValue node) {
        String name = namedType(node.get("Type"));
        Type type = types.get(name);
        if (type == null) {
            throw error(node, "Undefined type " + name + ".");
        }
        return type;
    }

    private void checkDirectives(ObjectValue node) {
        for (ObjectValue directive : list(node, "Directives")) {
            if (!isDirective(text(directive, "Name"))) {
                throw error(directive, "Undefined directive " + text(directive, "Name") + ".");
            }
        }
    }

    boolean isDirective(String name) {
        return directives.containsKey(name)
                || List.of("include", "skip", "deprecated", "specifiedBy", "defer", "oneOf")
                        .contains(name);
    }

    static String namedType(@Nullable Value type) {
        Value at = type;
        while (at instanceof ObjectValue object && object.get("Elem") instanceof ObjectValue element) {
            at = element;
        }
        return at instanceof ObjectValue object ? text(object, "NamedType") : "";
    }

    static String shown(@Nullable Value type) {
        if (!(type instanceof ObjectValue object)) {
            return "";
        }
        String name = object.get("Elem") instanceof ObjectValue element
                ? "[" + shown(element) + "]"
                : text(object, "NamedType");
        return name + (object.get("NonNull") == io.gitops4j.rego.value.BoolValue.TRUE ? "!" : "");
    }

    @Nullable
    Type root(String operation) {
        String name = roots.get(operation);
        return name == null ? null : types.get(name);
    }
}
