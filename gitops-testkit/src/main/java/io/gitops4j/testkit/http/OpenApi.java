package io.gitops4j.testkit.http;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.testkit.apiserver.CustomType;
import io.gitops4j.testkit.apiserver.ResourceType;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import io.gitops4j.testkit.apiserver.ResourceTypes;
import io.gitops4j.testkit.apiserver.SchemaDocument;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** OpenAPI documents of the served kinds, made when they are asked for. Descriptions there are only for custom kinds. */
final class OpenApi {
    private final ResourceTypes types;

    OpenApi(ResourceTypes types) {
        this.types = types;
    }

    /** {@code /openapi/v3}: which documents there are. */
    JsonObject index() {
        JsonObject.Builder paths = JsonObject.builder();
        for (ResourceType type : types.all()) {
            for (String version : type.versions()) {
                String path = path(type, version);
                String hash = Integer.toHexString(type.hashCode());
                paths.put(path, JsonObject.of("serverRelativeURL", Json.of("/openapi/v3/" + path + "?hash=" + hash)));
            }
        }
        return JsonObject.of("paths", paths.build());
    }

    private static String path(ResourceType type, String version) {
        return type.group().isEmpty() ? "api/" + version : "apis/" + type.group() + "/" + version;
    }

    /** The document of {@code api/v1} or {@code apis/GROUP/VERSION}; {@code null} when it is not served. */
    @Nullable
    JsonObject v3(String path) {
        JsonObject.Builder paths = JsonObject.builder();
        SchemaDocument schemas = new SchemaDocument("#/components/schemas/");
        boolean any = false;
        for (ResourceType type : types.all()) {
            for (String version : type.versions()) {
                if (path(type, version).equals(path)) {
                    any = true;
                    paths(type, version, paths);
                    schema(type, version, schemas);
                }
            }
        }
        return !any
                ? null
                : JsonObject.builder()
                        .put("openapi", "3.0.0")
                        .put("info", info())
                        .put("paths", paths.build())
                        .put("components", JsonObject.of("schemas", schemas.build()))
                        .build();
    }

    /** The document of everything in the older form. */
    JsonObject v2() {
        SchemaDocument schemas = new SchemaDocument("#/definitions/");
        for (ResourceType type : types.all()) {
            type.versions().forEach(version -> schema(type, version, schemas));
        }
        return JsonObject.builder()
                .put("swagger", "2.0")
                .put("info", info())
                .put("paths", JsonObject.empty())
                .put("definitions", schemas.build())
                .build();
    }

    private static JsonObject info() {
        return JsonObject.of("title", Json.of("Kubernetes"), "version", Json.of("v1.36.0"));
    }

    private static void schema(ResourceType type, String version, SchemaDocument schemas) {
        CustomType custom = type.crd();
        JsonObject kind = gvk(type, version);
        if (custom != null) {
            schemas.custom(
                    "io." + type.group() + "." + version + "." + type.kind(), custom.openApiSchema(version), kind);
        } else {
            schemas.builtIn(KubernetesSchema.v1_36().kind(type.apiVersion(version), type.kind()), kind);
        }
    }

    private static JsonObject gvk(ResourceType type, String version) {
        return JsonObject.builder()
                .put("group", type.group())
                .put("kind", type.kind())
                .put("version", version)
                .build();
    }

    private static void paths(ResourceType type, String version, JsonObject.Builder paths) {
        String base =
                "/" + path(type, version) + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        JsonObject gvk = gvk(type, version);
        JsonObject.Builder collection = JsonObject.builder().put("post", operation("post", gvk, null));
        if (!type.has(Trait.VIRTUAL)) {
            collection.put("get", operation("list", gvk, null));
        }
        paths.put(base, collection.build());
        if (type.has(Trait.VIRTUAL)) {
            return;
        }
        JsonObject item = JsonObject.builder()
                .put("get", operation("get", gvk, null))
                .put("put", operation("put", gvk, null))
                .put("patch", operation("patch", gvk, patchBody(type)))
                .put("delete", operation("delete", gvk, null))
                .build();
        paths.put(base + "/{name}", item);
        if (type.has(Trait.STATUS)) {
            paths.put(base + "/{name}/status", item.without("delete"));
        }
    }

    private static JsonObject operation(String action, JsonObject gvk, @Nullable JsonObject body) {
        JsonArray.Builder parameters = JsonArray.builder();
        if (!action.equals("get") && !action.equals("list")) {
            for (String name : new String[] {"dryRun", "fieldManager", "fieldValidation"}) {
                parameters.add(parameter(name));
            }
            if (action.equals("patch")) {
                parameters.add(parameter("force"));
            }
        }
        return JsonObject.builder()
                .put("parameters", parameters.build())
                .putIfPresent("requestBody", body)
                .put("responses", JsonObject.of("200", JsonObject.of("description", Json.of("OK"))))
                .put("x-kubernetes-action", action)
                .put("x-kubernetes-group-version-kind", gvk)
                .build();
    }

    private static JsonObject parameter(String name) {
        String type = name.equals("force") ? "boolean" : "string";
        return JsonObject.builder()
                .put("name", name)
                .put("in", "query")
                .put("schema", JsonObject.of("type", Json.of(type)))
                .build();
    }

    private static JsonObject patchBody(ResourceType type) {
        Map<String, Json> content = new TreeMap<>();
        JsonObject any = JsonObject.of("schema", JsonObject.of("type", Json.of("object")));
        content.put("application/json-patch+json", any);
        content.put("application/merge-patch+json", any);
        content.put("application/apply-patch+yaml", any);
        if (!type.isCustom()) {
            content.put("application/strategic-merge-patch+json", any);
        }
        return JsonObject.of("content", Json.object(content));
    }
}
