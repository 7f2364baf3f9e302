package io.gitops4j.rego.builtin;

import io.gitops4j.rego.builtin.GraphqlLexer.Token;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads GraphQL documents into the tree that OPA shows: the fields of gqlparser without positions and empty lists. */
final class GraphqlParser {
    private static final List<String> LOCATIONS = List.of(
            "QUERY",
            "MUTATION",
            "SUBSCRIPTION",
            "FIELD",
            "FRAGMENT_DEFINITION",
            "FRAGMENT_SPREAD",
            "INLINE_FRAGMENT",
            "SCHEMA",
            "SCALAR",
            "OBJECT",
            "FIELD_DEFINITION",
            "ARGUMENT_DEFINITION",
            "INTERFACE",
            "UNION",
            "ENUM",
            "ENUM_VALUE",
            "INPUT_OBJECT",
            "INPUT_FIELD_DEFINITION",
            "VARIABLE_DEFINITION");

    private final List<Token> tokens;
    private final Map<Value, Token> places = new IdentityHashMap<>();
    private int at;

    private GraphqlParser(String text) {
        this.tokens = GraphqlLexer.read(text);
    }

    /** A tree with the tokens at which its nodes begin. */
    record Document(ObjectValue tree, Map<Value, Token> places) {}

    static Document query(String text) {
        GraphqlParser parser = new GraphqlParser(text);
        return new Document(parser.queryDocument(), parser.places);
    }

    static Document schema(String text) {
        GraphqlParser parser = new GraphqlParser(text);
        return new Document(parser.schemaDocument(), parser.places);
    }

    // --- tokens ---

    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private Token next() {
        Token token = peek();
        at++;
        return token;
    }

    static BuiltinException error(Token token, String text) {
        return BuiltinException.of(text + " in GraphQL string at location " + token.line() + ":" + token.column());
    }

    private BuiltinException unexpected(Token token) {
        return error(token, "Unexpected " + token.shown());
    }

    private Token expect(String kind) {
        Token token = peek();
        if (token.is("<Invalid>")) {
            throw unexpected(token);
        }
        if (!token.is(kind)) {
            throw error(token, "Expected " + kind + ", found " + token.shown());
        }
        return next();
    }

    private void keyword(String word) {
        Token token = peek();
        if (!token.isName(word)) {
            throw error(token, "Expected " + GoQuote.quote(word) + ", found " + token.shown());
        }
        next();
    }

    private boolean skip(String kind) {
        if (peek().is(kind)) {
            next();
            return true;
        }
        return false;
    }

    private String name() {
        return expect("Name").text();
    }

    private List<Value> many(String open, String close, Supplier<Value> item) {
        List<Value> out = new ArrayList<>();
        if (!skip(open)) {
            return out;
        }
        while (!peek().is(close)) {
            out.add(item.get());
        }
        next();
        return out;
    }

    private List<Value> some(String open, String close, Supplier<Value> item) {
        List<Value> out = new ArrayList<>();
        if (!skip(open)) {
            return out;
        }
        while (!peek().is(close)) {
            out.add(item.get());
        }
        if (out.isEmpty()) {
            throw error(peek(), "expected at least one definition, found " + peek().kind());
        }
        next();
        return out;
    }

    private static void put(ObjectBuilder out, String key, List<Value> values) {
        if (!values.isEmpty()) {
            out.put(key, ArrayValue.of(values));
        }
    }

    private static Value text(String text) {
        return new StringValue(text);
    }

    private Value placed(Token token, ObjectBuilder node) {
        Value value = node.build();
        places.put(value, token);
        return value;
    }

    // --- queries ---

