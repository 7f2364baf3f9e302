package io.gitops4j.engine;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import java.util.List;
import java.util.Optional;

/** A cluster that hands every call on, to be overridden where a test wants something else. */
class Forwarding implements Cluster {
    private final Cluster cluster;

    Forwarding(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return cluster.name();
    }

    @Override
    public String server() {
        return cluster.server();
    }

    @Override
    public Optional<JsonObject> get(ObjectRef ref) {
        return cluster.get(ref);
    }

    @Override
    public ListPage list(ListQuery query) {
        return cluster.list(query);
    }

    @Override
    public Watch watch(ListQuery query) {
        return cluster.watch(query);
    }

    @Override
    public ListPage listMetadata(ListQuery query) {
        return cluster.listMetadata(query);
    }

    @Override
    public Watch watchMetadata(ListQuery query) {
        return cluster.watchMetadata(query);
    }

    @Override
    public JsonObject create(JsonObject object, WriteOptions options) {
        return cluster.create(object, options);
    }

    @Override
    public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
        return cluster.replace(ref, object, options);
    }

    @Override
    public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
        return cluster.patch(ref, type, patch, options);
    }

    @Override
    public JsonObject delete(ObjectRef ref, DeleteOptions options) {
        return cluster.delete(ref, options);
    }

    @Override
    public void evict(ObjectRef pod, DeleteOptions options) {
        cluster.evict(pod, options);
    }

    @Override
    public List<ApiResource> resources() {
        return cluster.resources();
    }

    @Override
    public Optional<JsonObject> schema(Gvk gvk) {
        return cluster.schema(gvk);
    }

    @Override
    public String version() {
        return cluster.version();
    }
}
