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
import io.gitops4j.sync.Inventory;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.ResourceTracking;
import java.time.Duration;
import java.time.Instant;
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
    private final Cluster seen;
    private final Map<Gvk, Watch> watches = new LinkedHashMap<>();
    private final Set<Gvk> unlisted = new LinkedHashSet<>();
    private final Set<Gvk> whole = new LinkedHashSet<>();
    private final Set<String> managedKinds = new TreeSet<>();
    private final Map<ResourceKey, List<String>> wanted = new TreeMap<>();
    private final Map<String, List<ResourceKey>> wants = new LinkedHashMap<>();
    private final Map<ResourceKey, String> hooks = new TreeMap<>();
    private final LiveObjects objects;
    private @Nullable Kinds kinds;
    private @Nullable Problem failure;
    private @Nullable Instant retryAt;
    private int failures;
    private long claims;

    /**
     * A lane that has read nothing yet.
     *
     * @param manifestBytes budget of whole manifests
     */
    ClusterLane(Cluster cluster, ResourceTracking tracking, HealthCheck health, long manifestBytes) {
        this.cluster = cluster;
        this.seen = new Seen();
        this.objects = new LiveObjects(cluster, tracking, health, wanted::containsKey, manifestBytes);
        if (tracking.method() == ResourceTracking.Method.INVENTORY) {
            managedKinds.add("/ConfigMap");
        }
    }

    /** The cluster; what is written through it is in the index at once. */
    Cluster cluster() {
        return seen;
    }

    /** The summaries of what is there. */
    ResourceIndex index() {
        return objects.index();
    }

    /** The summaries of the objects that an application has, by key. */
    List<JsonObject> own(String application) {
        return index().of(application);
    }

    /** Whether an application other than this one has an object in its inventory. */
    boolean isTaken(ResourceKey key, String from) {
        JsonObject object = index().get(key);
        return object != null && index().owners(object).stream().anyMatch(owner -> !owner.equals(from));
    }

    /** All that is kept of what is there. */
    LiveObjects objects() {
        return objects;
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
        for (JsonObject was : objects.surprises()) {
            concern(ObjectRef.of(was).key(), was, concerned);
        }
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
        unlisted.retainAll(preferred);
        for (Gvk kind : List.copyOf(watches.keySet())) {
            if (!preferred.contains(kind)) {
                unwatch(kind);
                whole.remove(kind);
                forget(kind, new LinkedHashSet<>(), concerned);
            }
        }
        for (Gvk kind : preferred) {
            if (!watches.containsKey(kind)) {
                unlisted.add(kind);
            }
        }
        listed(concerned);
        kinds = served;
    }

    private void follow(Set<String> concerned) {
        boolean kindsChanged = false;
        for (Map.Entry<Gvk, Watch> each : watches.entrySet()) {
            Watch watch = each.getValue();
            boolean broken = false;
            for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
                broken |= event.get().type() == WatchEvent.Type.ERROR;
                kindsChanged |= isDefinition(each.getKey());
                take(event.get(), whole.contains(each.getKey()), concerned);
            }
            if (broken || watch.ended()) {
                unlisted.add(each.getKey());
            }
        }
        unlisted.forEach(this::unwatch);
        listed(concerned);
        if (kindsChanged) {
            discover(concerned);
            concerned.addAll(wants.keySet());
        }
    }

    /** Lists what has no watch, and whole what is known by its metadata but managed now. What fails is listed the next time. */
    private void listed(Set<String> concerned) {
        while (true) {
            for (Gvk kind : List.copyOf(unlisted)) {
                list(kind, concerned);
                unlisted.remove(kind);
            }
            for (Gvk kind : watches.keySet()) {
                if (isManaged(kind) && whole.add(kind)) {
                    unlisted.add(kind);
                }
            }
            if (unlisted.isEmpty()) {
                return;
            }
            unlisted.forEach(this::unwatch);
        }
    }

    private boolean isManaged(Gvk kind) {
        return managedKinds.contains(kind.group() + "/" + kind.kind());
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

    /** Kinds of which nothing is managed are read and watched by their metadata alone. */
    private void list(Gvk kind, Set<String> concerned) {
        boolean all = whole.contains(kind) || (isManaged(kind) && whole.add(kind));
        Set<ResourceKey> there = new LinkedHashSet<>();
        String token = "";
        String version;
        try {
            do {
                ListQuery query = ListQuery.of(kind).page(PAGE, token);
                ListPage page = all ? cluster.list(query) : cluster.listMetadata(query);
                for (JsonObject object : page.items()) {
                    there.add(ObjectRef.of(object).key());
                    put(object, all, concerned);
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
        ListQuery after = ListQuery.of(kind).after(version);
        watches.put(kind, all ? cluster.watch(after) : cluster.watchMetadata(after));
    }

    private void forget(Gvk kind, Set<ResourceKey> there, Set<String> concerned) {
        for (ResourceKey key : index().keysOf(kind.group(), kind.kind())) {
            if (!there.contains(key)) {
                concern(key, index().get(key), concerned);
                objects.remove(key);
            }
        }
    }

    private void take(WatchEvent event, boolean all, Set<String> concerned) {
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.object(), all, concerned);
            case DELETED -> {
                ResourceKey key = ObjectRef.of(event.object()).key();
                JsonObject before = index().get(key);
                if (before != null && LiveObjects.uid(before).equals(LiveObjects.uid(event.object()))) {
                    concern(key, before, concerned);
                    objects.remove(key);
                }
            }
            case BOOKMARK, ERROR -> {
                // nothing has changed
            }
        }
    }

    private void put(JsonObject object, boolean all, Set<String> concerned) {
        ResourceKey key = ObjectRef.of(object).key();
        JsonObject before = index().get(key);
        boolean news = objects.put(object, all);
        note(key, object);
        if (news) {
            concern(key, before, concerned);
            concern(key, object, concerned);
        }
    }

    /** Notes that a kind has managed objects where this is one. */
    private void note(ResourceKey key, JsonObject object) {
        boolean part = Inventory.isPart(object);
        if (part || !index().owners(object).isEmpty()) {
            managedKinds.add(key.group() + "/" + key.kind());
        }
        if (part) {
            index().inventory(Inventory.applicationOf(object))
                    .ifPresent(inventory ->
                            inventory.entries().forEach(entry -> managedKinds.add(entry.group() + "/" + entry.kind())));
        }
    }

    private void concern(ResourceKey key, @Nullable JsonObject object, Set<String> concerned) {
        if (object != null) {
            concerned.addAll(index().owners(object));
            if (Inventory.isPart(object)) {
                concerned.add(Inventory.applicationOf(object));
            }
        }
        List<String> others = wanted.get(key);
        if (others != null) {
            concerned.addAll(others);
        }
        String running = hooks.get(key);
        if (running != null) {
            concerned.add(running);
        }
    }

    /** Notes which objects an application wants, so that what happens to them concerns it whoever owns them. */
    void wants(String application, Set<ResourceKey> keys) {
        List<ResourceKey> before = wants.getOrDefault(application, List.of());
        if (before.equals(List.copyOf(keys))) {
            return;
        }
        claims++;
        for (ResourceKey key : before) {
            wanted.computeIfPresent(key, (k, by) -> without(by, application));
        }
        List<String> alone = List.of(application);
        for (ResourceKey key : keys) {
            wanted.merge(key, alone, ClusterLane::sorted);
            managedKinds.add(key.group() + "/" + key.kind());
        }
        if (keys.isEmpty()) {
            wants.remove(application);
        } else {
            wants.put(application, List.copyOf(keys));
        }
    }

    private static @Nullable List<String> without(List<String> names, String name) {
        List<String> others =
                names.stream().filter(other -> !other.equals(name)).toList();
        return others.isEmpty() ? null : others;
    }

    private static List<String> sorted(List<String> some, List<String> others) {
        TreeSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    /** Notes which hooks an application runs, so that what becomes of them concerns it where they have no mark. */
    void runs(String application, Set<ResourceKey> keys) {
        hooks.values().removeIf(application::equals);
        for (ResourceKey key : keys) {
            hooks.put(key, application);
            managedKinds.add(key.group() + "/" + key.kind());
        }
    }

    /** A number that is another one whenever an application wants other objects than before. */
    long claims() {
        return claims;
    }

    /** Another application that wants an object. */
    Optional<String> claimedBy(ResourceKey key, String notBy) {
        List<String> by = wanted.get(key);
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
        public ListPage listMetadata(ListQuery query) {
            return cluster.listMetadata(query);
        }

        @Override
        public Watch watchMetadata(ListQuery query) {
            return cluster.watchMetadata(query);
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
                stored(answer, false, "");
            } else if (!options.dryRun()) {
                gone(ref.key());
            }
            return answer;
        }

        @Override
        public void evict(ObjectRef pod, DeleteOptions options) {
            cluster.evict(pod, options);
            if (!options.dryRun()) {
                gone(pod.key());
            }
        }

        private JsonObject stored(JsonObject answer, boolean dryRun, String subresource) {
            if (!dryRun && subresource.isEmpty()) {
                // the calls of a sync may come from several threads
                synchronized (objects) {
                    objects.put(answer, true);
                    note(ObjectRef.of(answer).key(), answer);
                }
            }
            return answer;
        }

        private void gone(ResourceKey key) {
            synchronized (objects) {
                objects.remove(key);
            }
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
