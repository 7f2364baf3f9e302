package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.ClusterReader;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The live objects of a sync at one moment, each read once when it is asked for. Where many objects of a kind and namespace are
 * concerned, they are read by a list instead of one by one. For use by one thread.
 */
final class LiveReads {
    private static final int MANY = 20;
    private static final int PAGE = 500;

    private final ClusterReader cluster;
    private final Map<ResourceKey, Gvk> kinds;
    private final Map<ResourceKey, Optional<JsonObject>> seen = new LinkedHashMap<>();
    private final Map<Group, Integer> sizes = new LinkedHashMap<>();

    private record Group(Gvk gvk, String namespace) {}

    /**
     * Reads of the moment.
     *
     * @param kinds the objects that may be asked for
     */
    LiveReads(ClusterReader cluster, Map<ResourceKey, Gvk> kinds) {
        this.cluster = cluster;
        this.kinds = kinds;
        kinds.forEach((key, gvk) -> sizes.merge(new Group(gvk, key.namespace()), 1, Integer::sum));
    }

    Optional<JsonObject> get(ResourceKey key) {
        Optional<JsonObject> known = seen.get(key);
        if (known != null) {
            return known;
        }
        Gvk gvk = kinds.get(key);
        if (gvk == null) {
            return Optional.empty();
        }
        Group group = new Group(gvk, key.namespace());
        Integer size = sizes.remove(group);
        if (size != null && size >= MANY && list(group, size)) {
            return seen.getOrDefault(key, Optional.empty());
        }
        Optional<JsonObject> read = read(ObjectRef.of(gvk, key.namespace(), key.name()));
        seen.put(key, read);
        return read;
    }

    /** Reads a whole group; {@code false} when that would take more than reading one by one, or is refused. */
    private boolean list(Group group, int size) {
        Set<ResourceKey> wanted = new LinkedHashSet<>();
        kinds.forEach((key, gvk) -> {
            if (gvk.equals(group.gvk()) && key.namespace().equals(group.namespace())) {
                wanted.add(key);
            }
        });
        Map<ResourceKey, Optional<JsonObject>> found = new LinkedHashMap<>();
        ListQuery query = ListQuery.of(group.gvk()).in(group.namespace());
        String token = "";
        try {
            for (int pages = 0; pages <= 4 * size / PAGE + 1; pages++) {
                ListPage page = cluster.list(query.page(PAGE, token));
                for (JsonObject item : page.items()) {
                    ResourceKey key = SyncTask.keyOf(item);
                    if (wanted.contains(key)) {
                        found.put(key, Optional.of(item));
                    }
                }
                token = page.continueToken();
                if (token.isEmpty()) {
                    wanted.forEach(key -> seen.putIfAbsent(key, found.getOrDefault(key, Optional.empty())));
                    return true;
                }
            }
            return false;
        } catch (ApiException refused) {
            return false;
        }
    }

    private Optional<JsonObject> read(ObjectRef ref) {
        try {
            return cluster.get(ref);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
