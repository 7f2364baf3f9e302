package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonObject;
import java.util.List;

/** The form in which objects are kept: what the server numbers anew with every write stands in the entry, not in the blob. */
final class ObjectForm {
    private static final List<String> SERVER_SIDE =
            List.of("managedFields", "resourceVersion", "uid", "selfLink", "generation");

    private ObjectForm() {}

    static JsonObject normalised(JsonObject live) {
        JsonObject metadata = live.object("metadata");
        for (String field : SERVER_SIDE) {
            metadata = metadata.without(field);
        }
        return live.with("metadata", metadata);
    }
}
