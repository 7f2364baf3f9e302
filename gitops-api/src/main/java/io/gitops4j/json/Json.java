package io.gitops4j.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON value. Objects keep insertion order, numbers keep the characters they were written with, hashes are
 * computed once. Two values are equal when they mean the same: the order of an object's keys does not count, numbers
 * compare by value ({@code 1.0} equals {@code 1}).
 *
 * <p>Edits share structure: {@link #with} copies the spine from the root to the edited place and returns {@code this} when
 * the edit changes nothing.
 */
public sealed interface Json permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBool, JsonNull {

    /** The six kinds of JSON value. */
    enum Kind {
        NULL,
        BOOL,
        NUMBER,
        STRING,
        ARRAY,
        OBJECT
    }

    /** Which of the six kinds this value is. */
    Kind kind();

    /** The null value. */
    static Json nul() {
        return JsonNull.NULL;
    }

    /** The value {@code true} or {@code false}. */
    static JsonBool of(boolean value) {
        return value ? JsonBool.TRUE : JsonBool.FALSE;
    }

    /** A string value. */
    static JsonString of(String value) {
        return new JsonString(value);
    }

    /** A whole number. */
    static JsonNumber of(long value) {
        return JsonNumber.of(value);
    }

    /** A whole number of any size. */
    static JsonNumber of(BigInteger value) {
        return JsonNumber.parse(value.toString());
    }

    /** A decimal number; the lexeme is {@link BigDecimal#toString()}. */
    static JsonNumber of(BigDecimal value) {
        return JsonNumber.parse(value.toString());
    }

    /** An object holding the map's entries in the map's order. */
    static JsonObject object(Map<String, ? extends Json> entries) {
        JsonObject.Builder builder = JsonObject.builder(entries.size());
        entries.forEach(builder::put);
        return builder.build();
    }

    /** An array holding the list's items. */
    static JsonArray array(List<? extends Json> items) {
        return JsonArray.of(items);
    }

    /** The value at {@code pointer}, or {@code null} where there is none. The pointer {@code ""} is the value itself. */
    default @Nullable Json find(JsonPointer pointer) {
        Json at = this;
        for (int i = 0; i < pointer.size(); i++) {
            at = at.child(pointer.token(i));
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /** As {@link #find(JsonPointer)}, for keys that need no escaping: {@code find("spec", "replicas")}. */
    default @Nullable Json find(String... path) {
        Json at = this;
        for (String token : path) {
            at = at.child(token);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /** The value at {@code pointer}, if there is one. */
    default Optional<Json> at(JsonPointer pointer) {
        return Optional.ofNullable(find(pointer));
    }

    /** The member of an object or the item of an array that one pointer token names; {@code null} where there is none. */
    default @Nullable Json child(String token) {
        return null;
    }

    /**
     * This tree with {@code value} at {@code pointer}. The last token may name a new member of an object or {@code -} (append)
     * or an index of an array; every token before it must exist.
     *
     * @throws IllegalArgumentException when a token before the last leads nowhere
     */
    default Json with(JsonPointer pointer, Json value) {
        return JsonEdit.with(this, pointer, 0, value);
    }

    /** This tree without the value at {@code pointer}; {@code this} when there is none. The root cannot be removed. */
    default Json without(JsonPointer pointer) {
        return JsonEdit.without(this, pointer, 0);
    }

    /** The text of a string value, {@code null} for every other kind. */
    default @Nullable String textOrNull() {
        return null;
    }

    /** This value as an object, or {@code null} for every other kind. */
    default @Nullable JsonObject asObject() {
        return null;
    }

    /** This value as an array, or {@code null} for every other kind. */
    default @Nullable JsonArray asArray() {
        return null;
    }

    /** True for the null value. */
    default boolean isNull() {
        return false;
    }

    /** Compact JSON text in insertion order, numbers as written. Appends to {@code out}. */
    void write(StringBuilder out);

    /** Compact JSON text in insertion order, numbers as written. */
    default String toJson() {
        StringBuilder out = new StringBuilder(64);
        write(out);
        return out.toString();
    }

    /**
     * Canonical text (RFC 8785): keys sorted by UTF-16 code unit, numbers in their shortest form. A number that no double
     * holds is printed exactly instead, so that two different values never share one text.
     */
    default String canonical() {
        StringBuilder out = new StringBuilder(64);
        CanonicalJson.write(this, out);
        return out.toString();
    }
}
