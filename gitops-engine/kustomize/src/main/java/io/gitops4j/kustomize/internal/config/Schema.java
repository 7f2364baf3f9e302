package io.gitops4j.kustomize.internal.config;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types by group, version and kind: the built-in table, or the definitions of an OpenAPI document. Immutable. */
public final class Schema {
    private final Map<Gvk, SchemaNode> types;
    private final Map<Gvk, Boolean> namespaced;
    private final Map<String, SchemaNode> byName;

    private Schema(Map<Gvk, SchemaNode> types, Map<Gvk, Boolean> namespaced, Map<String, SchemaNode> byName) {
        this.types = types;
        this.namespaced = namespaced;
        this.byName = byName;
    }

    /** The type of a kind, or {@code null} where it is unknown. */
    public @Nullable SchemaNode type(Gvk gvk) {
        return types.get(gvk);
    }

    /** Whether the document's paths say that the kind is cluster-scoped. */
    public boolean clusterScoped(Gvk gvk) {
        return Boolean.FALSE.equals(namespaced.get(gvk));
    }

    // ---- built-in: definitions by number

    static Schema builtin(JsonObject table) {
        JsonArray definitions = table.array("defs");
        Map<Gvk, SchemaNode> types = new HashMap<>();
        table.object("types").forEach((type, number) -> {
            int space = type.indexOf(' ');
            SchemaNode node = definition(definitions, number);
            if (node != null) {
                types.put(Gvk.of(type.substring(0, space), type.substring(space + 1)), node);
            }
        });
        Map<String, SchemaNode> byName = new HashMap<>();
        JsonArray names = table.array("names");
        for (int i = 1; i < names.size(); i++) {
            SchemaNode node = definition(definitions, Json.of(i));
            if (node != null) {
                byName.put(String.valueOf(names.get(i).textOrNull()), node);
            }
        }
        return new Schema(types, Collections.emptyMap(), byName);
    }

    private static @Nullable SchemaNode definition(JsonArray all, @Nullable Json number) {
        int at = number instanceof JsonNumber n ? n.intValueOr(0) : 0;
        return at == 0 || !(all.get(at) instanceof JsonObject object) ? null : new Numbered(all, object.object("f"));
    }

    /** An object type of the table: a field is a number (object), or {i, s, k} (list), or {m} (map). */
    private record Numbered(JsonArray all, JsonObject fields) implements SchemaNode {
        @Override
        public @Nullable SchemaNode field(String name) {
            Json field = fields.get(name);
            if (!(field instanceof JsonObject object)) {
                return definition(all, field);
            }
            if (object.has("m")) {
                SchemaNode values = object.get("m") instanceof JsonObject nested
                        ? new Numbered(all, JsonObject.of("*", nested)).field("*")
                        : definition(all, object.get("m"));
                return new MapOf(values);
            }
            List<String> keys = new ArrayList<>();
            for (Json key : object.array("k")) {
                keys.add(String.valueOf(key.textOrNull()));
            }
            SchemaNode items = object.get("i") instanceof JsonObject nested
                    ? new Numbered(all, JsonObject.of("*", nested)).field("*")
                    : definition(all, object.get("i"));
            return new ListOf(items, isMerge(object.text("s", "")), keys);
        }

        @Override
        public @Nullable SchemaNode items() {
            return null;
        }

        @Override
        public boolean merges() {
            return false;
        }

        @Override
        public List<String> mergeKeys() {
            return List.of();
        }
    }

    private record MapOf(@Nullable SchemaNode values) implements SchemaNode {
        @Override
        public @Nullable SchemaNode field(String name) {
            return values;
        }

        @Override
        public @Nullable SchemaNode items() {
            return null;
        }

        @Override
        public boolean merges() {
            return false;
        }

        @Override
        public List<String> mergeKeys() {
            return List.of();
        }
    }

    private record ListOf(@Nullable SchemaNode items, boolean merges, List<String> mergeKeys) implements SchemaNode {
        @Override
        public @Nullable SchemaNode field(String name) {
            return null;
        }
    }

    private static boolean isMerge(String strategy) {
        return "merge".equals(strategy) || strategy.startsWith("merge,") || strategy.endsWith(",merge");
    }

    // ---- a document of the user's

    /**
     * The types and scopes of an OpenAPI (version 2) document.
     *
     * @param below schema whose types stay where the document says nothing; {@code null} for none
     */
    public static Schema openApi(JsonObject document, @Nullable Schema below) {
        Definitions definitions =
                new Definitions(document.object("definitions"), below == null ? Collections.emptyMap() : below.byName);
        Map<Gvk, SchemaNode> types = new LinkedHashMap<>(below == null ? Collections.emptyMap() : below.types);
        definitions.own.forEach((name, value) -> {
            if (value instanceof JsonObject schema) {
                for (Json gvk : schema.array("x-kubernetes-group-version-kind")) {
                    if (gvk instanceof JsonObject object) {
                        types.put(gvk(object), new Documented(definitions, schema));
                    }
                }
            }
        });
        Map<Gvk, Boolean> namespaced = new LinkedHashMap<>();
        document.object("paths").forEach((path, value) -> {
            if (value instanceof JsonObject operations) {
                JsonObject gvk = operations.object("get").object("x-kubernetes-group-version-kind");
                if (!gvk.isEmpty()) {
                    namespaced.merge(gvk(gvk), path.contains("namespaces/{namespace}"), Boolean::logicalOr);
                }
            }
        });
        return new Schema(types, namespaced, definitions.below);
    }

    private static Gvk gvk(JsonObject object) {
        return new Gvk(object.text("group", ""), object.text("version", ""), object.text("kind", ""));
    }

    private record Definitions(JsonObject own, Map<String, SchemaNode> below) {}

    private record Documented(Definitions definitions, JsonObject schema) implements SchemaNode {
        @Override
        public @Nullable SchemaNode field(String name) {
            JsonObject resolved = resolved();
            SchemaNode known = definitions.below.get(reference(resolved));
            if (known != null) {
                return known.field(name);
            }
            if (resolved.object("properties").get(name) instanceof JsonObject property) {
                return new Documented(definitions, property);
            }
            return resolved.get("additionalProperties") instanceof JsonObject values
                    ? new Documented(definitions, values)
                    : null;
        }

        @Override
        public @Nullable SchemaNode items() {
            return resolved().get("items") instanceof JsonObject items ? new Documented(definitions, items) : null;
        }

        @Override
        public boolean merges() {
            return isMerge(extension("x-kubernetes-patch-strategy"));
        }

        @Override
        public List<String> mergeKeys() {
            List<String> keys = new ArrayList<>();
            for (Json key : schema.array("x-kubernetes-list-map-keys")) {
                keys.add(String.valueOf(key.textOrNull()));
            }
            String single = extension("x-kubernetes-patch-merge-key");
            if (keys.isEmpty() && !single.isEmpty()) {
                keys.add(single);
            }
            return keys;
        }

        private String extension(String name) {
            String own = schema.text(name, "");
            return own.isEmpty() ? resolved().text(name, "") : own;
        }

        private JsonObject resolved() {
            JsonObject at = schema;
            for (int hops = 0; hops < 20; hops++) {
                String name = reference(at);
                if (name.isEmpty() || (!definitions.own.has(name) && definitions.below.containsKey(name))) {
                    return at;
                }
                at = definitions.own.object(name);
            }
            return at;
        }

        private static String reference(JsonObject schema) {
            String ref = schema.text("$ref", "");
            int at = ref.lastIndexOf("definitions/");
            return at < 0 ? ref : ref.substring(at + "definitions/".length());
        }
    }
}
