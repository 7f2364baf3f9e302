package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.List;

/** The parts of requests and namespaces that expressions may see. */
final class AdmissionFields {
    private static final List<String> REQUEST = List.of(
            "kind",
            "resource",
            "subResource",
            "requestKind",
            "requestResource",
            "requestSubResource",
            "name",
            "namespace",
            "operation",
            "userInfo",
            "dryRun",
            "options");
    private static final List<String> METADATA = List.of(
            "name",
            "generateName",
            "namespace",
            "labels",
            "annotations",
            "UID",
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "generation",
            "resourceVersion",
            "finalizers");

    private AdmissionFields() {}

    /** The request without its objects. */
    static JsonObject request(JsonObject request) {
        return only(request, REQUEST);
    }

    /** The namespace's known metadata, spec and status; null for none. */
    static Json namespace(JsonObject namespace) {
        return namespace.isEmpty()
                ? Json.nul()
                : only(namespace, List.of("metadata", "spec", "status"))
                        .with("metadata", only(namespace.object("metadata"), METADATA));
    }

    private static JsonObject only(JsonObject object, List<String> members) {
        JsonObject.Builder kept = JsonObject.builder();
        object.forEach((name, value) -> {
            if (members.contains(name) && value.kind() != Json.Kind.NULL) {
                kept.put(name, value);
            }
        });
        return kept.build();
    }
}
