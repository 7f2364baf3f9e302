package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An object of a JSON document; keys and values are converted when they are first asked for. A value is converted once, whoever asks,
 * since evaluations remember collections by identity.
 */
final class JsonObjectValue extends ObjectValue {
    private final JsonObject source;
    private final @Nullable Value[] values;
    private @Nullable StringValue @Nullable [] keys;

    JsonObjectValue(JsonObject source) {
        this.source = source;
        this.values = new Value[source.size()];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public Value keyAt(int position) {
        @Nullable StringValue[] known = keys;
        if (known == null) {
            known = new StringValue[values.length];
            keys = known;
        }
        StringValue key = known[position];
        if (key == null) {
            key = new StringValue(source.keyAt(position));
            known[position] = key;
        }
        return key;
    }

    @Override
    public Value valueAt(int position) {
        Value value = values[position];
        return value == null ? converted(position) : value;
    }

    private synchronized Value converted(int position) {
        Value value = values[position];
        if (value == null) {
            value = Value.of(source.valueAt(position));
            values[position] = value;
        }
        return value;
    }

    @Override
    public @Nullable Value get(String key) {
        int position = source.positionOf(key);
        return position < 0 ? null : valueAt(position);
    }

    @Override
    public @Nullable Value get(Value key) {
        return key instanceof StringValue text ? get(text.text()) : null;
    }

    @Override
    boolean stringKeys() {
        return true;
    }

    @Override
    public Json toJson() {
        return source;
    }
}
