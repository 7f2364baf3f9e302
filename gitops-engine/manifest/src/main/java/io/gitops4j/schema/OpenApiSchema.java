package io.gitops4j.schema;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Types read from OpenAPI: the schema of a CustomResourceDefinition's version, or the definitions of a document. Read:
 * {@code type}, {@code format}, {@code properties}, {@code additionalProperties}, {@code items}, {@code $ref}, {@code allOf} of
 * one, {@code default}, {@code x-kubernetes-list-type}, {@code -list-map-keys}, {@code -map-type}, {@code -patch-strategy},
 * {@code -patch-merge-key}, {@code -preserve-unknown-fields}, {@code -int-or-string}, {@code -embedded-resource}.
 */
public final class OpenApiSchema {
    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final Map<String, JsonObject> definitions;
    private final Map<String, SchemaType> types = new LinkedHashMap<>();
    private final List<Runnable> late = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    private OpenApiSchema(Map<String, JsonObject> definitions) {
        this.definitions = definitions;
    }

    /**
     * The definitions of a document, by name.
     *
     * @param definitions {@code components.schemas} or {@code definitions}
     * @return the types; {@code SCHEMA_UNKNOWN_TYPE} where a reference leads nowhere
     */
    public static Outcome<Map<String, SchemaType>> document(JsonObject definitions) {
        Map<String, JsonObject> texts = new LinkedHashMap<>();
        definitions.forEach((name, value) -> {
            if (value instanceof JsonObject text) {
                texts.put(name, text);
            }
        });
        OpenApiSchema reader = new OpenApiSchema(texts);
        texts.keySet().forEach(reader::named);
        reader.late.forEach(Runnable::run);
        return reader.missing.isEmpty()
                ? Outcome.of(java.util.Collections.unmodifiableMap(reader.types))
                : Outcome.failed(Problem.error(
                        "SCHEMA_UNKNOWN_TYPE", "the document refers to what it lacks: " + reader.missing));
    }

    /**
     * The type of a custom resource: its {@code openAPIV3Schema} with apiVersion, kind and metadata as every object has them.
     * Without a schema everything is deduced from the values, but metadata.
     */
    public static SchemaType customResource(@Nullable JsonObject openApiV3Schema) {
        OpenApiSchema reader = new OpenApiSchema(Collections.emptyMap());
        JsonObject root = openApiV3Schema == null
                ? JsonObject.of("x-kubernetes-preserve-unknown-fields", Json.of(true))
                : openApiV3Schema;
        SchemaType type = SchemaType.of(reader.object(root, true));
        reader.late.forEach(Runnable::run);
        return type;
    }

    /** The types of a CustomResourceDefinition by version name, in the order of {@code spec.versions}. */
    public static Map<String, SchemaType> versions(JsonObject crd) {
        Map<String, SchemaType> types = new LinkedHashMap<>();
        JsonObject spec = crd.object("spec");
        JsonObject shared = spec.object("validation").get("openAPIV3Schema") instanceof JsonObject s ? s : null;
        for (Json version : spec.array("versions")) {
            if (version instanceof JsonObject v) {
                JsonObject own = v.object("schema").get("openAPIV3Schema") instanceof JsonObject s ? s : shared;
                types.put(v.text("name", ""), customResource(own));
            }
        }
        return java.util.Collections.unmodifiableMap(types);
    }

    private SchemaType named(String name) {
        SchemaType known = types.get(name);
        if (known != null) {
            return known;
        }
        SchemaType type = new SchemaType(name);
        types.put(name, type);
        JsonObject text = definitions.get(name);
        if (text == null) {
            missing.add(name);
            return type.define(
                    SchemaType.deduced().scalar(),
                    SchemaType.deduced().list(),
                    SchemaType.deduced().map());
        }
        if (name.endsWith("api.resource.Quantity") || text.bool("x-kubernetes-int-or-string", false)) {
            return type.define(Scalar.UNTYPED, null, null);
        }
        SchemaType body = type(text);
        late.add(() -> type.define(body.scalar(), body.list(), body.map()));
        return type.define(body.scalar(), body.list(), body.map());
    }

