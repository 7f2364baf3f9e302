package io.gitops4j.schema;

import io.gitops4j.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A declared field.
 *
 * @param name its name
 * @param type its type
 * @param defaultValue the value that stands for an absent one, {@code null} when there is none
 * @param zero what an encoded, empty object of a built-in kind holds here, {@code null} when nothing; a struct is {@code {}}
 * @param strategy how a strategic merge patch treats it
 */
public record FieldSchema(
        String name,
        SchemaType type,
        @Nullable Json defaultValue,
        @Nullable Json zero,
        MergeStrategy strategy) {

    /** A field without a zero value. */
    public FieldSchema(String name, SchemaType type, @Nullable Json defaultValue, MergeStrategy strategy) {
        this(name, type, defaultValue, null, strategy);
    }

    @Override
    public String toString() {
        return name;
    }
}
