package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A custom resource by its structural schema: metadata as for every kind, unknown fields pruned, nulls that may not be dropped,
 * defaults set.
 *
 * <p>Source: k8s-apply §5.6.
 */
final class CustomForm {
    private static final String METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final JsonObject OPEN = JsonObject.of("x-kubernetes-preserve-unknown-fields", JsonBool.TRUE);

    private CustomForm() {}

    /** The object pruned; what was dropped is added to {@code strict}. */
    static JsonObject read(@Nullable JsonObject schema, JsonObject object, List<String> strict) {
        JsonObject root = schema == null ? OPEN : schema;
        JsonObject pruned = (JsonObject) prune(root, object, "", strict, true);
        return metadata(pruned, "metadata", strict);
    }

    private static JsonObject metadata(JsonObject object, String path, List<String> strict) {
        Json metadata = object.get("metadata");
        SchemaType type = KubernetesSchema.v1_36().type(METADATA);
        if (!(metadata instanceof JsonObject whole) || type == null) {
            return object;
        }
        JsonObject given = whole.without("managedFields");
        TypedForm form = new TypedForm(false);
        JsonObject read = form.read(type, given);
        form.unknownFields().forEach(unknown -> strict.add("unknown field \"" + path + "." + unknown + "\""));
        Json managed = whole.get("managedFields");
        return object.with("metadata", managed == null ? read : read.with("managedFields", managed));
    }

    private static Json prune(JsonObject schema, Json value, String path, List<String> strict, boolean resource) {
        if (value instanceof JsonArray array) {
            JsonObject items = schema.object("items");
            JsonArray.Builder out = null;
            for (int i = 0; i < array.size(); i++) {
                Json before = array.get(i);
                Json after = prune(items, before, path + "[" + i + "]", strict, embedded(items));
                out = out == null && after != before ? copy(array, i) : out;
                if (out != null) {
                    out.add(after);
                }
            }
            return out == null ? array : out.build();
        }
        return value instanceof JsonObject object ? pruneObject(schema, object, path, strict, resource) : value;
    }

    private static JsonArray.Builder copy(JsonArray array, int count) {
        JsonArray.Builder out = JsonArray.builder();
        for (int i = 0; i < count; i++) {
            out.add(array.get(i));
        }
        return out;
    }

    private static boolean embedded(JsonObject schema) {
        return schema.bool("x-kubernetes-embedded-resource", false);
    }

    private static JsonObject pruneObject(
            JsonObject schema, JsonObject object, String path, List<String> strict, boolean resource) {
        JsonObject properties = schema.object("properties");
        Json additional = schema.get("additionalProperties");
        boolean open = schema.bool("x-kubernetes-preserve-unknown-fields", false)
                || (additional instanceof JsonBool bool && bool.value());
        JsonObject out = object;
        for (int i = 0; i < object.size(); i++) {
            String key = object.keyAt(i);
            Json value = object.valueAt(i);
            String at = path.isEmpty() ? key : path + "." + key;
            if (resource && (key.equals("apiVersion") || key.equals("kind"))) {
                continue;
            }
            if (resource && key.equals("metadata")) {
                if (!path.isEmpty()) {
                    out = metadata(out, at, strict);
                }
                continue;
            }
            Json child = properties.get(key);
            if (child == null && additional instanceof JsonObject) {
                child = additional;
            }
            if (child instanceof JsonObject below) {
                Json pruned = prune(below, value, at, strict, embedded(below));
                out = pruned == value ? out : out.with(key, pruned);
            } else if (!open) {
                strict.add("unknown field \"" + at + "\"");
                out = out.without(key);
            }
        }
        return out;
    }

    /** The object with the schema's defaults, also in place of nulls that the schema does not allow. */
    static JsonObject withDefaults(@Nullable JsonObject schema, JsonObject object) {
        return schema == null ? object : (JsonObject) defaulted(schema, object);
    }

    private static Json defaulted(JsonObject schema, Json value) {
        if (value instanceof JsonArray array) {
            Json items = schema.get("items");
            if (!(items instanceof JsonObject below)) {
                return value;
            }
            JsonArray.Builder out = null;
            for (int i = 0; i < array.size(); i++) {
                Json before = array.get(i);
                Json after = before.isNull() && !nullable(below) && below.has("default")
                        ? defaultOf(below)
                        : defaulted(below, before);
                out = out == null && after != before ? copy(array, i) : out;
                if (out != null) {
                    out.add(after);
                }
            }
            return out == null ? array : out.build();
        }
        return value instanceof JsonObject object ? defaultedObject(schema, object) : value;
    }

    private static JsonObject defaultedObject(JsonObject schema, JsonObject object) {
        JsonObject out = object;
        JsonObject properties = schema.object("properties");
        for (int i = 0; i < properties.size(); i++) {
            String key = properties.keyAt(i);
            if (!(properties.valueAt(i) instanceof JsonObject below)) {
                continue;
            }
            Json value = out.get(key);
            boolean replaced = value == null || (value.isNull() && !nullable(below));
            if (replaced && below.has("default")) {
                value = defaultOf(below);
                out = out.with(key, value);
            }
            if (value != null) {
                Json after = defaulted(below, value);
                out = after == value ? out : out.with(key, after);
            }
        }
        if (schema.get("additionalProperties") instanceof JsonObject below) {
            for (int i = 0; i < object.size(); i++) {
                String key = object.keyAt(i);
                Json value = object.valueAt(i);
                if (properties.has(key)) {
                    continue;
                }
                if (value.isNull() && !nullable(below) && below.has("default")) {
                    out = out.with(key, defaultOf(below));
                    continue;
                }
                Json after = defaulted(below, value);
                out = after == value ? out : out.with(key, after);
            }
        }
        return out;
    }

    private static boolean nullable(JsonObject schema) {
        return schema.bool("nullable", false);
    }

    private static Json defaultOf(JsonObject schema) {
        Json value = schema.get("default");
        return value == null ? Json.nul() : value;
    }
}
