package io.gitops4j.recovery;

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

/** A cluster whose caller dies at its k-th call, before the call takes effect or after, and never calls again. */
public final class MortalCluster implements Cluster {
    private final Cluster cluster;
    private final int lastCall;
    private final boolean after;
    private int calls;
    private boolean dead;

    public MortalCluster(Cluster cluster, int lastCall, boolean after) {
        this.cluster = cluster;
        this.lastCall = lastCall;
        this.after = after;
    }

    /** The end of the process. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    public int calls() {
        return calls;
    }

    private <T> T call(Supplier<T> call) {
        if (dead) {
            throw new Killed();
        }
        calls++;
        dead = calls == lastCall;
        if (dead && !after) {
            throw new Killed();
        }
        T answer = call.get();
        if (dead) {
            throw new Killed();
        }
        return answer;
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
        return cluster.watch(query);
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
