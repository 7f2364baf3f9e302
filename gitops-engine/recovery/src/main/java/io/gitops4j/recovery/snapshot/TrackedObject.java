package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;

/**
 * An object that Git holds: named in a snapshot, not kept in it.
 *
 * @param ref which object
 * @param app the Application that brings it
 */
public record TrackedObject(ObjectRef ref, String app) {

    JsonObject toJson() {
        return JsonObject.builder()
                .put("apiVersion", ref.gvk().apiVersion())
                .put("kind", ref.gvk().kind())
                .put("ns", ref.namespace())
                .put("name", ref.name())
                .put("app", app)
                .build();
    }

    static TrackedObject from(JsonObject json) {
        return new TrackedObject(
                ObjectRef.of(
                        Gvk.of(json.text("apiVersion", ""), json.text("kind", "")),
                        json.text("ns", ""),
                        json.text("name", "")),
                json.text("app", ""));
    }
}
