package io.gitops4j.testkit;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiRequest.Params;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import io.gitops4j.testkit.apiserver.ApiRequest.Verb;
import io.gitops4j.testkit.apiserver.CustomType;
import io.gitops4j.testkit.apiserver.ResourceType;
import io.gitops4j.testkit.apiserver.SchemaDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A {@link FakeCluster} as one user sees it: the SPI's words turned into requests. */
final class ClusterView implements Cluster {
    private final FakeCluster cluster;
    private final User user;
    private final Duration lag;

    ClusterView(FakeCluster cluster, User user, Duration lag) {
        this.cluster = cluster;
        this.user = user;
        this.lag = lag;
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
        try {
            return Optional.of(cluster.call(ApiRequest.get(ref, user), lag).object());
        } catch (ApiException refusal) {
            if (refusal.isNotFound()) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    @Override
    public ListPage list(ListQuery query) {
        JsonObject list =
                cluster.call(ApiRequest.list(Verb.LIST, query, user), lag).object();
        List<JsonObject> items = new ArrayList<>();
        for (Json item : list.array("items")) {
            items.add((JsonObject) item);
        }
        JsonObject metadata = list.object("metadata");
        String token = metadata.text("continue", "");
        long remaining =
                metadata.get("remainingItemCount") instanceof JsonNumber n ? n.longValue() : token.isEmpty() ? 0 : -1;
        return new ListPage(items, metadata.text("resourceVersion", ""), token, remaining);
    }

    @Override
    public Watch watch(ListQuery query) {
        return cluster.open(ApiRequest.list(Verb.WATCH, query, user), false, lag);
    }

    @Override
    public JsonObject create(JsonObject object, WriteOptions options) {
        ObjectRef ref = scoped(ObjectRef.of(object));
        return cluster.call(ApiRequest.write(Verb.CREATE, ref, object, params(options), user))
                .object();
    }

    @Override
    public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
        return cluster.call(ApiRequest.write(Verb.UPDATE, ref, locked(object, options), params(options), user))
                .object();
    }

    @Override
    public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
        Params params = params(options);
        boolean apply = type == PatchType.APPLY;
        Json body = patch instanceof JsonObject object && type != PatchType.JSON ? locked(object, options) : patch;
        Params sent = new Params(
                params.fieldManager(),
                apply ? Boolean.valueOf(options.force()) : null,
                params.fieldValidation(),
                params.dryRun(),
                params.strictErrors(),
                params.userAgent());
        return cluster.call(ApiRequest.patch(ref, type, body, sent, user)).object();
    }

    @Override
    public JsonObject delete(ObjectRef ref, DeleteOptions options) {
        return cluster.call(ApiRequest.delete(ref, options, user)).object();
    }

    @Override
    public void evict(ObjectRef pod, DeleteOptions options) {
        cluster.call(ApiRequest.evict(pod, options, user));
    }

    @Override
    public List<ApiResource> resources() {
        List<ApiResource> resources = new ArrayList<>();
        for (ResourceType type : cluster.api().types().all()) {
            type.versions().forEach(version -> resources.add(type.toApiResource(version)));
        }
        resources.sort(Comparator.comparing(ApiResource::gvk));
        return List.copyOf(resources);
    }

    @Override
    public Optional<JsonObject> schema(Gvk gvk) {
        ResourceType type = cluster.api().types().find(gvk);
        if (type == null) {
            return Optional.empty();
        }
        CustomType custom = type.crd();
        if (custom != null) {
            return Optional.of(SchemaDocument.whole(custom.openApiSchema(gvk.version())));
        }
        SchemaType builtIn = KubernetesSchema.v1_36().kind(type.apiVersion(gvk.version()), gvk.kind());
        return Optional.ofNullable(builtIn).map(SchemaDocument::whole);
    }

    @Override
    public String version() {
        return cluster.version();
    }

    /** A body without a namespace goes to {@code default}, as kubectl sends it. */
    private ObjectRef scoped(ObjectRef ref) {
        ResourceType type = cluster.api().types().find(ref.gvk());
        return type != null && type.namespaced() && ref.namespace().isEmpty()
                ? new ObjectRef(ref.gvk(), "default", ref.name(), ref.subresource())
                : ref;
    }

    private static JsonObject locked(JsonObject object, WriteOptions options) {
        JsonObject metadata = object.object("metadata");
        String uid = options.uid();
        String version = options.resourceVersion();
        metadata = uid == null ? metadata : metadata.with("uid", Json.of(uid));
        metadata = version == null ? metadata : metadata.with("resourceVersion", Json.of(version));
        return uid == null && version == null ? object : object.with("metadata", metadata);
    }

    private static Params params(WriteOptions options) {
        return new Params(
                options.fieldManager(),
                null,
                options.fieldValidation(),
                options.dryRun() ? List.of("All") : List.of(),
                List.of(),
                "gitops4j/1");
    }
}
