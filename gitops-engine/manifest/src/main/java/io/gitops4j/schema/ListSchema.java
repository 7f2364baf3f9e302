package io.gitops4j.schema;

import io.gitops4j.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list: atomic (one value), a set of scalars, or a map by keys.
 *
 * @param element type of the items
 * @param relation how items are told apart
 * @param keys names of the key fields of a {@link Relation#MAP} in byte order, else empty
 */
public record ListSchema(SchemaType element, Relation relation, List<String> keys) {

    /** How the items of a list are told apart. */
    public enum Relation {
        /** By nothing: the list is one value. */
        ATOMIC,
        /** By their value. */
        SET,
        /** By their key fields. */
        MAP
    }

    /** Whether the list is one value. */
    public boolean atomic() {
        return relation == Relation.ATOMIC;
    }

    /** The default of a key field, {@code null} when it has none. */
    public @Nullable Json keyDefault(String key) {
        MapSchema item = element.map();
        FieldSchema field = item == null ? null : item.field(key);
        return field == null ? null : field.defaultValue();
    }

    /** This list with another relation. */
    ListSchema with(Relation other) {
        return new ListSchema(element, other, keys);
    }

    @Override
    public String toString() {
        return "list " + relation + keys;
    }
}
