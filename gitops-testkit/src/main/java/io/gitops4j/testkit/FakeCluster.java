package io.gitops4j.testkit;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.apiserver.ApiRequest;
import io.gitops4j.testkit.apiserver.ApiResponse;
import io.gitops4j.testkit.apiserver.ApiServer;
import io.gitops4j.testkit.controllers.PodPlan;
import io.gitops4j.testkit.controllers.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster in memory, with the semantics of a real API server: resourceVersions, generations, server-side apply,
 * finalizers, watches with history. Every call is recorded in a {@link Journal}; failures can be injected.
 *
 * <pre>{@code
 * FakeCluster cluster = FakeCluster.create();
 * cluster.create(configMap, WriteOptions.defaults());
 * assertThat(cluster.journal().changes()).hasSize(1);
 * }</pre>
 *
 * <p>The same calls give the same answers, uids and versions in every run. Safe for use by several threads; calls are taken
 * one at a time.
 */
public final class FakeCluster implements Cluster {
    private final String name;
    private final String server;
    private final VirtualTime time;
    private final ApiServer api;
    private final Journal journal;
    private final List<Fault.Active> faults = new ArrayList<>();
    private final ClusterView admin;
    private final Duration latency;

    private FakeCluster(Builder builder) {
        this.name = builder.name;
        this.server = builder.server;
        this.time = builder.time;
        this.latency = builder.latency;
        this.journal = new Journal(builder.journalCapacity);
        this.api = new ApiServer(
                time,
                new ApiServer.Options(
                        builder.name.hashCode(), builder.historyLimit, builder.housekeeping, builder.rbac));
        this.admin = new ClusterView(this, ApiRequest.User.admin(), Duration.ZERO);
        builder.namespaces.forEach(this::ensureNamespace);
        Function<JsonObject, PodPlan> plan = builder.podPlan;
        if (plan != null) {
            Workloads.start(api, time, plan);
        }
    }

    /** A cluster named {@code in-cluster} with the namespaces that every cluster has. */
    public static FakeCluster create() {
        return builder().build();
    }

    /** A cluster of this name. */
    public static FakeCluster create(String name) {
        return builder().name(name).build();
    }

    /** Begins a cluster with options. */
    public static Builder builder() {
        return new Builder();
    }

    /** The clock of the cluster. */
    public VirtualTime time() {
        return time;
    }

    /** Every call so far. */
    public Journal journal() {
        return journal;
    }

    /** The server itself, for calls that the SPI has no words for. They are not in the journal. */
    public ApiServer api() {
        return api;
    }

    /** Lets calls fail from now on. */
    public FakeCluster inject(Fault fault) {
        synchronized (faults) {
            faults.add(new Fault.Active(fault));
        }
        return this;
    }

    /** Ends all injected failures. */
    public FakeCluster heal() {
        synchronized (faults) {
            faults.clear();
        }
        return this;
    }

    /** Asks {@code hook} before every write from now on, after those added before. */
    public FakeCluster admit(AdmissionHook hook) {
        api.admit(hook);
        return this;
    }

    /** Makes a namespace unless it is there. */
    public FakeCluster ensureNamespace(String namespace) {
        Gvk gvk = new Gvk("", "v1", "Namespace");
        try {
            api.handle(ApiRequest.get(ObjectRef.of(gvk, "", namespace), ApiRequest.User.admin()));
        } catch (ApiException missing) {
            JsonObject body = JsonObject.builder()
                    .put("apiVersion", "v1")
                    .put("kind", "Namespace")
                    .put("metadata", JsonObject.of("name", Json.of(namespace)))
                    .build();
            api.handle(ApiRequest.write(
                    ApiRequest.Verb.CREATE,
                    ObjectRef.of(body),
                    body,
                    ApiRequest.Params.none(),
                    ApiRequest.User.admin()));
        }
        return this;
    }

    /**
     * Lets the controllers come to rest: moves the clock as far as they have something to do, but no more than
     * {@code atMost}.
     *
     * @return whether they have come to rest
     */
    public boolean settle(Duration atMost) {
        return time.runUntilIdle(atMost);
    }

    /** Forgets the history, so that old watches and pages are refused with 410 {@code Expired}. */
    public FakeCluster compact() {
        api.compact();
        return this;
    }

    /** The cluster as a user sees it. */
    public Cluster as(String user, String... groups) {
        return new ClusterView(this, new ApiRequest.User(user, List.of(groups)), Duration.ZERO);
    }

    /**
     * The cluster through an API server that lags behind: reads and watches show changes only after {@code lag}; writes reach
     * the cluster at once.
     */
    public Cluster replica(Duration lag) {
        return new ClusterView(this, ApiRequest.User.admin(), lag);
    }

    /** Does what is asked, with faults and journal. */
    public ApiResponse call(ApiRequest request) {
        return call(request, Duration.ZERO);
    }

