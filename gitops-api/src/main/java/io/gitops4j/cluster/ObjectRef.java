package io.gitops4j.cluster;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;

/**
 * One object of a cluster, or one subresource of it.
 *
 * @param gvk group, version and kind
 * @param namespace namespace, {@code ""} for cluster-scoped kinds
 * @param name name
 * @param subresource {@code status}, {@code scale}, …, {@code ""} for the object itself
 */
public record ObjectRef(Gvk gvk, String namespace, String name, String subresource) {

    /** The object itself. */
    public static ObjectRef of(Gvk gvk, String namespace, String name) {
        return new ObjectRef(gvk, namespace, name, "");
    }

    /** The object that {@code body} describes. */
    public static ObjectRef of(JsonObject body) {
        JsonObject metadata = body.object("metadata");
        return of(
                Gvk.of(body.text("apiVersion", ""), body.text("kind", "")),
                metadata.text("namespace", ""),
                metadata.text("name", ""));
    }

    /** A subresource of this object. */
    public ObjectRef sub(String name) {
        return new ObjectRef(gvk, namespace, this.name, name);
    }

    /** The key, without version and subresource. */
    public ResourceKey key() {
        return new ResourceKey(gvk.group(), gvk.kind(), namespace, name);
    }
}
