package io.gitops4j.kustomize.internal.resource;

import io.gitops4j.manifest.Gvk;

/** Which kinds are known to be cluster-scoped; unknown kinds count as namespaced. */
public interface Scopes {

    /** Whether the kind is known to be cluster-scoped. */
    boolean clusterScoped(Gvk gvk);
}
