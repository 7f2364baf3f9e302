package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The objects that policies may refer to, as {@code data.inventory} holds them. Source: rego §2.2. */
final class Inventory {
    private final Map<String, JsonObject> namespaces = new LinkedHashMap<>();
    private final TreeMap<String, TreeMap<String, TreeMap<String, JsonObject>>> cluster = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, TreeMap<String, TreeMap<String, JsonObject>>>> namespaced =
            new TreeMap<>();

    /** A Namespace that matches look at and policies do not see. */
    void addNamespace(JsonObject object) {
        namespaces.put(object.object("metadata").text("name", ""), object);
    }

    void add(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        String namespace = metadata.text("namespace", "");
        String name = metadata.text("name", "");
        String version = object.text("apiVersion", "");
        String kind = object.text("kind", "");
        if (kind.equals("Namespace") && version.equals("v1")) {
            namespaces.put(name, object);
        }
        (namespace.isEmpty() ? cluster : namespaced.computeIfAbsent(namespace, n -> new TreeMap<>()))
                .computeIfAbsent(version, v -> new TreeMap<>())
                .computeIfAbsent(kind, k -> new TreeMap<>())
                .put(name, object);
    }

    /** The Namespace objects by name. */
    Map<String, JsonObject> namespaces() {
        return namespaces;
    }

    JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder();
        if (!cluster.isEmpty()) {
            out.put("cluster", versions(cluster));
        }
        if (!namespaced.isEmpty()) {
            JsonObject.Builder all = JsonObject.builder();
            namespaced.forEach((namespace, versions) -> all.put(namespace, versions(versions)));
            out.put("namespace", all.build());
        }
        return out.build();
    }

    private static Json versions(TreeMap<String, TreeMap<String, TreeMap<String, JsonObject>>> versions) {
        JsonObject.Builder out = JsonObject.builder();
        versions.forEach((version, kinds) -> {
            JsonObject.Builder byKind = JsonObject.builder();
            kinds.forEach((kind, names) -> byKind.put(kind, Json.object(names)));
            out.put(version, byKind.build());
        });
        return out.build();
    }
}
