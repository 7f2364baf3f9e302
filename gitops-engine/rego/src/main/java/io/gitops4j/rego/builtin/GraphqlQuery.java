package io.gitops4j.rego.builtin;

import static io.gitops4j.rego.builtin.GraphqlSchema.list;
import static io.gitops4j.rego.builtin.GraphqlSchema.text;

import io.gitops4j.rego.builtin.GraphqlLexer.Token;
import io.gitops4j.rego.builtin.GraphqlParser.Document;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.GoQuote;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a query against a schema. */
final class GraphqlQuery {
    private final Document document;
    private final GraphqlSchema schema;
    private final Map<String, ObjectValue> fragments = new LinkedHashMap<>();
    private final Set<String> usedFragments = new LinkedHashSet<>();
    private final Set<String> usedVariables = new LinkedHashSet<>();
    private Map<String, ObjectValue> variables = new LinkedHashMap<>();

    private GraphqlQuery(Document document, GraphqlSchema schema) {
        this.document = document;
        this.schema = schema;
    }

    static void check(Document document, GraphqlSchema schema) {
        new GraphqlQuery(document, schema).run();
    }

    private BuiltinException error(Value node, String text) {
        Token place = document.places().get(node);
        return place == null
                ? BuiltinException.of(text + " in GraphQL string at location 1:1")
                : GraphqlParser.error(place, text);
    }

    private void run() {
        for (ObjectValue fragment : list(document.tree(), "Fragments")) {
            if (fragments.put(text(fragment, "Name"), fragment) != null) {
                throw error(
                        fragment,
                        "There can be only one fragment named " + GoQuote.quote(text(fragment, "Name")) + ".");
            }
        }
        Set<String> names = new LinkedHashSet<>();
        int operations = list(document.tree(), "Operations").size();
        for (ObjectValue operation : list(document.tree(), "Operations")) {
            String name = text(operation, "Name");
            if (name.isEmpty() && operations > 1) {
                throw error(operation, "This anonymous operation must be the only defined operation.");
            }
            if (!name.isEmpty() && !names.add(name)) {
                throw error(operation, "There can be only one operation named " + GoQuote.quote(name) + ".");
            }
            operation(operation);
        }
        for (Map.Entry<String, ObjectValue> fragment : fragments.entrySet()) {
            if (!usedFragments.contains(fragment.getKey())) {
                throw error(fragment.getValue(), "Fragment " + GoQuote.quote(fragment.getKey()) + " is never used.");
            }
        }
    }

    private void operation(ObjectValue operation) {
        variables = new LinkedHashMap<>();
        usedVariables.clear();
        for (ObjectValue variable : list(operation, "VariableDefinitions")) {
            String name = text(variable, "Variable");
            String type = GraphqlSchema.namedType(variable.get("Type"));
            GraphqlSchema.Type of = schema.types.get(type);
            if (of == null) {
                throw error(variable, "Unknown type " + GoQuote.quote(type) + ".");
            }
            if (!of.isInput()) {
                throw error(
                        variable,
                        "Variable \"$" + name + "\" cannot be non-input type "
                                + GoQuote.quote(GraphqlSchema.shown(variable.get("Type"))) + ".");
            }
            if (variables.put(name, variable) != null) {
                throw error(variable, "There can be only one variable named \"$" + name + "\".");
            }
        }
        GraphqlSchema.Type root = schema.root(text(operation, "Operation"));
        if (root == null) {
            throw error(
                    operation, "Schema does not support operation type " + GoQuote.quote(text(operation, "Operation")));
        }
        directives(operation);
        selections(operation, root, new LinkedHashSet<>());
        for (Map.Entry<String, ObjectValue> variable : variables.entrySet()) {
            if (!usedVariables.contains(variable.getKey())) {
                String where = text(operation, "Name").isEmpty()
                        ? "."
                        : " in operation " + GoQuote.quote(text(operation, "Name")) + ".";
                throw error(variable.getValue(), "Variable \"$" + variable.getKey() + "\" is never used" + where);
            }
        }
    }

    private void directives(ObjectValue node) {
        for (ObjectValue directive : list(node, "Directives")) {
            if (!schema.isDirective(text(directive, "Name"))) {
                throw error(directive, "Unknown directive \"@" + text(directive, "Name") + "\".");
            }
            for (ObjectValue argument : list(directive, "Arguments")) {
                use(argument.get("Value"));
            }
        }
    }

    private void use(@Nullable Value value) {
        if (!(value instanceof ObjectValue node)) {
            return;
        }
        if (node.get("Kind") instanceof NumberValue kind && kind.longValue() == 0) {
            String name = text(node, "Raw");
            if (!variables.containsKey(name)) {
                throw error(node, "Variable \"$" + name + "\" is not defined.");
            }
            usedVariables.add(name);
        }
        for (ObjectValue child : list(node, "Children")) {
            use(child.get("Value"));
        }
    }

    private void selections(ObjectValue node, GraphqlSchema.@Nullable Type type, Set<String> open) {
        for (ObjectValue selection : list(node, "SelectionSet")) {
            directives(selection);
            if (selection.get("Alias") != null) {
                field(selection, type, open);
            } else if (selection.get("TypeCondition") != null) {
                String condition = text(selection, "TypeCondition");
                GraphqlSchema.Type of = condition.isEmpty() ? type : schema.types.get(condition);
                if (of == null) {
                    throw error(selection, "Unknown type " + GoQuote.quote(condition) + ".");
                }
                composite(selection, of, "Fragment");
                selections(selection, of, open);
            } else {
                spread(selection, open);
            }
        }
    }

