package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PartialMetadata;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Impersonator;
import io.gitops4j.spi.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The cluster SPI on a real API server. Safe for use by several threads; closing it closes the client. */
public final class KubernetesCluster implements Cluster, AutoCloseable {
    private static final int PAGE = 500;
    private static final String WHOLE = "application/json";
    /** A server that cannot leave the rest away may send whole objects. */
    private static final String METADATA =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    private static final String METADATA_LIST =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    private final String name;
    private final ApiClient client;
    private final Discovery discovery;
    private final OpenApiSchemas schemas;

    private KubernetesCluster(String name, ApiClient client) {
        this.name = name;
        this.client = client;
        this.discovery = new Discovery(client);
        this.schemas = new OpenApiSchemas(client);
    }

    /** A cluster that is reached through {@code client}. */
    public static KubernetesCluster of(String name, KubernetesClient client, ClientOptions options) {
        return new KubernetesCluster(name, new ApiClient(client, options));
    }

    /** The same cluster as another user sees it, for every call; it ends with this one and need not be closed. */
    public KubernetesCluster as(String user, List<String> groups) {
        return new KubernetesCluster(name, client.as(user, groups));
    }

    /** Gives clusters of this class as others see them. */
    public static Impersonator impersonator() {
        return (cluster, user) -> {
            if (cluster instanceof KubernetesCluster real) {
                return real.as(user, List.of());
            }
            throw new IllegalArgumentException("cluster " + cluster.name() + " is no KubernetesCluster");
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String server() {
        return client.base();
    }

    @Override
    public Optional<JsonObject> get(ObjectRef ref) {
        String path = ApiPath.object(known(ref.gvk()), ref);
        try {
            return Optional.of(client.get(path));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public ListPage list(ListQuery query) {
        return list(query, WHOLE, item -> typed(item, query.gvk()));
    }

    @Override
    public ListPage listMetadata(ListQuery query) {
        return list(query, METADATA_LIST, item -> PartialMetadata.of(item, query.gvk()));
    }

    private ListPage list(ListQuery query, String accept, UnaryOperator<JsonObject> shape) {
        Map<String, String> parameters = selectors(query);
        parameters.put("limit", query.limit() == 0 ? "" : String.valueOf(query.limit()));
        parameters.put("continue", query.continueToken());
        parameters.put("resourceVersion", query.resourceVersion());
        String path = ApiPath.collection(known(query.gvk()), query.namespace());
        JsonObject list = client.list(ApiPath.withQuery(path, parameters), accept);
        JsonObject metadata = list.object("metadata");
        List<JsonObject> items = new ArrayList<>();
        for (Json item : list.array("items")) {
            items.add(shape.apply((JsonObject) item));
        }
        long remaining = metadata.get("remainingItemCount") instanceof JsonNumber count ? count.longValue() : -1;
        return new ListPage(items, metadata.text("resourceVersion", ""), metadata.text("continue", ""), remaining);
    }

    /** All pages as one; a token that has expired on the way starts the list again. */
    private static ListPage listAll(ListQuery query, Function<ListQuery, ListPage> lister) {
        List<JsonObject> items = new ArrayList<>();
        String token = "";
        String version = "";
        int restarts = 0;
        do {
            try {
                ListPage page = lister.apply(query.after("").page(PAGE, token));
                items.addAll(page.items());
                version = page.resourceVersion();
                token = page.continueToken();
            } catch (ApiException e) {
                if (e.status().code() != 410 || restarts++ > 3) {
                    throw e;
                }
                items.clear();
                token = "";
            }
        } while (!token.isEmpty());
        return new ListPage(items, version, "", 0);
    }

    /** Items of a list carry neither kind nor apiVersion on the wire. */
    private static JsonObject typed(JsonObject item, Gvk gvk) {
        if (item.has("kind") && item.has("apiVersion")) {
            return item;
        }
        JsonObject.Builder out = JsonObject.builder(item.size() + 2)
                .put("apiVersion", gvk.apiVersion())
                .put("kind", gvk.kind());
        item.forEach(out::put);
        return out.build();
    }

    @Override
    public Watch watch(ListQuery query) {
        String path = ApiPath.collection(known(query.gvk()), query.namespace());
        return new WatchStream(client, path, query, WHOLE, object -> object, () -> listAll(query, this::list));
    }

    @Override
    public Watch watchMetadata(ListQuery query) {
        String path = ApiPath.collection(known(query.gvk()), query.namespace());
        return new WatchStream(
                client,
                path,
                query,
                METADATA,
                object -> PartialMetadata.of(object, query.gvk()),
                () -> listAll(query, this::listMetadata));
    }

    @Override
    public JsonObject create(JsonObject object, WriteOptions options) {
        return create(object, options, "application/json");
    }

    @Override
    public JsonObject createBriefly(JsonObject object, WriteOptions options) {
        return named(create(object, options, METADATA), ObjectRef.of(object).gvk());
    }

    private JsonObject create(JsonObject object, WriteOptions options, String accept) {
        ObjectRef ref = ObjectRef.of(object);
        String path = ApiPath.withQuery(ApiPath.collection(known(ref.gvk()), ref.namespace()), writing(options, false));
        try {
            return client.send("POST", path, "application/json", object.toJson(), accept);
        } catch (GitOpsException lost) {
            if (lost instanceof ApiException) {
                throw lost;
            }
            return adopted(ref, object, options).orElseThrow(() -> lost);
        }
    }

    /**
     * What a create made whose answer was lost: the object that is there, when the manager is ours and it says what was sent.
     */
    private Optional<JsonObject> adopted(ObjectRef ref, JsonObject sent, WriteOptions options) {
        try {
            return options.dryRun() || ref.name().isEmpty()
                    ? Optional.empty()
                    : get(ref).filter(live -> LostAnswers.isOurs(sent, live, options.fieldManager()));
        } catch (GitOpsException still) {
            return Optional.empty();
        }
    }

    /**
     * Creates by a subresource of an object, such as an eviction or a token.
     *
     * @param ref the object with the subresource
     */
    public JsonObject createSubresource(ObjectRef ref, JsonObject body, WriteOptions options) {
        String path = ApiPath.withQuery(ApiPath.object(known(ref.gvk()), ref), writing(options, false));
        return client.send("POST", path, "application/json", body);
    }

    @Override
    public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
        JsonObject guarded = guarded(object, options);
        String path = ApiPath.withQuery(ApiPath.object(known(ref.gvk()), ref), writing(options, false));
        return client.send("PUT", path, "application/json", guarded);
    }

    @Override
    public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
        return patch(ref, type, patch, options, "application/json");
    }

    @Override
    public JsonObject applyBriefly(ObjectRef ref, JsonObject object, WriteOptions options) {
        return named(patch(ref, PatchType.APPLY, object, options, METADATA), ref.gvk());
    }

    /** The answer under the name of its kind, also where the server has given its metadata alone. */
    private static JsonObject named(JsonObject answer, Gvk gvk) {
        return answer.with("apiVersion", gvk.apiVersion()).with("kind", gvk.kind());
    }

    private JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options, String accept) {
        Json body = patch instanceof JsonObject object ? guarded(object, options) : patch;
        String path =
                ApiPath.withQuery(ApiPath.object(known(ref.gvk()), ref), writing(options, type == PatchType.APPLY));
        return client.send("PATCH", path, type.contentType(), body.toJson(), accept);
    }

    @Override
    public void evict(ObjectRef pod, DeleteOptions options) {
        JsonObject eviction = JsonObject.builder()
                .put("apiVersion", "policy/v1")
                .put("kind", "Eviction")
                .put("metadata", JsonObject.of("name", Json.of(pod.name()), "namespace", Json.of(pod.namespace())))
                .put("deleteOptions", deleteOptions(options))
                .build();
        client.send("POST", ApiPath.object(known(pod.gvk()), pod.sub("eviction")), "application/json", eviction);
    }

    @Override
    public JsonObject delete(ObjectRef ref, DeleteOptions options) {
        return client.send("DELETE", ApiPath.object(known(ref.gvk()), ref), "application/json", deleteOptions(options));
    }

    private static JsonObject deleteOptions(DeleteOptions options) {
        JsonObject.Builder body = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "DeleteOptions")
                .put("propagationPolicy", options.propagation().wire());
        Integer grace = options.gracePeriodSeconds();
        if (grace != null) {
            body.put("gracePeriodSeconds", grace);
        }
        if (options.uid() != null || options.resourceVersion() != null) {
            body.put(
                    "preconditions",
                    JsonObject.builder()
                            .putIfPresent("uid", options.uid())
                            .putIfPresent("resourceVersion", options.resourceVersion())
                            .build());
        }
        if (options.dryRun()) {
            // A server that finds a body does not look at the parameters of the URL.
            body.put("dryRun", JsonArray.of(Json.of("All")));
        }
        return body.build();
    }

