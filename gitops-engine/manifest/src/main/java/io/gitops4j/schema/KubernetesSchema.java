package io.gitops4j.schema;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schema of the kinds that Kubernetes brings along: structure, list keys with their defaults, atomic parts, merge
 * strategies. Derived from the OpenAPI document of the version (Apache-2.0); kinds that only older servers know are found
 * too, but not listed by {@link #kinds()}.
 */
public final class KubernetesSchema {
    private final Map<String, SchemaType> types;
    private final Map<String, SchemaType> kinds;
    private final Map<String, SchemaType> legacy;

    KubernetesSchema(Map<String, SchemaType> types, Map<String, SchemaType> kinds, Map<String, SchemaType> legacy) {
        this.types = types;
        this.kinds = kinds;
        this.legacy = legacy;
    }

    /** The schema of Kubernetes 1.36, read once. */
    public static KubernetesSchema v1_36() {
        return Holder.V1_36;
    }

    /**
     * The type of a kind, or {@code null} when it is not built in.
     *
     * @param apiVersion {@code v1} or {@code group/version}
     */
    public @Nullable SchemaType kind(String apiVersion, String kind) {
        String key = apiVersion + " " + kind;
        SchemaType type = kinds.get(key);
        return type == null ? legacy.get(key) : type;
    }

    /** The type of a definition, such as {@code io.k8s.api.core.v1.PodSpec}, or {@code null}. */
    public @Nullable SchemaType type(String definition) {
        return types.get(definition);
    }

    /**
     * The encoded zero value of a built-in kind's type, without apiVersion and kind: what a server compares a new object with
     * to learn which fields were set. Empty for kinds that are not built in.
     */
    public JsonObject zeroValue(String apiVersion, String kind) {
        SchemaType type = kind(apiVersion, kind);
        return type == null ? JsonObject.empty() : zero(type);
    }

    static JsonObject zero(SchemaType type) {
        MapSchema map = type.map();
        if (map == null) {
            return JsonObject.empty();
        }
        JsonObject.Builder out = JsonObject.builder();
        for (FieldSchema field : map.fields()) {
            Json zero = field.zero();
            if (zero != null) {
                out.put(field.name(), zero instanceof JsonObject ? zero(field.type()) : zero);
            }
        }
        return out.build();
    }

    /** Every kind of the version, as {@code apiVersion kind}, in byte order; lists included. */
    public List<String> kinds() {
        return Collections.unmodifiableList(new ArrayList<>(kinds.keySet()));
    }

    private static final class Holder {
        static final KubernetesSchema V1_36 = SchemaTable.read("kubernetes-1.36.txt");
    }
}
