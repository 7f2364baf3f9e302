package io.gitops4j.conformance.merge;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.OpenApiSchema;
import io.gitops4j.schema.SchemaType;
import io.gitops4j.schema.StructuredMergeSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schemas that cases name, each read once. */
final class Schemas {
    private final JsonObject texts;
    private final Map<String, StructuredMergeSchema> structured = new LinkedHashMap<>();
    private final Map<String, Map<String, SchemaType>> openApi = new LinkedHashMap<>();

    Schemas(JsonObject texts) {
        this.texts = texts;
    }

    /** The root type of a case. */
    SchemaType type(String schema, String root) {
        SchemaType type = schema.equals("deduced") ? SchemaType.deduced() : find(schema, root);
        if (type == null) {
            throw new IllegalArgumentException("no type " + root + " in schema " + schema);
        }
        return type;
    }

    private @Nullable SchemaType find(String schema, String root) {
        Json text = texts.get(schema);
        if (!(text instanceof JsonObject object)) {
            return null;
        }
        if (schema.startsWith("smp:")) {
            return openApi.computeIfAbsent(
                            schema, key -> OpenApiSchema.document(object).orThrow())
                    .get(root);
        }
        StructuredMergeSchema read =
                structured.computeIfAbsent(schema, key -> orThrow(StructuredMergeSchema.of(object)));
        return read.type(root);
    }

    private static <T> T orThrow(Outcome<T> outcome) {
        return outcome.orThrow();
    }
}
