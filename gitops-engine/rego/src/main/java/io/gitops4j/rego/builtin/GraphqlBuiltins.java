package io.gitops4j.rego.builtin;

import io.gitops4j.rego.builtin.GraphqlParser.Document;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.IdentityHashMap;

/** GraphQL documents. */
final class GraphqlBuiltins {
    private GraphqlBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "graphql.parse_query" ->
                family.add(
                        1, (c, a) -> GraphqlParser.query(Operands.string(a, 1)).tree());
            case "graphql.parse_schema" ->
                family.add(
                        1, (c, a) -> GraphqlParser.schema(Operands.string(a, 1)).tree());
            case "graphql.schema_is_valid" -> family.add(1, (c, a) -> schemaIsValid(a));
            case "graphql.parse" -> family.add(2, (c, a) -> parse(a));
            case "graphql.is_valid" -> family.add(2, (c, a) -> isValid(a));
            case "graphql.parse_and_verify" -> family.add(2, (c, a) -> parseAndVerify(a));
            default -> {}
        }
    }

    private static Document query(Value[] args) {
        return args[0] instanceof ObjectValue tree
                ? new Document(tree, new IdentityHashMap<>())
                : GraphqlParser.query(stringOrObject(args, 1));
    }

    private static Document schema(Value[] args, int position) {
        return args[position - 1] instanceof ObjectValue tree
                ? new Document(tree, new IdentityHashMap<>())
                : GraphqlParser.schema(stringOrObject(args, position));
    }

    private static String stringOrObject(Value[] args, int position) {
        if (args[position - 1] instanceof StringValue text) {
            return text.text();
        }
        throw Operands.wrongType(position, args[position - 1], "string", "object");
    }

    private static Value schemaIsValid(Value[] args) {
        try {
            Document document = schema(args, 1);
            GraphqlSchema.of(document.tree(), document.places());
            return BoolValue.TRUE;
        } catch (BuiltinException e) {
            return BoolValue.FALSE;
        }
    }

    private static Value parse(Value[] args) {
        Document query = query(args);
        Document schema = schema(args, 2);
        GraphqlQuery.check(query, GraphqlSchema.of(schema.tree(), schema.places()));
        return ArrayValue.of(query.tree(), schema.tree());
    }

    private static Value isValid(Value[] args) {
        try {
            parse(args);
            return BoolValue.TRUE;
        } catch (BuiltinException e) {
            return BoolValue.FALSE;
        }
    }

    private static Value parseAndVerify(Value[] args) {
        try {
            ArrayValue both = (ArrayValue) parse(args);
            return ArrayValue.of(BoolValue.TRUE, both.at(0), both.at(1));
        } catch (BuiltinException e) {
            return ArrayValue.of(BoolValue.FALSE, ObjectValue.empty(), ObjectValue.empty());
        }
    }
}