    /**
     * A call that the SPI has no word for, with the same login, limits, retries and failures as every other.
     *
     * @param pathAndQuery {@code /api/v1/namespaces/…?dryRun=All}, encoded
     * @param contentType of the body, ignored for {@code GET}
     */
    public JsonObject raw(String method, String pathAndQuery, String contentType, String body) {
        return method.equals("GET") ? client.get(pathAndQuery) : client.send(method, pathAndQuery, contentType, body);
    }

    @Override
    public List<ApiResource> resources() {
        return discovery.resources();
    }

    @Override
    public Optional<ApiResource> resource(Gvk gvk) {
        return discovery.resource(gvk);
    }

    @Override
    public Optional<JsonObject> schema(Gvk gvk) {
        return schemas.schema(gvk);
    }

    @Override
    public String version() {
        return client.get("/version").text("gitVersion", "");
    }

    /** Forgets kinds and schemas, so that new CustomResourceDefinitions are seen. */
    public void refreshDiscovery() {
        discovery.forget();
        schemas.forget();
    }

    @Override
    public void close() {
        client.close();
    }

    private ApiResource known(Gvk gvk) {
        return discovery
                .resource(gvk)
                .orElseThrow(() -> new ApiException(ApiStatus.of(
                        404,
                        "NotFound",
                        "no matches for kind \"" + gvk.kind() + "\" in version \"" + gvk.apiVersion() + "\"")));
    }

    private static Map<String, String> selectors(ListQuery query) {
        Map<String, String> parameters = ApiPath.query();
        parameters.put("labelSelector", query.labelSelector());
        parameters.put("fieldSelector", query.fieldSelector());
        return parameters;
    }

    private static Map<String, String> writing(WriteOptions options, boolean apply) {
        Map<String, String> parameters = ApiPath.query();
        parameters.put("fieldManager", options.fieldManager());
        parameters.put("force", apply ? String.valueOf(options.force()) : "");
        parameters.put("dryRun", options.dryRun() ? "All" : "");
        parameters.put("fieldValidation", options.fieldValidation());
        return parameters;
    }

    /** Preconditions travel in the object itself. */
    private static JsonObject guarded(JsonObject object, WriteOptions options) {
        JsonObject metadata = object.object("metadata");
        String uid = options.uid();
        String version = options.resourceVersion();
        if (uid != null) {
            metadata = metadata.with("uid", uid);
        }
        if (version != null) {
            metadata = metadata.with("resourceVersion", version);
        }
        return metadata.isEmpty() ? object : object.with("metadata", metadata);
    }
}
