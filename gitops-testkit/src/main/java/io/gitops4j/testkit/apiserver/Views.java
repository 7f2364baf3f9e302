package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/** How stored objects look in one of the versions of their kind. */
final class Views {
    private final ResourceType type;
    private final String version;

    Views(ResourceType type, String version) {
        this.type = type;
        this.version = version;
    }

    /** The object as this version shows it. */
    JsonObject of(JsonObject stored) {
        return convert(stored, type.apiVersion(version));
    }

    /** The object as an item of a list. */
    JsonObject inList(JsonObject stored) {
        return of(stored);
    }

    /** Between the versions of a kind only the apiVersion differs, but for autoscalers. */
    static JsonObject convert(JsonObject object, String apiVersion) {
        boolean same = apiVersion.equals(object.text("apiVersion"));
        if (!same && AutoscalerVersions.concerns(object, apiVersion)) {
            return AutoscalerVersions.convert(object, apiVersion);
        }
        return apiVersion.equals(object.text("apiVersion")) ? object : object.with("apiVersion", Json.of(apiVersion));
    }
}