    private ObjectValue queryDocument() {
        List<Value> operations = new ArrayList<>();
        List<Value> fragments = new ArrayList<>();
        while (!peek().is("<EOF>")) {
            Token token = peek();
            if (token.is("{")) {
                ObjectBuilder out = ObjectValue.builder();
                out.put("Operation", text("query")).put("Name", text(""));
                put(out, "SelectionSet", selections(true));
                operations.add(placed(token, out));
            } else if (token.isName("query") || token.isName("mutation") || token.isName("subscription")) {
                operations.add(operation());
            } else if (token.isName("fragment")) {
                fragments.add(fragment());
            } else {
                throw unexpected(token);
            }
        }
        ObjectBuilder out = ObjectValue.builder();
        put(out, "Operations", operations);
        put(out, "Fragments", fragments);
        return out.build();
    }

    private Value operation() {
        Token token = next();
        ObjectBuilder out = ObjectValue.builder().put("Operation", text(token.text()));
        out.put("Name", text(peek().is("Name") ? next().text() : ""));
        put(out, "VariableDefinitions", many("(", ")", this::variable));
        put(out, "Directives", directives(false));
        put(out, "SelectionSet", selections(true));
        return placed(token, out);
    }

    private Value variable() {
        Token token = peek();
        expect("$");
        ObjectBuilder out = ObjectValue.builder().put("Variable", text(name()));
        expect(":");
        out.put("Type", type());
        if (skip("=")) {
            out.put("DefaultValue", value(true));
        }
        put(out, "Directives", directives(false));
        out.put("Used", BoolValue.FALSE);
        return placed(token, out);
    }

    private Value fragment() {
        Token token = next();
        if (peek().isName("on")) {
            throw unexpected(peek());
        }
        ObjectBuilder out = ObjectValue.builder().put("Name", text(name()));
        put(out, "VariableDefinition", many("(", ")", this::variable));
        keyword("on");
        out.put("TypeCondition", text(name()));
        put(out, "Directives", directives(false));
        put(out, "SelectionSet", selections(true));
        return placed(token, out);
    }

    private List<Value> selections(boolean required) {
        if (required && !peek().is("{")) {
            expect("{");
        }
        return some("{", "}", this::selection);
    }

    private Value selection() {
        Token token = peek();
        if (!token.is("...")) {
            return field();
        }
        next();
        ObjectBuilder out = ObjectValue.builder();
        if (peek().is("Name") && !peek().isName("on")) {
            out.put("Name", text(name()));
            put(out, "Directives", directives(false));
            return placed(token, out);
        }
        String condition = "";
        if (peek().isName("on")) {
            next();
            condition = name();
        }
        out.put("TypeCondition", text(condition));
        put(out, "Directives", directives(false));
        put(out, "SelectionSet", selections(true));
        return placed(token, out);
    }

    private Value field() {
        Token token = peek();
        String alias = name();
        String name = skip(":") ? name() : alias;
        ObjectBuilder out = ObjectValue.builder().put("Alias", text(alias)).put("Name", text(name));
        put(out, "Arguments", arguments(false));
        put(out, "Directives", directives(false));
        put(out, "SelectionSet", selections(false));
        return placed(token, out);
    }

    private List<Value> arguments(boolean constant) {
        return some("(", ")", () -> {
            Token token = peek();
            ObjectBuilder out = ObjectValue.builder().put("Name", text(name()));
            expect(":");
            return placed(token, out.put("Value", value(constant)));
        });
    }

    private List<Value> directives(boolean constant) {
        List<Value> out = new ArrayList<>();
        while (peek().is("@")) {
            Token token = next();
            ObjectBuilder directive = ObjectValue.builder().put("Name", text(name()));
            put(directive, "Arguments", arguments(constant));
            out.add(placed(token, directive.put("Location", text(""))));
        }
        return out;
    }

