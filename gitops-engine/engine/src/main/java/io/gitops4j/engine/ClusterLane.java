package io.gitops4j.engine;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.Watch;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.ResourceTracking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One cluster under one identity, as a controller sees it: its objects in an index that watches keep up to date, and which
 * applications want which of them. What goes wrong with the cluster stays in its lane: it is left alone for a while that grows,
 * and the applications of other clusters notice nothing.
 */
final class ClusterLane {
    private static final int PAGE = 500;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final ResourceTracking tracking;
    private final HealthCheck health;
    private final Cluster seen;
    private final Map<Gvk, Watch> watches = new LinkedHashMap<>();
    private final Map<ResourceKey, TreeSet<String>> wanted = new TreeMap<>();
    private final Map<String, Set<ResourceKey>> wants = new LinkedHashMap<>();
    private ResourceIndex index;
    private @Nullable Kinds kinds;
    private @Nullable Problem failure;
    private @Nullable Instant retryAt;
    private int failures;
    private long claims;

    ClusterLane(Cluster cluster, ResourceTracking tracking, HealthCheck health) {
        this.cluster = cluster;
        this.tracking = tracking;
        this.health = health;
        this.seen = new Seen();
        this.index = new ResourceIndex(tracking);
    }

    /** The cluster; what is written through it is in the index at once. */
    Cluster cluster() {
        return seen;
    }

    ResourceIndex index() {
        return index;
    }

    Kinds kinds() {
        Kinds known = kinds;
        if (known == null) {
            throw new IllegalStateException("the lane has not been polled");
        }
        return known;
    }

    boolean isUp() {
        return kinds != null && failure == null;
    }

    Problem failure() {
        Problem known = failure;
        return known == null ? Problem.error("CLUSTER_UNREACHABLE", "cluster " + cluster.name()) : known;
    }

    @Nullable
    Instant retryAt() {
        return retryAt;
    }

