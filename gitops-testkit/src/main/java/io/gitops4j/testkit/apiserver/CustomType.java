package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a CustomResourceDefinition says of its kind beyond the names.
 *
 * @param definition name of the definition
 * @param versions the entries of {@code spec.versions} by name, in order
 */
public record CustomType(String definition, Map<String, JsonObject> versions) {

    /** What {@code crd} defines. */
    static CustomType of(JsonObject crd) {
        Map<String, JsonObject> versions = new LinkedHashMap<>();
        for (Json item : crd.object("spec").array("versions")) {
            if (item instanceof JsonObject version) {
                versions.put(version.text("name", ""), version);
            }
        }
        return new CustomType(crd.object("metadata").text("name", ""), versions);
    }

    /** The structural schema of a version; {@code null} when it has none. */
    @Nullable
    JsonObject schema(String version) {
        JsonObject entry = versions.get(version);
        Json schema = entry == null ? null : entry.find("schema", "openAPIV3Schema");
        return schema instanceof JsonObject object ? object : null;
    }

    /** The schema of a version for a document; {@code null} when it has none. */
    public @Nullable JsonObject openApiSchema(String version) {
        return schema(version);
    }

    /** A subresource's entry, {@code null} when the version has none of this name. */
    @Nullable
    JsonObject subresource(String version, String name) {
        JsonObject entry = versions.get(version);
        Json found = entry == null ? null : entry.find("subresources", name);
        return found instanceof JsonObject object ? object : null;
    }
}
