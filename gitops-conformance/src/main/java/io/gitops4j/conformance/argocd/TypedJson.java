package io.gitops4j.conformance.argocd;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import java.util.Set;

/** An Application as a typed client writes it: empty optional fields left out, required ones always there. */
final class TypedJson {
    private static final Set<String> ALWAYS = Set.of("project", "repoURL", "destination", "metadata", "spec", "prune");

    private static final Set<String> MAPS =
            Set.of("labels", "annotations", "commonLabels", "commonAnnotations", "matchLabels");

    private TypedJson() {}

    static JsonObject application(JsonObject application) {
        return (JsonObject) without(application);
    }

    private static Json without(Json value) {
        if (value instanceof JsonArray array) {
            JsonArray.Builder out = JsonArray.builder();
            array.forEach(item -> out.add(without(item)));
            return out.build();
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        JsonObject.Builder out = JsonObject.builder();
        object.forEach((key, item) -> {
            // the entries of a map are written whatever they hold, unlike optional fields
            Json kept = MAPS.contains(key) && item instanceof JsonObject map ? map : without(item);
            if (ALWAYS.contains(key) || key.equals("labels") || key.equals("annotations") || !isEmpty(kept)) {
                if (!isEmptyMap(key, kept)) {
                    out.put(key, kept);
                }
            }
        });
        return out.build();
    }

    private static boolean isEmptyMap(String key, Json value) {
        return (key.equals("labels") || key.equals("annotations"))
                && value instanceof JsonObject object
                && object.isEmpty();
    }

    private static boolean isEmpty(Json value) {
        return value.isNull()
                || "".equals(value.textOrNull())
                || value instanceof JsonBool bool && !bool.value()
                || value instanceof JsonArray array && array.isEmpty();
    }
}
