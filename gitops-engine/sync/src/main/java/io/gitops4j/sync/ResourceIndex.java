package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a cluster by key and by application, so that the objects of one application are found without looking at all
 * others. Fed by lists and watches. Not thread-safe: one owner.
 */
public final class ResourceIndex {
    private static final int PAGE = 500;
    private static final int EXPIRED = 410;
    private static final int RESTARTS = 3;

    private final ResourceTracking tracking;
    private final NavigableMap<ResourceKey, JsonObject> objects = new TreeMap<>();
    private final NavigableMap<String, NavigableMap<ResourceKey, JsonObject>> byApp = new TreeMap<>();
    private final NavigableMap<String, TreeSet<ResourceKey>> untracked = new TreeMap<>();
    private final Inventory.Parts inventories = new Inventory.Parts();
    private final Map<ResourceKey, List<String>> homes = new TreeMap<>();
    private long version;

    /** An empty index. */
    public ResourceIndex(ResourceTracking tracking) {
        this.tracking = tracking;
    }

    /** An index of everything that the cluster serves and lets be listed. */
    public static ResourceIndex read(ClusterReader cluster, Kinds kinds, ResourceTracking tracking) {
        return read(cluster, kinds, tracking, null);
    }

    /**
     * An index of everything that the cluster serves and lets be listed, which is some sixty lists.
     *
     * @param batch makes the lists, {@code null} for one after the other
     */
    public static ResourceIndex read(
            ClusterReader cluster, Kinds kinds, ResourceTracking tracking, SyncRunner.@Nullable Batch batch) {
        ResourceIndex index = new ResourceIndex(tracking);
        if (batch == null) {
            kinds.preferred().forEach(kind -> list(cluster, kind).forEach(index::put));
            return index;
        }
        List<List<JsonObject>> found = new ArrayList<>();
        List<Supplier<SyncAction.Result>> calls = new ArrayList<>();
        for (Gvk kind : kinds.preferred()) {
            List<JsonObject> objects = new ArrayList<>();
            found.add(objects);
            calls.add(() -> {
                objects.addAll(list(cluster, kind));
                return new SyncAction.Result(SyncAction.Kind.DRY_RUN, "list " + kind, true, "");
            });
        }
        batch.run(calls);
        found.forEach(objects -> objects.forEach(index::put));
        return index;
    }

    /** All pages of a kind; a token that has expired on the way starts them again. Source: secrets-dr-security §8, row 79. */
    private static List<JsonObject> list(ClusterReader cluster, Gvk kind) {
        for (int restarts = 0; ; restarts++) {
            List<JsonObject> objects = new ArrayList<>();
            String token = "";
            try {
                do {
                    ListPage page = cluster.list(ListQuery.of(kind).page(PAGE, token));
                    objects.addAll(page.items());
                    token = page.continueToken();
                } while (!token.isEmpty());
                return objects;
            } catch (ApiException e) {
                if (e.status().code() != EXPIRED || restarts == RESTARTS) {
                    throw e;
                }
            }
        }
    }

    /** Adds or replaces an object. */
    public void put(JsonObject object) {
        put(SyncTask.keyOf(object), object);
    }

    /** Adds or replaces an object of which the key is known. */
    public void put(ResourceKey key, JsonObject object) {
        JsonObject before = objects.put(key, object);
        if (before == object) {
            return;
        }
        version++;
        if (before != null) {
            forget(key, before);
        }
        if (Inventory.isPart(object)) {
            inventories.put(object).forEach(this::home);
        }
        home(key);
    }

    /** Puts an object where it belongs by now. */
    private void home(ResourceKey key) {
        JsonObject object = objects.get(key);
        if (object == null) {
            return;
        }
        forget(key, object);
        List<String> owners = owners(object);
        if (owners.isEmpty()) {
            untracked.computeIfAbsent(key.namespace(), name -> new TreeSet<>()).add(key);
            return;
        }
        if (byMark(object).isEmpty()) {
            homes.put(key, owners);
        }
        owners.forEach(
                app -> byApp.computeIfAbsent(app, name -> new TreeMap<>()).put(key, object));
    }