    /** Notes that a call failed in a way that is the cluster's and not the object's. */
    void failed(GitOpsException e, Instant now) {
        failure = Problem.error(
                "CLUSTER_UNREACHABLE", "cluster " + cluster.name() + ": " + e.code() + ": " + e.getMessage());
        Duration pause = FIRST_PAUSE;
        for (int i = 0; i < failures && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        failures++;
        retryAt = now.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    /** Whether the last call has come back well: the next failure waits for a short while again. */
    void succeeded() {
        failures = 0;
    }

    /** Reads what has happened; the applications that it concerns, by name. */
    Set<String> poll(Instant now) {
        TreeSet<String> concerned = new TreeSet<>();
        Instant due = retryAt;
        if (failure != null && due != null && now.isBefore(due)) {
            return concerned;
        }
        boolean wasDown = failure != null;
        try {
            if (kinds == null) {
                discover(concerned);
            } else {
                follow(concerned);
            }
            failure = null;
            retryAt = null;
            if (wasDown) {
                concerned.addAll(wants.keySet());
            }
        } catch (GitOpsException e) {
            failed(e, now);
        }
        return concerned;
    }

    private void discover(Set<String> concerned) {
        Kinds served = Kinds.of(cluster);
        List<Gvk> preferred = served.preferred();
        for (Gvk kind : List.copyOf(watches.keySet())) {
            if (!preferred.contains(kind)) {
                unwatch(kind);
                forget(kind, new LinkedHashSet<>(), concerned);
            }
        }
        for (Gvk kind : preferred) {
            if (!watches.containsKey(kind)) {
                list(kind, concerned);
            }
        }
        kinds = served;
    }

    private void follow(Set<String> concerned) {
        boolean kindsChanged = false;
        List<Gvk> lost = new ArrayList<>();
        for (Map.Entry<Gvk, Watch> each : watches.entrySet()) {
            Watch watch = each.getValue();
            boolean broken = false;
            for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
                broken |= event.get().type() == WatchEvent.Type.ERROR;
                kindsChanged |= isDefinition(each.getKey());
                take(event.get(), concerned);
            }
            if (broken || watch.ended()) {
                lost.add(each.getKey());
            }
        }
        for (Gvk kind : lost) {
            unwatch(kind);
            list(kind, concerned);
        }
        if (kindsChanged) {
            discover(concerned);
            concerned.addAll(wants.keySet());
        }
    }

    private void unwatch(Gvk kind) {
        Watch watch = watches.remove(kind);
        if (watch != null) {
            watch.close();
        }
    }

    private static boolean isDefinition(Gvk kind) {
        return kind.kind().equals("CustomResourceDefinition") || kind.kind().equals("APIService");
    }

    private void list(Gvk kind, Set<String> concerned) {
        Set<ResourceKey> there = new LinkedHashSet<>();
        String token = "";
        String version;
        try {
            do {
                ListPage page = cluster.list(ListQuery.of(kind).page(PAGE, token));
                for (JsonObject object : page.items()) {
                    there.add(ObjectRef.of(object).key());
                    put(object, concerned);
                }
                token = page.continueToken();
                version = page.resourceVersion();
            } while (!token.isEmpty());
        } catch (ApiException e) {
            if (e.status().code() == 403 || e.status().code() == 405 || e.isNotFound()) {
                // what may not be looked at is nobody's to manage
                return;
            }
            throw e;
        }
        forget(kind, there, concerned);
        watches.put(kind, cluster.watch(ListQuery.of(kind).after(version)));
    }

    private void forget(Gvk kind, Set<ResourceKey> there, Set<String> concerned) {
        for (ResourceKey key : index.keysOf(kind.group(), kind.kind())) {
            if (!there.contains(key)) {
                concern(key, index.get(key), concerned);
                index.remove(key);
            }
        }
    }

    private void take(WatchEvent event, Set<String> concerned) {
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.object(), concerned);
            case DELETED -> {
                ResourceKey key = ObjectRef.of(event.object()).key();
                JsonObject before = index.get(key);
                if (before != null && uid(before).equals(uid(event.object()))) {
                    concern(key, before, concerned);
                    index.remove(key);
                }
            }
            case BOOKMARK, ERROR -> {
                // nothing has changed
            }
        }
    }

    private void put(JsonObject object, Set<String> concerned) {
        ResourceKey key = ObjectRef.of(object).key();
        JsonObject before = index.get(key);
        if (before != null && isOlder(object, before)) {
            return;
        }
        index.put(object);
        if (before == null || matters(before, object)) {
            concern(key, before, concerned);
            concern(key, object, concerned);
        }
    }

    /** Whether an event is late: the index has what a write of our own answered since. */
    private static boolean isOlder(JsonObject object, JsonObject known) {
        if (!uid(object).equals(uid(known))) {
            return false;
        }
        String then = object.object("metadata").text("resourceVersion", "");
        String now = known.object("metadata").text("resourceVersion", "");
        return then.length() < now.length() || (then.length() == now.length() && then.compareTo(now) <= 0);
    }

    private static String uid(JsonObject object) {
        return object.object("metadata").text("uid", "");
    }

    /** Whether more has changed than bookkeeping, or the change of status means another health. */
    private boolean matters(JsonObject before, JsonObject now) {
        return !stripped(before).equals(stripped(now)) || !health.assess(before).equals(health.assess(now));
    }

    private static JsonObject stripped(JsonObject object) {
        JsonObject metadata = object.object("metadata")
                .without("resourceVersion")
                .without("generation")
                .without("managedFields");
        return object.without("status").with("metadata", metadata);
    }

    private void concern(ResourceKey key, @Nullable JsonObject object, Set<String> concerned) {
        String owner = object == null ? "" : tracking.appName(object);
        if (!owner.isEmpty()) {
            concerned.add(owner);
        }
        Set<String> others = wanted.get(key);
        if (others != null) {
            concerned.addAll(others);
        }
    }

    /** Notes which objects an application wants, so that what happens to them concerns it whoever owns them. */
    void wants(String application, Set<ResourceKey> keys) {
        Set<ResourceKey> before = wants.getOrDefault(application, new LinkedHashSet<>());
        if (before.equals(keys)) {
            return;
        }
        claims++;
        for (ResourceKey key : before) {
            TreeSet<String> by = wanted.get(key);
            if (by != null && by.remove(application) && by.isEmpty()) {
                wanted.remove(key);
            }
        }
        for (ResourceKey key : keys) {
            wanted.computeIfAbsent(key, k -> new TreeSet<>()).add(application);
        }
        if (keys.isEmpty()) {
            wants.remove(application);
        } else {
            wants.put(application, new LinkedHashSet<>(keys));
        }
    }

    /** A number that is another one whenever an application wants other objects than before. */
    long claims() {
        return claims;
    }

    /** Another application that wants an object. */
    Optional<String> claimedBy(ResourceKey key, String notBy) {
        Set<String> by = wanted.get(key);
        return by == null
                ? Optional.empty()
                : by.stream().filter(name -> !name.equals(notBy)).findFirst();
    }

    void close() {
        watches.values().forEach(Watch::close);
        watches.clear();
    }

    /** The cluster with the index behind it. */
    private final class Seen implements Cluster {
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
        public JsonObject create(JsonObject object, WriteOptions options) {
            return stored(cluster.create(object, options), options.dryRun(), "");
        }

        @Override
        public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
            return stored(cluster.replace(ref, object, options), options.dryRun(), ref.subresource());
        }

        @Override
        public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
            return stored(cluster.patch(ref, type, patch, options), options.dryRun(), ref.subresource());
        }

        @Override
        public JsonObject delete(ObjectRef ref, DeleteOptions options) {
            JsonObject answer = cluster.delete(ref, options);
            boolean held = !answer.object("metadata").array("finalizers").isEmpty();
            if (!options.dryRun() && held) {
                index.put(answer);
            } else if (!options.dryRun()) {
                index.remove(ref.key());
            }
            return answer;
        }

        @Override
        public void evict(ObjectRef pod, DeleteOptions options) {
            cluster.evict(pod, options);
            if (!options.dryRun()) {
                index.remove(pod.key());
            }
        }

        private JsonObject stored(JsonObject answer, boolean dryRun, String subresource) {
            if (!dryRun && subresource.isEmpty()) {
                index.put(answer);
            }
            return answer;
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
}
