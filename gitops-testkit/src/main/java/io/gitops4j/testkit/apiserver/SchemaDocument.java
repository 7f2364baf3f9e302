package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.FieldSchema;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.MergeStrategy;
import io.gitops4j.schema.Scalar;
import io.gitops4j.schema.SchemaType;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the schemas of kinds and of everything that they refer to, as OpenAPI. */
public final class SchemaDocument {
    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private static final JsonObject TEXT = JsonObject.of("type", Json.of("string"));
    private static final JsonObject OPEN =
            JsonObject.of("type", Json.of("object"), "x-kubernetes-preserve-unknown-fields", Json.of(true));

    private final String prefix;
    private final boolean whole;
    private final Map<String, Json> schemas = new TreeMap<>();

    /**
     * An empty document.
     *
     * @param prefix of references
     */
    public SchemaDocument(String prefix) {
        this(prefix, false);
    }

    private SchemaDocument(String prefix, boolean whole) {
        this.prefix = prefix;
        this.whole = whole;
    }

    /**
     * One schema with everything that it refers to in its place; a schema that contains itself ends in an object of unknown
     * fields.
     */
    public static JsonObject whole(SchemaType type) {
        return new SchemaDocument("", true).expanded(type);
    }

    /** A custom kind's schema with the fields that every object has. */
    public static JsonObject whole(@Nullable JsonObject custom) {
        SchemaType metadata = KubernetesSchema.v1_36().type(METADATA);
        JsonObject root = custom == null ? OPEN : custom;
        JsonObject properties =
                root.object("properties").with("apiVersion", TEXT).with("kind", TEXT);
        return root.with("properties", metadata == null ? properties : properties.with("metadata", whole(metadata)));
    }

    private JsonObject expanded(SchemaType type) {
        Json known = schemas.get(type.name());
        if (known instanceof JsonObject object) {
            return object;
        }
        // While it is being expanded, a reference back to it finds the open schema.
        schemas.put(type.name(), OPEN);
        JsonObject made = inline(type);
        schemas.put(type.name(), made);
        return made;
    }

    /** The schemas by name. */
    public JsonObject build() {
        return Json.object(schemas);
    }

    /** Adds a built-in kind. */
    public void builtIn(@Nullable SchemaType type, JsonObject gvk) {
        if (type == null) {
            return;
        }
        named(type);
        if (schemas.get(type.name()) instanceof JsonObject schema) {
            JsonArray kinds = schema.array("x-kubernetes-group-version-kind").appended(gvk);
            schemas.put(type.name(), schema.with("x-kubernetes-group-version-kind", kinds));
        }
    }

    /** Adds a custom kind under a name. */
    public void custom(String name, @Nullable JsonObject schema, JsonObject gvk) {
        SchemaType metadata = KubernetesSchema.v1_36().type(METADATA);
        JsonObject root = schema == null ? JsonObject.of("type", Json.of("object")) : schema;
        JsonObject properties =
                root.object("properties").with("apiVersion", TEXT).with("kind", TEXT);
        if (metadata != null) {
            named(metadata);
            properties = properties.with("metadata", reference(METADATA));
        }
        schemas.put(
                name, root.with("properties", properties).with("x-kubernetes-group-version-kind", JsonArray.of(gvk)));
    }

    private JsonObject reference(String name) {
        JsonObject ref = JsonObject.of("$ref", Json.of(prefix + name));
        return prefix.startsWith("#/components")
                ? JsonObject.of("allOf", JsonArray.of(ref), "default", JsonObject.empty())
                : ref;
    }

    private void named(SchemaType type) {
        if (schemas.containsKey(type.name())) {
            return;
        }
        schemas.put(type.name(), JsonObject.empty());
        schemas.put(type.name(), inline(type));
    }

    private JsonObject schema(SchemaType type) {
        MapSchema map = type.map();
        boolean struct = map != null && !map.fields().isEmpty() && !type.name().isEmpty();
        if (!struct) {
            return inline(type);
        }
        if (whole) {
            return expanded(type);
        }
        named(type);
        return reference(type.name());
    }

    private JsonObject inline(SchemaType type) {
        if (type.isChoice()) {
            return OPEN;
        }
        MapSchema map = type.map();
        if (map != null) {
            return map(map);
        }
        ListSchema list = type.list();
        if (list != null) {
            return list(list);
        }
        return scalar(type);
    }

    private static JsonObject scalar(SchemaType type) {
        if (type.name().endsWith(".IntOrString")) {
            return JsonObject.of("type", Json.of("string"), "format", Json.of("int-or-string"));
        }
        if (type.name().endsWith("Time")) {
            return JsonObject.of("type", Json.of("string"), "format", Json.of("date-time"));
        }
        Scalar scalar = type.scalar();
        String name = scalar == null
                ? "string"
                : switch (scalar) {
                    case STRING, UNTYPED -> "string";
                    case INTEGER -> "integer";
                    case NUMBER -> "number";
                    case BOOLEAN -> "boolean";
                };
        return JsonObject.of("type", Json.of(name));
    }

    private JsonObject list(ListSchema list) {
        JsonObject.Builder out = JsonObject.builder().put("type", "array").put("items", schema(list.element()));
        switch (list.relation()) {
            case ATOMIC -> out.put("x-kubernetes-list-type", "atomic");
            case SET -> out.put("x-kubernetes-list-type", "set");
            case MAP -> {
                JsonArray.Builder keys = JsonArray.builder();
                list.keys().forEach(keys::add);
                out.put("x-kubernetes-list-map-keys", keys.build()).put("x-kubernetes-list-type", "map");
            }
        }
        return out.build();
    }

    private JsonObject map(MapSchema map) {
        JsonObject.Builder out = JsonObject.builder().put("type", "object");
        if (!map.fields().isEmpty()) {
            JsonObject.Builder properties = JsonObject.builder();
            for (FieldSchema field : map.fields()) {
                properties.put(field.name(), field(field));
            }
            out.put("properties", properties.build());
        }
        SchemaType element = map.element();
        if (element != null) {
            out.put("additionalProperties", schema(element));
        }
        if (map.atomic()) {
            out.put("x-kubernetes-map-type", "atomic");
        }
        return out.build();
    }

    private JsonObject field(FieldSchema field) {
        JsonObject out = schema(field.type());
        MergeStrategy strategy = field.strategy();
        if (!strategy.text().isEmpty()) {
            out = out.with("x-kubernetes-patch-strategy", strategy.text());
        }
        if (!strategy.mergeKey().isEmpty()) {
            out = out.with("x-kubernetes-patch-merge-key", strategy.mergeKey());
        }
        return out;
    }
}