    private Value value(boolean constant) {
        Token token = peek();
        ObjectBuilder out = ObjectValue.builder().put("ExpectedTypeHasDefault", BoolValue.FALSE);
        switch (token.kind()) {
            case "[" -> {
                next();
                List<Value> items = new ArrayList<>();
                while (!skip("]")) {
                    items.add(ObjectValue.builder()
                            .put("Name", text(""))
                            .put("Value", value(constant))
                            .build());
                }
                out.put("Kind", NumberValue.of(8)).put("Raw", text(""));
                put(out, "Children", items);
            }
            case "{" -> {
                next();
                List<Value> items = new ArrayList<>();
                while (!skip("}")) {
                    ObjectBuilder child = ObjectValue.builder().put("Name", text(name()));
                    expect(":");
                    items.add(child.put("Value", value(constant)).build());
                }
                out.put("Kind", NumberValue.of(9)).put("Raw", text(""));
                put(out, "Children", items);
            }
            case "$" -> {
                if (constant) {
                    throw unexpected(token);
                }
                next();
                out.put("Kind", NumberValue.of(0)).put("Raw", text(name()));
            }
            case "Int" -> scalar(out, 1);
            case "Float" -> scalar(out, 2);
            case "String" -> scalar(out, 3);
            case "BlockString" -> scalar(out, 4);
            case "Name" -> {
                boolean bool = token.text().equals("true") || token.text().equals("false");
                scalar(out, bool ? 5 : token.text().equals("null") ? 6 : 7);
            }
            default -> throw unexpected(token);
        }
        return placed(token, out);
    }

    private void scalar(ObjectBuilder out, int kind) {
        out.put("Kind", NumberValue.of(kind)).put("Raw", text(next().text()));
    }

    private Value type() {
        Token token = peek();
        ObjectBuilder out = ObjectValue.builder();
        if (skip("[")) {
            out.put("Elem", type());
            expect("]");
            out.put("NamedType", text(""));
        } else {
            out.put("NamedType", text(name()));
        }
        return placed(token, out.put("NonNull", BoolValue.of(skip("!"))));
    }

    // --- schemas ---

    private ObjectValue schemaDocument() {
        List<Value> schemas = new ArrayList<>();
        List<Value> schemaExtensions = new ArrayList<>();
        List<Value> directives = new ArrayList<>();
        List<Value> definitions = new ArrayList<>();
        List<Value> extensions = new ArrayList<>();
        while (!peek().is("<EOF>")) {
            if (peek().is("<Invalid>")) {
                throw unexpected(peek());
            }
            boolean described = peek().is("String") || peek().is("BlockString");
            Token described1 = peek();
            String description = description();
            Token token = peek();
            if (!token.is("Name")) {
                throw unexpected(token);
            }
            switch (token.text()) {
                case "schema" -> schemas.add(schemaDefinition(description, false));
                case "directive" -> directives.add(directiveDefinition(description));
                case "extend" -> {
                    if (described) {
                        throw unexpected(described1);
                    }
                    next();
                    if (peek().isName("schema")) {
                        schemaExtensions.add(schemaDefinition("", true));
                    } else {
                        extensions.add(definition("", true));
                    }
                }
                default -> definitions.add(definition(description, false));
            }
        }
        ObjectBuilder out = ObjectValue.builder();
        put(out, "Schema", schemas);
        put(out, "SchemaExtension", schemaExtensions);
        put(out, "Directives", directives);
        put(out, "Definitions", definitions);
        put(out, "Extensions", extensions);
        return out.build();
    }

    private String description() {
        return peek().is("String") || peek().is("BlockString") ? next().text() : "";
    }

    private Value schemaDefinition(String description, boolean extension) {
        Token token = next();
        ObjectBuilder out = ObjectValue.builder().put("Description", text(description));
        List<Value> directives = directives(true);
        put(out, "Directives", directives);
        List<Value> types = some("{", "}", () -> {
            Token start = peek();
            String operation = name();
            if (!List.of("query", "mutation", "subscription").contains(operation)) {
                throw unexpected(start);
            }
            expect(":");
            return placed(
                    start,
                    ObjectValue.builder().put("Operation", text(operation)).put("Type", text(name())));
        });
        put(out, "OperationTypes", types);
        if (extension && directives.isEmpty() && types.isEmpty()) {
            throw unexpected(peek());
        }
        return placed(token, out);
    }

