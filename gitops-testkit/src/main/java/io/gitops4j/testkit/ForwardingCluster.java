package io.gitops4j.testkit;

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
import java.util.function.Supplier;

/**
 * A cluster that hands every call on, to be overridden where a test wants something else: one method, or {@link #call}, through
 * which gets, lists, watches and writes go.
 */
public class ForwardingCluster implements Cluster {
    private final Cluster cluster;

    /** A cluster in front of another. */
    public ForwardingCluster(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Makes a call that reads or writes; the place for what happens at any of them. */
    protected <T> T call(Supplier<T> call) {
        return call.get();
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
        return call(() -> cluster.get(ref));
    }

    @Override
    public ListPage list(ListQuery query) {
        return call(() -> cluster.list(query));
    }

    @Override
    public Watch watch(ListQuery query) {
        return call(() -> cluster.watch(query));
    }

    @Override
    public ListPage listMetadata(ListQuery query) {
        return call(() -> cluster.listMetadata(query));
    }

    @Override
    public Watch watchMetadata(ListQuery query) {
        return call(() -> cluster.watchMetadata(query));
    }

    @Override
    public JsonObject create(JsonObject object, WriteOptions options) {
        return call(() -> cluster.create(object, options));
    }

    @Override
    public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
        return call(() -> cluster.replace(ref, object, options));
    }

    @Override
    public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
        return call(() -> cluster.patch(ref, type, patch, options));
    }

    @Override
    public JsonObject delete(ObjectRef ref, DeleteOptions options) {
        return call(() -> cluster.delete(ref, options));
    }

    @Override
    public void evict(ObjectRef pod, DeleteOptions options) {
        call(() -> {
            cluster.evict(pod, options);
            return pod;
        });
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
