package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An immutable Rego value. Equality and order are by meaning ({@code 1} equals {@code 1.0}); the order of types is null, boolean,
 * number, string, array, object, set.
 */
public abstract sealed class Value implements Comparable<Value>
        permits NullValue, BoolValue, NumberValue, StringValue, ArrayValue, ObjectValue, SetValue {

    Value() {}

    /** The value of a JSON document; arrays and objects are wrapped and converted only where they are looked at. */
    public static Value of(Json json) {
        return switch (json.kind()) {
            case NULL -> NullValue.NULL;
            case BOOL -> BoolValue.of(json == Json.of(true));
            case NUMBER -> NumberValue.of((io.gitops4j.json.JsonNumber) json);
            case STRING -> new StringValue(((io.gitops4j.json.JsonString) json).value());
            case ARRAY -> ArrayValue.of((JsonArray) json);
            case OBJECT -> ObjectValue.of((JsonObject) json);
        };
    }

    /** Place of this value's type in the order of types, from 0 (null) to 6 (set). */
    public abstract int rank();

    /** The name that {@code type_name} gives. */
    public abstract String typeName();

    /** The text as Rego writes it; strings are quoted. Appends to {@code out}. */
    public abstract void write(StringBuilder out);

    /** JSON of this value: sets become sorted arrays, keys that are no strings become their JSON text. */
    public abstract Json toJson();

    /** One step of a reference: {@code null} where this value has nothing under {@code key}. */
    public @Nullable Value get(Value key) {
        return null;
    }

    /** Compares with a value of the same rank. */
    abstract int compareSame(Value other);

    /** The number of members of a collection, 0 for a scalar. */
    public int size() {
        return 0;
    }

    /** True for arrays, objects and sets. */
    public boolean isCollection() {
        return false;
    }

    @Override
    public final int compareTo(Value other) {
        if (this == other) {
            return 0;
        }
        int rank = rank();
        int otherRank = other.rank();
        return rank != otherRank ? Integer.compare(rank, otherRank) : compareSame(other);
    }

    @Override
    public abstract boolean equals(@Nullable Object other);

    @Override
    public abstract int hashCode();

    /** The text as Rego writes it; strings are quoted. */
    @Override
    public final String toString() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }

    /** The text as {@code print} and {@code sprintf("%v")} show it: a string is bare, everything else as Rego writes it. */
    public String display() {
        return toString();
    }
}
