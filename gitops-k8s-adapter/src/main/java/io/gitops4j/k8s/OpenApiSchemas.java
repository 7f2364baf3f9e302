package io.gitops4j.k8s;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The OpenAPI v3 schemas of a server, one document a group version, kept by the hash that the server gives it. References are
 * put in place; a schema that contains itself ends in an object of unknown fields.
 */
final class OpenApiSchemas {
    private final ApiClient client;
    private final Map<String, JsonObject> documents = new LinkedHashMap<>();
    private final Map<Gvk, Optional<JsonObject>> resolved = new LinkedHashMap<>();
    private JsonObject index = JsonObject.empty();

    OpenApiSchemas(ApiClient client) {
        this.client = client;
    }

    synchronized Optional<JsonObject> schema(Gvk gvk) {
        Optional<JsonObject> known = resolved.get(gvk);
        if (known != null) {
            return known;
        }
        Optional<JsonObject> found = find(gvk);
        resolved.put(gvk, found);
        return found;
    }

    synchronized void forget() {
        index = JsonObject.empty();
        resolved.clear();
    }

    private Optional<JsonObject> find(Gvk gvk) {
        if (index.isEmpty()) {
            index = client.get("/openapi/v3").object("paths");
        }
        String path = ApiPath.group(gvk).substring(1);
        String url = index.object(path).text("serverRelativeURL", "");
        if (url.isEmpty()) {
            return Optional.empty();
        }
        JsonObject document;
        try {
            document = documents.computeIfAbsent(url, client::get);
        } catch (ApiException e) {
            return Optional.empty();
        }
        JsonObject schemas = document.object("components").object("schemas");
        for (Map.Entry<String, Json> entry : schemas.asMap().entrySet()) {
            if (entry.getValue() instanceof JsonObject schema && isOf(schema, gvk)) {
                return Optional.of(new References(schemas).resolve(entry.getKey()));
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(JsonObject schema, Gvk gvk) {
        for (Json item : schema.array("x-kubernetes-group-version-kind")) {
            JsonObject named = (JsonObject) item;
            if (gvk.kind().equals(named.text("kind"))
                    && gvk.version().equals(named.text("version"))
                    && gvk.group().equals(named.text("group"))) {
                return true;
            }
        }
        return false;
    }

    /** Puts the referred schemas in place, each once, shared. */
    private static final class References {
        private static final String PREFIX = "#/components/schemas/";
        private static final JsonObject OPEN =
                JsonObject.of("type", Json.of("object"), "x-kubernetes-preserve-unknown-fields", Json.of(true));

        private final JsonObject schemas;
        private final Map<String, JsonObject> done = new LinkedHashMap<>();

        References(JsonObject schemas) {
            this.schemas = schemas;
        }

        JsonObject resolve(String name) {
            JsonObject known = done.get(name);
            if (known != null) {
                return known;
            }
            // While it is being resolved, a reference back to it finds the open schema.
            done.put(name, OPEN);
            JsonObject whole = (JsonObject) replace(schemas.object(name));
            done.put(name, whole);
            return whole;
        }

        private Json replace(Json value) {
            if (value instanceof JsonArray array) {
                JsonArray.Builder out = JsonArray.builder();
                array.forEach(item -> out.add(replace(item)));
                return out.build();
            }
            if (!(value instanceof JsonObject object)) {
                return value;
            }
            String reference = object.text("$ref");
            if (reference != null && reference.startsWith(PREFIX)) {
                return resolve(reference.substring(PREFIX.length()));
            }
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((key, member) -> out.put(key, replace(member)));
            JsonObject replaced = out.build();
            // A reference that carries a description or default is written as allOf of one.
            if (replaced.array("allOf").size() == 1 && replaced.array("allOf").get(0) instanceof JsonObject only) {
                JsonObject.Builder merged = only.toBuilder();
                replaced.without("allOf").forEach(merged::put);
                return merged.build();
            }
            return replaced;
        }
    }
}