    ApiResponse call(ApiRequest request, Duration lag) {
        if (!latency.isZero()) {
            time.advance(latency);
        }
        String verb = request.journalVerb();
        boolean read = request.verb() == ApiRequest.Verb.GET || request.verb() == ApiRequest.Verb.LIST;
        strike(request, verb, false);
        ApiResponse response;
        try {
            response = read && !lag.isZero()
                    ? api.readStale(request, time.instant().minus(lag).toEpochMilli())
                    : api.handle(request);
        } catch (ApiException refusal) {
            record(request, verb, refusal.status().code(), refusal.status().reason(), false);
            throw refusal;
        }
        record(request, verb, response.code(), "", response.changed());
        strike(request, verb, true);
        return response;
    }

    /**
     * Opens a watch, with faults and journal.
     *
     * @param markInitial whether a bookmark follows the objects that are there already
     */
    public Watch open(ApiRequest request, boolean markInitial) {
        return open(request, markInitial, Duration.ZERO);
    }

    Watch open(ApiRequest request, boolean markInitial, Duration lag) {
        strike(request, "watch", false);
        Watch watch = api.watch(
                request,
                markInitial,
                lag.isZero()
                        ? () -> Long.MAX_VALUE
                        : () -> time.instant().minus(lag).toEpochMilli());
        record(request, "watch", 200, "", false);
        return watch;
    }

    private void strike(ApiRequest request, String verb, boolean afterTheFact) {
        ApiStatus status = null;
        synchronized (faults) {
            for (Fault.Active fault : faults) {
                if (fault.strikes(verb, request.ref(), afterTheFact)) {
                    status = fault.status();
                    break;
                }
            }
        }
        if (status != null) {
            if (!afterTheFact) {
                record(request, verb, status.code(), status.reason(), false);
            }
            throw new ApiException(status);
        }
    }

    private void record(ApiRequest request, String verb, int code, String reason, boolean changed) {
        journal.add(new Call(
                journal.nextNumber(),
                time.instant(),
                request.user().name(),
                verb,
                request.ref(),
                request.body(),
                request.params().isDryRun(),
                code,
                reason,
                changed));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String server() {
        return server;
    }

    @Override
    public Optional<JsonObject> get(ObjectRef ref) {
        return admin.get(ref);
    }

    @Override
    public ListPage list(ListQuery query) {
        return admin.list(query);
    }

    @Override
    public Watch watch(ListQuery query) {
        return admin.watch(query);
    }

    @Override
    public JsonObject create(JsonObject object, WriteOptions options) {
        return admin.create(object, options);
    }

    @Override
    public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
        return admin.replace(ref, object, options);
    }

    @Override
    public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
        return admin.patch(ref, type, patch, options);
    }

    @Override
    public JsonObject delete(ObjectRef ref, DeleteOptions options) {
        return admin.delete(ref, options);
    }

    @Override
    public void evict(ObjectRef pod, DeleteOptions options) {
        admin.evict(pod, options);
    }

    @Override
    public List<ApiResource> resources() {
        return admin.resources();
    }

    @Override
    public Optional<JsonObject> schema(Gvk gvk) {
        return admin.schema(gvk);
    }

    @Override
    public String version() {
        return "v1.36.0";
    }

    /** Options of a cluster; an option given twice counts as given last. */
    public static final class Builder {
        private String name = "in-cluster";
        private String server = "https://kubernetes.default.svc";
        private VirtualTime time = VirtualTime.create();
        private int journalCapacity = 100_000;
        private int historyLimit = 10_000;
        private boolean housekeeping = true;
        private boolean rbac;
        private Duration latency = Duration.ZERO;
        private @Nullable Function<JsonObject, PodPlan> podPlan;
        private final List<String> namespaces = new ArrayList<>();

        private Builder() {}

        /** The name in Applications and reports; also the seed of uids. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /** The URL of the API server. */
        public Builder server(String newServer) {
            server = newServer;
            return this;
        }

        /** The clock, to share it with other fakes. */
        public Builder time(VirtualTime newTime) {
            time = newTime;
            return this;
        }

        /** Further namespaces. */
        public Builder namespaces(String... names) {
            namespaces.addAll(List.of(names));
            return this;
        }

        /** How many calls the journal keeps; 0 for none. */
        public Builder journalCapacity(int calls) {
            journalCapacity = calls;
            return this;
        }

        /** How many changes are kept for watches and pages. */
        public Builder historyLimit(int changes) {
            historyLimit = changes;
            return this;
        }

        /**
         * Whether the control plane's own controllers run, right after the call that gives them reason to: garbage collection,
         * namespaces, CustomResourceDefinitions. They do unless told otherwise.
         */
        public Builder housekeeping(boolean on) {
            housekeeping = on;
            return this;
        }

        /** Whether the Roles and bindings in the cluster decide who may do what; otherwise everybody may do everything. */
        public Builder rbac(boolean on) {
            rbac = on;
            return this;
        }

        /** How long each call takes: the clock moves on by as much. */
        public Builder latency(Duration time) {
            latency = time;
            return this;
        }

        /** Whether controllers of workloads run: Deployments make ReplicaSets, those make Pods, and Pods become ready. */
        public Builder workloads() {
            return workloads(PodPlan.usual());
        }

        /** As {@link #workloads()}, with a say in what becomes of each pod. */
        public Builder workloads(Function<JsonObject, PodPlan> plan) {
            podPlan = plan;
            return this;
        }

        /** The cluster. */
        public FakeCluster build() {
            return new FakeCluster(this);
        }
    }
}