    private Value definition(String description, boolean extension) {
        Token token = peek();
        String kind = switch (token.text()) {
            case "scalar" -> "SCALAR";
            case "type" -> "OBJECT";
            case "interface" -> "INTERFACE";
            case "union" -> "UNION";
            case "enum" -> "ENUM";
            case "input" -> "INPUT_OBJECT";
            default -> throw unexpected(token);
        };
        next();
        ObjectBuilder out = ObjectValue.builder()
                .put("Kind", text(kind))
                .put("Description", text(description))
                .put("Name", text(name()))
                .put("BuiltIn", BoolValue.FALSE);
        int content = 0;
        if (kind.equals("OBJECT") || kind.equals("INTERFACE")) {
            List<Value> interfaces = interfaces();
            put(out, "Interfaces", interfaces);
            content += interfaces.size();
        }
        List<Value> directives = directives(true);
        put(out, "Directives", directives);
        content += directives.size();
        switch (kind) {
            case "OBJECT", "INTERFACE" -> {
                List<Value> fields = some("{", "}", this::fieldDefinition);
                put(out, "Fields", fields);
                content += fields.size();
            }
            case "INPUT_OBJECT" -> {
                List<Value> fields = some("{", "}", this::inputValue);
                put(out, "Fields", fields);
                content += fields.size();
            }
            case "UNION" -> {
                List<Value> types = members();
                put(out, "Types", types);
                content += types.size();
            }
            case "ENUM" -> {
                List<Value> values = some("{", "}", this::enumValue);
                put(out, "EnumValues", values);
                content += values.size();
            }
            default -> {}
        }
        if (extension && content == 0) {
            throw unexpected(peek());
        }
        return placed(token, out);
    }

    private List<Value> interfaces() {
        List<Value> out = new ArrayList<>();
        if (!peek().isName("implements")) {
            return out;
        }
        next();
        skip("&");
        out.add(text(name()));
        while (skip("&") || peek().is("Name")) {
            out.add(text(name()));
        }
        return out;
    }

    private List<Value> members() {
        List<Value> out = new ArrayList<>();
        if (skip("=")) {
            skip("|");
            out.add(text(name()));
            while (skip("|")) {
                out.add(text(name()));
            }
        }
        return out;
    }

    private Value fieldDefinition() {
        Token token = peek();
        ObjectBuilder out = ObjectValue.builder().put("Description", text(description()));
        out.put("Name", text(name()));
        put(out, "Arguments", some("(", ")", this::inputValue));
        expect(":");
        out.put("Type", type());
        put(out, "Directives", directives(true));
        return placed(token, out);
    }

    private Value inputValue() {
        Token token = peek();
        ObjectBuilder out = ObjectValue.builder().put("Description", text(description()));
        out.put("Name", text(name()));
        expect(":");
        out.put("Type", type());
        if (skip("=")) {
            out.put("DefaultValue", value(true));
        }
        put(out, "Directives", directives(true));
        return placed(token, out);
    }

    private Value enumValue() {
        Token token = peek();
        ObjectBuilder out = ObjectValue.builder().put("Description", text(description()));
        out.put("Name", text(name()));
        put(out, "Directives", directives(true));
        return placed(token, out);
    }

    private Value directiveDefinition(String description) {
        Token token = next();
        expect("@");
        ObjectBuilder out =
                ObjectValue.builder().put("Description", text(description)).put("Name", text(name()));
        put(out, "Arguments", some("(", ")", this::inputValue));
        boolean repeatable = peek().isName("repeatable");
        if (repeatable) {
            next();
        }
        keyword("on");
        skip("|");
        List<Value> locations = new ArrayList<>();
        do {
            Token place = expect("Name");
            if (!LOCATIONS.contains(place.text())) {
                throw unexpected(place);
            }
            locations.add(text(place.text()));
        } while (skip("|"));
        put(out, "Locations", locations);
        return placed(token, out.put("IsRepeatable", BoolValue.of(repeatable)));
    }
}
