package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import org.jspecify.annotations.Nullable;

/** What a kind does to its objects before they are admitted and stored: status dropped, fixed fields set, addresses given. */
final class Preparation {

    /** A new object. */
    JsonObject create(WriteContext write, JsonObject object) {
        JsonObject out = object;
        if (write.type.has(Trait.STATUS)) {
            out = out.without("status");
        }
        return write.type.qualifiedResource().equals("namespaces") ? namespace(out) : out;
    }

    /** A changed object. */
    JsonObject update(WriteContext write, JsonObject live, JsonObject object) {
        return object;
    }

    /** What is given out at storage time, such as a Service's address. */
    JsonObject allocate(WriteContext write, @Nullable JsonObject live, JsonObject object) {
        return object;
    }

    private static JsonObject namespace(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        JsonObject labels =
                metadata.object("labels").with("kubernetes.io/metadata.name", Json.of(metadata.text("name", "")));
        return object.with("metadata", metadata.with("labels", labels))
                .with("spec", object.object("spec").with("finalizers", JsonArray.of(Json.of("kubernetes"))))
                .with("status", JsonObject.of("phase", Json.of("Active")));
    }
}
