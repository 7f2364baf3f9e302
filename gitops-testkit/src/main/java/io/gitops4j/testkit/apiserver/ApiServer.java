package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.Watch;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An API server in memory. Calls are taken one at a time; every answer follows from the calls before it and the clock alone.
 * Refusals are {@link ApiException}s.
 */
public final class ApiServer {
    private final ReentrantLock lock = new ReentrantLock();
    private final ServerState state;
    private final Admission admission;
    private final Lists lists;
    private final Writes writes;
    private final Deletes deletes;
    private final Evictions evictions;
    private final Housekeeping housekeeping;
    private final Rbac rbac;
    private final Reviews reviews;

    /**
     * How a server behaves.
     *
     * @param seed of uids and generated names
     * @param historyLimit how many changes are kept for watches and pages
     * @param housekeeping whether owners, namespaces and definitions take along what is theirs
     * @param rbac whether the Roles in the cluster decide who may do what
     */
    public record Options(long seed, int historyLimit, boolean housekeeping, boolean rbac) {}

    /**
     * A server with the namespaces that every cluster has.
     */
    public ApiServer(InstantSource time, Options options) {
        state = new ServerState(new ObjectStore(options.historyLimit()), new Ids(options.seed()), time);
        rbac = new Rbac(state, options.rbac());
        reviews = new Reviews(rbac);
        admission = new Admission(state);
        lists = new Lists(state.store);
        Schemas schemas = new Schemas();
        Steps steps = new Steps(
                new Decoding(schemas),
                new Defaulting(),
                new FieldOwnership(schemas),
                new Preparation(state, schemas),
                admission,
                new Validation(),
                new Quota(state));
        state.listen((type, key, before, after) -> {
            if (type.qualifiedResource().equals("customresourcedefinitions.apiextensions.k8s.io")) {
                definitionChanged(before, after);
            }
        });
        writes = new Writes(state, steps);
        deletes = new Deletes(state, steps, options.housekeeping());
        evictions = new Evictions(state, deletes);
        housekeeping = new Housekeeping(state, deletes);
        if (options.housekeeping()) {
            state.listen(housekeeping);
        }
        for (String name : List.of("default", "kube-node-lease", "kube-public", "kube-system")) {
            bootstrap(name);
        }
    }