    private void composite(ObjectValue node, GraphqlSchema.Type type, String what) {
        if (type.isInput()) {
            throw error(node, what + " cannot condition on non composite type " + GoQuote.quote(type.name) + ".");
        }
    }

    private void spread(ObjectValue selection, Set<String> open) {
        String name = text(selection, "Name");
        ObjectValue fragment = fragments.get(name);
        if (fragment == null) {
            throw error(selection, "Unknown fragment " + GoQuote.quote(name) + ".");
        }
        if (!open.add(name)) {
            throw error(selection, "Cannot spread fragment " + GoQuote.quote(name) + " within itself.");
        }
        usedFragments.add(name);
        GraphqlSchema.Type of = schema.types.get(text(fragment, "TypeCondition"));
        if (of == null) {
            throw error(fragment, "Unknown type " + GoQuote.quote(text(fragment, "TypeCondition")) + ".");
        }
        composite(fragment, of, "Fragment " + GoQuote.quote(name));
        selections(fragment, of, open);
        open.remove(name);
    }

    private void field(ObjectValue field, GraphqlSchema.@Nullable Type type, Set<String> open) {
        String name = text(field, "Name");
        for (ObjectValue argument : list(field, "Arguments")) {
            use(argument.get("Value"));
        }
        if (name.startsWith("__") || type == null || type.name.startsWith("__")) {
            selections(field, null, open);
            return;
        }
        ObjectValue definition = type.fields.get(name);
        if (definition == null) {
            throw error(
                    field, "Cannot query field " + GoQuote.quote(name) + " on type " + GoQuote.quote(type.name) + ".");
        }
        Set<String> given = new LinkedHashSet<>();
        for (ObjectValue argument : list(field, "Arguments")) {
            String argumentName = text(argument, "Name");
            given.add(argumentName);
            ObjectValue declared = null;
            for (ObjectValue one : list(definition, "Arguments")) {
                declared = text(one, "Name").equals(argumentName) ? one : declared;
            }
            if (declared == null) {
                throw error(
                        argument,
                        "Unknown argument " + GoQuote.quote(argumentName) + " on field "
                                + GoQuote.quote(type.name + "." + name) + ".");
            }
            fits(argument.get("Value"), declared.get("Type"));
        }
        for (ObjectValue declared : list(definition, "Arguments")) {
            boolean required = declared.get("DefaultValue") == null
                    && declared.get("Type") instanceof ObjectValue of
                    && of.get("NonNull") == BoolValue.TRUE;
            if (required && !given.contains(text(declared, "Name"))) {
                throw error(
                        field,
                        "Field " + GoQuote.quote(name) + " argument " + GoQuote.quote(text(declared, "Name"))
                                + " of type " + GoQuote.quote(GraphqlSchema.shown(declared.get("Type")))
                                + " is required, but it was not provided");
            }
        }
        GraphqlSchema.Type of = schema.types.get(GraphqlSchema.namedType(definition.get("Type")));
        boolean empty = list(field, "SelectionSet").isEmpty();
        if (of != null && of.isLeaf() != empty) {
            throw error(
                    field,
                    empty
                            ? "Field " + GoQuote.quote(name) + " of type "
                                    + GoQuote.quote(GraphqlSchema.shown(definition.get("Type")))
                                    + " must have a selection of subfields."
                            : "Field " + GoQuote.quote(name) + " must not have a selection since type "
                                    + GoQuote.quote(GraphqlSchema.shown(definition.get("Type")))
                                    + " has no subfields.");
        }
        selections(field, of, open);
    }

    private void fits(@Nullable Value value, @Nullable Value type) {
        if (!(value instanceof ObjectValue node)
                || !(type instanceof ObjectValue wanted)
                || !(node.get("Kind") instanceof NumberValue kindNumber)) {
            return;
        }
        int kind = (int) kindNumber.longValue();
        if (kind == 0) {
            return;
        }
        if (kind == 6) {
            if (wanted.get("NonNull") == BoolValue.TRUE) {
                throw error(
                        node, "Expected value of type " + GoQuote.quote(GraphqlSchema.shown(wanted)) + ", found null.");
            }
            return;
        }
        if (wanted.get("Elem") instanceof ObjectValue element) {
            if (kind == 8) {
                for (ObjectValue child : list(node, "Children")) {
                    fits(child.get("Value"), element);
                }
            } else {
                fits(value, element);
            }
            return;
        }
        GraphqlSchema.Type of = schema.types.get(text(wanted, "NamedType"));
        if (of != null && !fits(kind, node, of)) {
            throw error(node, of.name + " cannot represent value: " + text(node, "Raw"));
        }
    }

    private static boolean fits(int kind, ObjectValue node, GraphqlSchema.Type of) {
        return switch (of.name) {
            case "Int" -> kind == 1;
            case "Float" -> kind == 1 || kind == 2;
            case "String" -> kind == 3 || kind == 4;
            case "Boolean" -> kind == 5;
            case "ID" -> kind == 1 || kind == 3 || kind == 4;
            default ->
                switch (of.kind) {
                    case "ENUM" -> kind == 7 && of.values.contains(text(node, "Raw"));
                    case "INPUT_OBJECT" -> kind == 9;
                    default -> true;
                };
        };
    }
}