    private SchemaType type(JsonObject text) {
        String reference = text.text("$ref");
        if (reference == null
                && text.get("allOf") instanceof JsonArray all
                && all.size() == 1
                && all.get(0) instanceof JsonObject only
                && !text.has("properties")) {
            reference = only.text("$ref");
        }
        if (reference != null) {
            return reference(reference.substring(reference.lastIndexOf('/') + 1), text);
        }
        if (text.bool("x-kubernetes-int-or-string", false)) {
            return SchemaType.of(Scalar.UNTYPED);
        }
        String format = text.text("format", "");
        return switch (text.text("type", "")) {
            case "string" -> SchemaType.of(format.isEmpty() || format.equals("byte") ? Scalar.STRING : Scalar.UNTYPED);
            case "integer" -> SchemaType.of(Scalar.INTEGER);
            case "number" -> SchemaType.of(Scalar.NUMBER);
            case "boolean" -> SchemaType.of(Scalar.BOOLEAN);
            case "array" -> SchemaType.of(list(text));
            case "object" -> SchemaType.of(object(text, false));
            default -> text.has("properties") ? SchemaType.of(object(text, false)) : SchemaType.deduced();
        };
    }

    private SchemaType reference(String name, JsonObject text) {
        SchemaType target = named(name);
        String mapType = text.text("x-kubernetes-map-type", "");
        String listType = text.text("x-kubernetes-list-type", "");
        String relation = mapType.equals("granular") ? "separable" : mapType.isEmpty() ? listType : mapType;
        if (relation.isEmpty()) {
            return target;
        }
        String word = relation.equals("set") || relation.equals("map") ? "associative" : relation;
        SchemaType copy = new SchemaType(name);
        late.add(() -> {
            SchemaType changed = target.withRelation(word);
            copy.define(changed.scalar(), changed.list(), changed.map());
        });
        return copy;
    }

    private ListSchema list(JsonObject text) {
        SchemaType element = text.get("items") instanceof JsonObject items ? type(items) : SchemaType.deduced();
        MergeStrategy merge = merge(text);
        switch (text.text("x-kubernetes-list-type", "")) {
            case "set" -> {
                return new ListSchema(element, ListSchema.Relation.SET, List.of());
            }
            case "map" -> {
                List<String> keys = new ArrayList<>();
                for (Json key : text.array("x-kubernetes-list-map-keys")) {
                    keys.add(key.textOrNull() == null ? key.toJson() : key.textOrNull());
                }
                keys.sort(null);
                return new ListSchema(element, ListSchema.Relation.MAP, List.copyOf(keys));
            }
            case "" -> {
                if (merge.has("merge")) {
                    return merge.mergeKey().isEmpty()
                            ? new ListSchema(element, ListSchema.Relation.SET, List.of())
                            : new ListSchema(element, ListSchema.Relation.MAP, List.of(merge.mergeKey()));
                }
            }
            default -> {}
        }
        return new ListSchema(element, ListSchema.Relation.ATOMIC, List.of());
    }

    private MapSchema object(JsonObject text, boolean root) {
        List<FieldSchema> fields = new ArrayList<>();
        JsonObject properties = text.object("properties");
        boolean embedded = root || text.bool("x-kubernetes-embedded-resource", false);
        if (embedded) {
            fields.add(new FieldSchema("apiVersion", SchemaType.of(Scalar.STRING), null, MergeStrategy.none()));
            fields.add(new FieldSchema("kind", SchemaType.of(Scalar.STRING), null, MergeStrategy.none()));
            SchemaType metadata = KubernetesSchema.v1_36().type(METADATA);
            fields.add(new FieldSchema(
                    "metadata", metadata == null ? SchemaType.deduced() : metadata, null, MergeStrategy.none()));
        }
        properties.forEach((name, value) -> {
            boolean taken = embedded && (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata"));
            if (!taken && value instanceof JsonObject property) {
                fields.add(new FieldSchema(name, type(property), property.get("default"), merge(property)));
            }
        });
        return new MapSchema(
                fields,
                element(text, properties.isEmpty() && !embedded),
                text.text("x-kubernetes-map-type", "").equals("atomic"));
    }

    private @Nullable SchemaType element(JsonObject text, boolean empty) {
        Json additional = text.get("additionalProperties");
        if (additional instanceof JsonObject schema) {
            return type(schema);
        }
        boolean open = additional == JsonBool.TRUE || (additional == null && empty);
        return open || text.bool("x-kubernetes-preserve-unknown-fields", false) ? SchemaType.deduced() : null;
    }

    private static MergeStrategy merge(JsonObject text) {
        String strategy = text.text("x-kubernetes-patch-strategy", "");
        return strategy.isEmpty()
                ? MergeStrategy.none()
                : new MergeStrategy(strategy, text.text("x-kubernetes-patch-merge-key", ""));
    }
}
