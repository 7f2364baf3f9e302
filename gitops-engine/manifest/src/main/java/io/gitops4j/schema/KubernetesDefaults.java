package io.gitops4j.schema;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The defaults that an API server writes into built-in objects. They only add: what is set stays. Allocated values (cluster
 * addresses, ports), admission and custom resources are not among them.
 */
public final class KubernetesDefaults {
    private static final String API = "io.k8s.api.";

    private final KubernetesSchema schema;
    private final Map<String, UnaryOperator<JsonObject>> rules = new LinkedHashMap<>();

    private KubernetesDefaults(KubernetesSchema schema) {
        this.schema = schema;
        Map<String, UnaryOperator<JsonObject>> byShortName = new LinkedHashMap<>();
        DefaultRules.addTo(byShortName);
        byShortName.forEach((name, rule) -> rules.put(API + name, rule));
    }

    /** The defaults of Kubernetes 1.36. */
    public static KubernetesDefaults v1_36() {
        return Holder.V1_36;
    }

    /** The object with its defaults; itself when it has them all or its kind is not built in. */
    public JsonObject apply(JsonObject object) {
        SchemaType type = schema.kind(object.text("apiVersion", ""), object.text("kind", ""));
        return type == null ? object : (JsonObject) apply(type, object);
    }

    /**
     * What a definition holds with its defaults, all the way down; itself when it has them all.
     *
     * @param definition the short name of a definition, {@code core.v1.PodSpec}
     * @throws IllegalArgumentException when there is no such definition
     */
    public JsonObject applyTo(String definition, JsonObject object) {
        SchemaType type = schema.type(API + definition);
        if (type == null) {
            throw new IllegalArgumentException("no definition " + definition);
        }
        return applyTo(type, object);
    }

    private Json apply(SchemaType type, Json value) {
        if (value instanceof JsonObject object) {
            return applyTo(type, object);
        }
        ListSchema list = type.list();
        if (value instanceof JsonArray array && list != null && list.element().map() != null) {
            JsonArray out = array;
            for (int i = 0; i < array.size(); i++) {
                out = out.with(i, apply(list.element(), array.get(i)));
            }
            return out;
        }
        return value;
    }

    private JsonObject applyTo(SchemaType type, JsonObject object) {
        MapSchema map = type.map();
        if (map == null || type.isChoice() || map.fields().isEmpty()) {
            return object;
        }
        UnaryOperator<JsonObject> rule = rule(type.name());
        JsonObject out = rule == null ? object : rule.apply(object);
        for (int i = 0; i < out.size(); i++) {
            String key = out.keyAt(i);
            FieldSchema field = map.field(key);
            if (field != null && !key.equals("metadata") && !key.equals("status")) {
                Json was = out.valueAt(i);
                Json is = apply(field.type(), was);
                out = was == is ? out : out.with(key, is);
            }
        }
        return out;
    }

    /** One struct with its own defaults, what lies in it left alone; itself when it has them all. */
    public JsonObject structDefaults(SchemaType type, JsonObject struct) {
        UnaryOperator<JsonObject> rule = rule(type.name());
        return rule == null ? struct : rule.apply(struct);
    }

    private @Nullable UnaryOperator<JsonObject> rule(String type) {
        return rules.get(type);
    }

    private static final class Holder {
        static final KubernetesDefaults V1_36 = new KubernetesDefaults(KubernetesSchema.v1_36());
    }
}
