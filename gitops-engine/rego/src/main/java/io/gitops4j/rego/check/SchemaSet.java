package io.gitops4j.rego.check;

import io.gitops4j.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas that annotations name, and the one that holds for {@code input} everywhere. Types are derived from them; documents are
 * not validated.
 *
 * @param input the schema of the input document, {@code null} for none
 * @param named schemas by reference: {@code schema.a["b-c"]} is named {@code a/b-c}; {@code null} when none were given, so that
 *     annotations that name one are left aside
 */
public record SchemaSet(@Nullable Json input, @Nullable Map<String, Json> named) {
    /** A set of schemas. */
    public SchemaSet {
        named = named == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    /** No schemas. */
    public static SchemaSet none() {
        return new SchemaSet(null, null);
    }

    /** A schema of the input document. */
    public static SchemaSet ofInput(Json schema) {
        return new SchemaSet(schema, null);
    }

    /** Schemas by path: the file {@code a/b.json} of a folder is {@code a/b}. */
    public static SchemaSet ofNamed(Map<String, Json> schemas) {
        return new SchemaSet(null, schemas);
    }
}