    /** A namespace that is there from the beginning; stored directly, so that a start needs no schema. */
    private void bootstrap(String name) {
        JsonObject metadata = JsonObject.builder()
                .put("name", name)
                .put("uid", state.ids.uid())
                .put(
                        "creationTimestamp",
                        state.time.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
        JsonObject namespace = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Namespace")
                .put("metadata", metadata)
                .build();
        state.put(state.namespaces(), new ObjectKey("", name), null, Preparation.namespace(namespace));
    }

    /**
     * Reads as a replica does that has seen only the changes up to a time.
     *
     * @param visibleUntil time in milliseconds
     */
    public ApiResponse readStale(ApiRequest request, long visibleUntil) {
        lock.lock();
        try {
            ResourceType type = type(request);
            rbac.require(request, type);
            TypeStore store = state.store.of(type);
            long revision = store.revisionAt(visibleUntil);
            if (request.list() != null) {
                ListQuery query = query(request);
                return ApiResponse.ok(
                        lists.listAt(query, type, new Views(type, query.gvk().version()), revision));
            }
            ObjectKey key =
                    new ObjectKey(request.ref().namespace(), request.ref().name());
            JsonObject stored = store.at(revision, key).get(key);
            if (stored == null) {
                throw Refusals.notFound(type, request.ref().name());
            }
            return ApiResponse.ok(new Views(type, request.gvk().version()).of(stored));
        } finally {
            unlock();
        }
    }

    /** Does what is asked. A watch is opened with {@link #watch}. */
    public ApiResponse handle(ApiRequest request) {
        lock.lock();
        try {
            ApiResponse response = dispatch(request);
            housekeeping.run();
            return response;
        } finally {
            unlock();
        }
    }

    /**
     * Opens a watch.
     *
     * @param bookmarks whether the end of the initial objects is marked by a bookmark
     * @param visibleUntil time in milliseconds up to which changes are seen; for a replica that lags
     */
    public Watch watch(ApiRequest request, boolean bookmarks, LongSupplier visibleUntil) {
        lock.lock();
        try {
            ListQuery query = query(request);
            ResourceType type = type(request);
            rbac.require(request, type);
            return openWatch(query, type, bookmarks, visibleUntil);
        } finally {
            unlock();
        }
    }

    /** A bookmark of how far {@code watch} has been read; everything polled from it so far is at or before it. */
    public WatchEvent bookmark(Watch watch, ApiRequest request) {
        lock.lock();
        try {
            Gvk gvk = request.gvk();
            if (watch instanceof WatchStream stream) {
                return stream.bookmark(gvk.apiVersion(), gvk.kind(), false, state.store.revision());
            }
            throw new IllegalArgumentException("not a watch of this server");
        } finally {
            unlock();
        }
    }

    /** The kinds served now. */
    public ResourceTypes types() {
        return state.types;
    }

    /** The revision of the last change. */
    public long revision() {
        lock.lock();
        try {
            return state.store.revision();
        } finally {
            unlock();
        }
    }

    /** Forgets the history, as etcd does every few minutes: old watches and pages get 410. */
    public void compact() {
        lock.lock();
        try {
            state.store.compact();
        } finally {
            unlock();
        }
    }

    /** Asks {@code hook} before every write from now on. */
    public void admit(AdmissionHook hook) {
        lock.lock();
        try {
            admission.add(hook);
        } finally {
            unlock();
        }
    }

    private void definitionChanged(@Nullable JsonObject before, @Nullable JsonObject after) {
        if (after != null && (before == null || !before.object("spec").equals(after.object("spec")))) {
            state.types.define(after);
        } else if (after == null && before != null) {
            state.types.undefine(before);
        }
    }

    private void unlock() {
        List<WatchStream> signals = lock.getHoldCount() == 1 ? state.takeSignals() : List.of();
        lock.unlock();
        signals.forEach(WatchStream::signal);
    }

    private ApiResponse dispatch(ApiRequest request) {
        ResourceType type = type(request);
        if (type.has(ResourceType.Trait.VIRTUAL)) {
            if (request.verb() != ApiRequest.Verb.CREATE) {
                throw Refusals.methodNotAllowed();
            }
            return reviews.answer(request, type);
        }
        rbac.require(request, type);
        return switch (request.verb()) {
            case GET -> get(request, type);
            case LIST -> {
                ListQuery query = query(request);
                yield ApiResponse.ok(
                        lists.list(query, type, new Views(type, query.gvk().version())));
            }
            case WATCH -> throw new IllegalArgumentException("a watch is opened, not handled");
            case CREATE -> {
                if (type.plural().equals("pods") && request.ref().subresource().equals("eviction")) {
                    yield evictions.evict(write(request, type));
                }
                OptionRules.check(request);
                yield writes.create(write(request, type));
            }
            case UPDATE -> {
                OptionRules.check(request);
                yield writes.update(write(request, type));
            }
            case PATCH -> {
                OptionRules.check(request);
                yield writes.patch(write(request, type));
            }
            case DELETE -> deletes.delete(write(request, type));
            case DELETE_COLLECTION -> {
                ListQuery query = query(request);
                JsonObject list =
                        lists.list(query, type, new Views(type, query.gvk().version()));
                yield deletes.deleteCollection(write(request, type), list);
            }
        };
    }

    private WriteContext write(ApiRequest request, ResourceType type) {
        return new WriteContext(request, type, state.time.instant());
    }

    private ApiResponse get(ApiRequest request, ResourceType type) {
        JsonObject stored =
                state.store.get(type, request.ref().namespace(), request.ref().name());
        if (stored == null) {
            throw Refusals.notFound(type, request.ref().name());
        }
        String version = request.gvk().version();
        JsonObject object = new Views(type, version).of(stored);
        return switch (request.ref().subresource()) {
            case "", "status" -> ApiResponse.ok(object);
            case "scale" -> {
                if (!type.has(ResourceType.Trait.SCALE)) {
                    throw Refusals.unknownPath();
                }
                yield ApiResponse.ok(Scales.answer(type, version, object));
            }
            default -> throw Refusals.unknownPath();
        };
    }

    private ResourceType type(ApiRequest request) {
        Gvk gvk = request.gvk();
        ResourceType type = state.types.find(gvk);
        if (type == null) {
            throw Refusals.unknownPath();
        }
        boolean named = request.list() == null;
        if (named && type.namespaced() == request.ref().namespace().isEmpty()) {
            throw Refusals.unknownPath();
        }
        return type;
    }

    private static ListQuery query(ApiRequest request) {
        ListQuery query = request.list();
        if (query == null) {
            throw new IllegalArgumentException("a list needs a query: " + request.verb());
        }
        return query;
    }

    private WatchStream openWatch(ListQuery query, ResourceType type, boolean bookmarks, LongSupplier visibleUntil) {
        BiPredicate<ObjectKey, JsonObject> filter = Lists.filter(query, type);
        Views views = new Views(type, query.gvk().version());
        TypeStore store = state.store.of(type);
        String version = query.resourceVersion();
        boolean fromNow = version.isEmpty() || version.equals("0");
        long after = fromNow ? state.store.revision() : Lists.version(version);
        if (!fromNow) {
            lists.requireKnown(after);
        }
        boolean gone = !fromNow && after < state.store.compacted();
        WatchStream[] self = new WatchStream[1];
        WatchStream stream = new WatchStream(
                gone ? store.newest() : store.after(after),
                filter,
                views::of,
                visibleUntil,
                () -> close(store, self[0]));
        self[0] = stream;
        if (gone) {
            ApiException expired =
                    Refusals.expired("too old resource version: " + after + " (" + state.store.compacted() + ")");
            stream.end(new WatchEvent(WatchEvent.Type.ERROR, expired.status().toJson()));
            return stream;
        }
        if (fromNow) {
            for (Map.Entry<ObjectKey, JsonObject> entry : store.objects().entrySet()) {
                if (filter.test(entry.getKey(), entry.getValue())) {
                    stream.first(new WatchEvent(WatchEvent.Type.ADDED, views.of(entry.getValue())));
                }
            }
        }
        if (bookmarks) {
            stream.first(stream.bookmark(query.gvk().apiVersion(), type.kind(), fromNow, state.store.revision()));
        }
        store.add(stream);
        return stream;
    }

    private void close(TypeStore store, @Nullable WatchStream stream) {
        lock.lock();
        try {
            if (stream != null) {
                store.remove(stream);
            }
        } finally {
            unlock();
        }
    }
}
