package io.gitops4j.kustomize.internal.resource;

import io.gitops4j.manifest.Gvk;

/**
 * The identity of a resource in a build. Two ids are equal when kind, name and <em>effective</em> namespace are: no namespace
 * means {@code default}, and a cluster-scoped kind has none at all.
 *
 * @param gvk group, version, kind
 * @param name name
 * @param namespace namespace as written, {@code ""} where none is
 * @param clusterScoped whether the kind is known to be cluster-scoped
 */
public record ResId(Gvk gvk, String name, String namespace, boolean clusterScoped) {
    /** The effective namespace of cluster-scoped kinds. */
    public static final String NOT_NAMESPACED = "_non_namespaceable_";

    /** The namespace that comparisons use. */
    public String effectiveNamespace() {
        return clusterScoped ? NOT_NAMESPACED : namespace.isEmpty() ? "default" : namespace;
    }

    /** What ids are looked up by. */
    public Key key() {
        return new Key(gvk, name, effectiveNamespace());
    }

    /** {@code Deployment.v1.apps/web.[noNs]}. */
    public String text() {
        return Gvks.text(gvk) + "/" + Gvks.or(name, "[noName]") + "." + Gvks.or(namespace, "[noNs]");
    }

    @Override
    public String toString() {
        return text();
    }

    /** An id by what makes it equal to another. */
    public record Key(Gvk gvk, String name, String namespace) {}
}