    /** Removes an object. */
    public void remove(ResourceKey key) {
        JsonObject before = objects.remove(key);
        if (before != null) {
            version++;
            forget(key, before);
            if (Inventory.isPart(before)) {
                inventories.remove(before).forEach(this::home);
            }
        }
    }

    /** A number that is another one whenever an object has come, changed or gone. */
    public long version() {
        return version;
    }

    /** Follows a watch. */
    public void accept(WatchEvent event) {
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.object());
            case DELETED -> remove(SyncTask.keyOf(event.object()));
            case BOOKMARK, ERROR -> {
                // nothing changed
            }
        }
    }

    /** The application that an object belongs to whatever the inventories say; {@code ""} where that depends on them. */
    private String byMark(JsonObject object) {
        return tracking.method() == ResourceTracking.Method.INVENTORY || Inventory.isPart(object)
                ? ""
                : tracking.appName(object);
    }

    private void forget(ResourceKey key, JsonObject object) {
        String marked = byMark(object);
        List<String> owners = marked.isEmpty() ? homes.remove(key) : List.of(marked);
        if (owners == null) {
            TreeSet<ResourceKey> others = untracked.get(key.namespace());
            if (others != null && others.remove(key) && others.isEmpty()) {
                untracked.remove(key.namespace());
            }
            return;
        }
        for (String app : owners) {
            NavigableMap<ResourceKey, JsonObject> own = byApp.get(app);
            if (own != null && own.remove(key) != null && own.isEmpty()) {
                byApp.remove(app);
            }
        }
    }

    /**
     * The applications that an object belongs to, by name: the one that its mark names, or those whose inventories do. An
     * application that has no inventory yet has what is marked for it; one that had an inventory, before objects were marked, has
     * what is in it and marked for nobody.
     */
    public List<String> owners(JsonObject object) {
        if (Inventory.isPart(object)) {
            return List.of();
        }
        List<String> recorded = inventories.owners(SyncTask.keyOf(object));
        if (tracking.method() != ResourceTracking.Method.INVENTORY) {
            String marked = tracking.appName(object);
            return marked.isEmpty() ? recorded : List.of(marked);
        }
        String marked = recorded.isEmpty() ? tracking.markedBy(object) : "";
        return marked.isEmpty() || inventories.of(marked).isPresent() ? recorded : List.of(marked);
    }

    /** The inventory of an application; empty where there is none. */
    public Optional<Inventory> inventory(String app) {
        return inventories.of(app);
    }

    /** The object of a key. */
    public @Nullable JsonObject get(ResourceKey key) {
        return objects.get(key);
    }

    /** The keys of the objects of a kind. */
    public List<ResourceKey> keysOf(String group, String kind) {
        List<ResourceKey> keys = new ArrayList<>();
        for (ResourceKey key :
                objects.tailMap(new ResourceKey(group, kind, "", ""), true).keySet()) {
            if (!key.group().equals(group) || !key.kind().equals(kind)) {
                break;
            }
            keys.add(key);
        }
        return List.copyOf(keys);
    }

    /** The objects tracked by an application, by key. */
    public List<JsonObject> of(String app) {
        NavigableMap<ResourceKey, JsonObject> own = byApp.get(app);
        return own == null ? List.of() : List.copyOf(own.values());
    }

    /** The objects tracked by an application and those of these keys, by key: what a plan looks at. */
    public List<JsonObject> of(String app, Iterable<ResourceKey> desired) {
        NavigableMap<ResourceKey, JsonObject> found = new TreeMap<>();
        for (JsonObject object : of(app)) {
            found.put(SyncTask.keyOf(object), object);
        }
        for (ResourceKey key : desired) {
            JsonObject object = objects.get(key);
            if (object != null) {
                found.put(key, object);
            }
        }
        return List.copyOf(found.values());
    }

    /** The objects of a namespace that no application tracks, by key. */
    public List<ResourceKey> untracked(String namespace) {
        TreeSet<ResourceKey> keys = untracked.get(namespace);
        return keys == null ? List.of() : List.copyOf(keys);
    }

    /** The applications that have objects, by name. */
    public List<String> applications() {
        return List.copyOf(byApp.keySet());
    }

    /** Every object, by key. */
    public List<JsonObject> all() {
        return List.copyOf(objects.values());
    }
}
