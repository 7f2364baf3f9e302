package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.ClusterReader;
import io.gitops4j.spi.MetricsProvider;

/**
 * The metric that is an object of the cluster, such as a custom resource that another tool writes its verdict into: the answer
 * is the object. In Argo's schema it is written as a plugin, {@code provider: {plugin: {kubernetes: {apiVersion, kind, name,
 * jsonPath}}}}.
 */
final class ObjectMetric implements MetricsProvider {
    private final ClusterReader cluster;
    private final String namespace;

    ObjectMetric(ClusterReader cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public Response ask(Request request) {
        JsonObject config = request.config();
        Gvk gvk = Gvk.of(config.text("apiVersion", ""), config.text("kind", ""));
        // an analysis reads what its own namespace holds, and cluster-wide objects
        boolean wide = config.bool("clusterScope", false);
        ObjectRef ref = ObjectRef.of(gvk, wide ? "" : namespace, config.text("name", ""));
        if (gvk.kind().equals("Secret")) {
            return Response.failed("a metric may not read Secrets");
        }
        try {
            return cluster.get(ref)
                    .map(Json::toJson)
                    .map(Response::ok)
                    .orElseGet(() -> Response.failed(gvk.kind() + " \"" + ref.name() + "\" not found"));
        } catch (ApiException e) {
            return Response.failed(String.valueOf(e.getMessage()));
        }
    }
}
