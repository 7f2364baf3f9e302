package io.gitops4j.kustomize.internal.config;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Field specs and name references that a {@code crds} file states by extensions of its properties. */
public final class CrdDefinitions {
    private final JsonObject definitions;
    private final Map<String, List<FieldSpec>> lists = new LinkedHashMap<>();
    private final Map<Gvk, List<FieldSpec>> references = new LinkedHashMap<>();

    private CrdDefinitions(JsonObject definitions) {
        this.definitions = definitions;
    }

    /** The configuration that a file of {@code name → {Schema: {properties}}} states. */
    public static TransformerConfig read(JsonObject definitions) {
        CrdDefinitions reader = new CrdDefinitions(definitions);
        definitions.forEach((name, value) -> {
            JsonObject properties = reader.properties(name);
            if (properties.has("apiVersion") && properties.has("kind") && properties.has("metadata")) {
                String kind = name.substring(name.lastIndexOf('.') + 1);
                reader.walk(name, new Gvk("", "", kind), "", new LinkedHashSet<>());
            }
        });
        return reader.config();
    }

    private TransformerConfig config() {
        Map<String, FieldSpecs> merged = new LinkedHashMap<>();
        lists.forEach((name, specs) -> merged.put(name, FieldSpecs.of(specs)));
        List<NameReference> tables = new ArrayList<>();
        references.forEach((target, specs) -> tables.add(new NameReference(target, FieldSpecs.of(specs))));
        return TransformerConfig.of(merged, tables);
    }

    private JsonObject properties(String name) {
        JsonObject definition = definitions.object(name);
        JsonObject schema = definition.has("Schema") ? definition.object("Schema") : definition.object("schema");
        return schema.object("properties");
    }

    private void walk(String name, Gvk kind, String path, Set<String> seen) {
        if (!seen.add(name)) {
            return;
        }
        properties(name).forEach((property, value) -> {
            if (value instanceof JsonObject schema) {
                property(schema, kind, path.isEmpty() ? property : path + "/" + property, seen);
            }
        });
        seen.remove(name);
    }

    private void property(JsonObject schema, Gvk kind, String path, Set<String> seen) {
        mark(schema, "x-kubernetes-annotation", "commonAnnotations", kind, path);
        mark(schema, "x-kubernetes-label-selector", "commonLabels", kind, path);
        mark(schema, "x-kubernetes-identity", "namePrefix", kind, path);
        Json version = schema.get("x-kubernetes-object-ref-api-version");
        Json target = schema.get("x-kubernetes-object-ref-kind");
        if (version != null && target != null) {
            Gvk gvk = Gvk.of(String.valueOf(version.textOrNull()), String.valueOf(target.textOrNull()));
            String key = schema.text("x-kubernetes-object-ref-name-key", "name");
            references
                    .computeIfAbsent(gvk, k -> new ArrayList<>())
                    .add(FieldSpec.of("", "", kind.kind(), path + "/" + key, false));
        }
        String ref = schema.text("$ref");
        if (ref != null) {
            walk(ref.startsWith("#/definitions/") ? ref.substring(14) : ref, kind, path, seen);
        }
    }

    private void mark(JsonObject schema, String extension, String list, Gvk kind, String path) {
        if (schema.has(extension)) {
            lists.computeIfAbsent(list, k -> new ArrayList<>()).add(FieldSpec.of("", "", kind.kind(), path, false));
        }
    }
}
