package io.gitops4j.spi;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.List;
import java.util.Optional;

/** What a cluster serves. */
public interface ClusterDiscovery {

    /** Every kind of every served version, sorted by group, version and kind. */
    List<ApiResource> resources();

    /** The resource of a kind; empty when the cluster does not serve it. */
    default Optional<ApiResource> resource(Gvk gvk) {
        return resources().stream().filter(r -> r.gvk().equals(gvk)).findFirst();
    }

    /** The OpenAPI v3 schema of a kind with its {@code x-kubernetes-*} extensions; empty when there is none. */
    Optional<JsonObject> schema(Gvk gvk);

    /** The server's version, {@code v1.36.0}. */
    String version();
}
