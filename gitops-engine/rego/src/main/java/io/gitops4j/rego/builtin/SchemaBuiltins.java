package io.gitops4j.rego.builtin;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** {@code json.match_schema} and {@code json.verify_schema}. */
final class SchemaBuiltins {
    private SchemaBuiltins() {}

    private static Value document(Value value) {
        if (value instanceof StringValue text) {
            Json json = JsonReader.parse(text.text()).orNull();
            if (json == null) {
                throw BuiltinException.of("invalid JSON string");
            }
            return Value.of(json);
        }
        if (value instanceof ObjectValue || value instanceof ArrayValue) {
            return value;
        }
        throw BuiltinException.of("wrong type, expected string or object");
    }

    private static JsonSchema schema(Value value, BuiltinContext context) {
        Value schema = document(value);
        if (!(schema instanceof ObjectValue) && !(schema instanceof BoolValue)) {
            throw BuiltinException.of("schema is invalid");
        }
        return JsonSchema.of(schema, context);
    }

    static Value verify(BuiltinContext context, Value[] args) {
        try {
            schema(args[0], context);
            return ArrayValue.of(BoolValue.TRUE, NullValue.NULL);
        } catch (BuiltinException e) {
            return ArrayValue.of(BoolValue.FALSE, new StringValue("jsonschema: " + e.text()));
        }
    }

    static Value match(BuiltinContext context, Value[] args) {
        Value document = document(args[0]);
        JsonSchema schema = schema(args[1], context);
        List<Value> errors = new ArrayList<>();
        for (JsonSchema.Failure failure : schema.validate(document)) {
            errors.add(ObjectValue.builder()
                    .put("error", new StringValue(failure.field() + ": " + failure.text()))
                    .put("type", new StringValue(failure.type()))
                    .put("field", new StringValue(failure.field()))
                    .put("desc", new StringValue(failure.text()))
                    .build());
        }
        return ArrayValue.of(BoolValue.of(errors.isEmpty()), ArrayValue.of(errors));
    }
}
