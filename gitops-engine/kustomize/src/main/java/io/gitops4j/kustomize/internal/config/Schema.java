package io.gitops4j.kustomize.internal.config;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types by group, version and kind: the built-in table, or the definitions of an OpenAPI document. Immutable. */
public final class Schema {
    private final Map<Gvk, SchemaNode> types;
    private final Map<Gvk, Boolean> namespaced;

    private Schema(Map<Gvk, SchemaNode> types, Map<Gvk, Boolean> namespaced) {
        this.types = types;
        this.namespaced = namespaced;
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
        return new Schema(types, Map.of());
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

    /** The types and scopes of an OpenAPI (version 2) document. */
    public static Schema openApi(JsonObject document) {
        JsonObject definitions = document.object("definitions");
        Map<Gvk, SchemaNode> types = new LinkedHashMap<>();
        definitions.forEach((name, value) -> {
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
        return new Schema(types, namespaced);
    }

    private static Gvk gvk(JsonObject object) {
        return new Gvk(object.text("group", ""), object.text("version", ""), object.text("kind", ""));
    }

    private record Documented(JsonObject definitions, JsonObject schema) implements SchemaNode {
        @Override
        public @Nullable SchemaNode field(String name) {
            JsonObject resolved = resolved();
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
                String ref = at.text("$ref");
                if (ref == null) {
                    return at;
                }
                at = definitions.object(
                        ref.substring(ref.lastIndexOf("definitions/") < 0 ? 0 : ref.lastIndexOf("definitions/") + 12));
            }
            return at;
        }
    }
}
