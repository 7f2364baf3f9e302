package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.resource.ResMap;

/** Changes resources. */
public interface Transformer {

    /** Changes the resources of the map. */
    void transform(ResMap map);
}
