package io.gitops4j.kustomize.internal.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resources in order, found by any id, any name or kind without a scan. The indexes hold every id a resource ever had; an
 * entry is checked against the resource when it is found, so a change costs only its new id.
 */
public final class ResMap {
    private final ArrayList<Resource> list = new ArrayList<>();
    private final Map<ResId.Key, List<Resource>> byId = new HashMap<>();
    private final Map<String, List<Resource>> byName = new HashMap<>();
    private final Map<String, List<Resource>> byKind = new HashMap<>();
    private int next;

    /** The resources in order; unmodifiable in meaning, not copied. */
    public List<Resource> resources() {
        return list;
    }

    public int size() {
        return list.size();
    }

    /** Appends; the resource whose current id is the same is given back instead, and nothing is done. */
    public @Nullable Resource append(Resource resource) {
        Resource same = current(resource.currentId().key());
        if (same != null) {
            return same;
        }
        resource.setPosition(next++);
        resource.setIndexed(null);
        list.add(resource);
        index(resource);
        return null;
    }

    /** Appends all of another map; the first id that is there already, or {@code null}. */
    public @Nullable ResId appendAll(ResMap other) {
        for (Resource resource : other.list) {
            if (append(resource) != null) {
                return resource.currentId();
            }
        }
        return null;
    }

    private void index(Resource resource) {
        for (int i = 0; i < resource.previousCount(); i++) {
            index(resource, resource.previousId(i));
        }
        index(resource, resource.currentId());
    }

    private void index(Resource resource, ResId id) {
        ResId last = resource.indexed();
        if (last == null || !last.equals(id)) {
            enter(byId, id.key(), resource);
            if (last == null || !last.name().equals(id.name())) {
                enter(byName, id.name(), resource);
            }
            if (last == null || !last.gvk().kind().equals(id.gvk().kind())) {
                enter(byKind, id.gvk().kind(), resource);
            }
            resource.setIndexed(id);
        }
    }

    private static <K> void enter(Map<K, List<Resource>> index, K key, Resource resource) {
        List<Resource> found = index.computeIfAbsent(key, k -> new ArrayList<>(1));
        if (found.isEmpty() || found.get(found.size() - 1) != resource) {
            found.add(resource);
        }
    }

    /** To be called after a resource's tree changed in a way that may touch its id. */
    public void touched(Resource resource) {
        resource.forget();
        index(resource, resource.currentId());
    }

    /** As {@link #touched}, also for ids of the past (the apiVersion may have changed). */
    public void touchedAll(Resource resource) {
        resource.forget();
        index(resource);
    }

    /** The one resource with this current id, or {@code null}. */
    public @Nullable Resource current(ResId.Key key) {
        List<Resource> found = byId.get(key);
        if (found != null) {
            for (Resource resource : found) {
                if (resource.currentId().key().equals(key) && holds(resource)) {
                    return resource;
                }
            }
        }
        return null;
    }

    /** All resources with this current id. */
    public List<Resource> allCurrent(ResId.Key key) {
        return filtered(byId.get(key), resource -> resource.currentId().key().equals(key));
    }

    /** All resources that have or had this id. */
    public List<Resource> anyId(ResId.Key key) {
        return filtered(byId.get(key), resource -> resource.hasId(key));
    }

    /** All resources that have or had this name, whatever their kind, in order. */
    public List<Resource> anyName(String name) {
        return filtered(byName.get(name), resource -> true);
    }

    /** All resources that have or had this kind, in order. */
    public List<Resource> anyKind(String kind) {
        return filtered(byKind.get(kind), resource -> true);
    }

    private interface Test {
        boolean accepts(Resource resource);
    }

    private List<Resource> filtered(@Nullable List<Resource> found, Test test) {
        if (found == null) {
            return new ArrayList<>();
        }
        List<Resource> result = new ArrayList<>(found.size());
        Map<Resource, Boolean> seen = found.size() > 1 ? new IdentityHashMap<>() : Collections.emptyMap();
        for (Resource resource : found) {
            if (holds(resource) && test.accepts(resource) && (found.size() == 1 || seen.put(resource, true) == null)) {
                result.add(resource);
            }
        }
        if (result.size() > 1) {
            result.sort(Comparator.comparingInt(Resource::position));
        }
        return result;
    }

    private static boolean holds(Resource resource) {
        return resource.position() >= 0;
    }

    /** Drops the resources that the test accepts. */
    public void removeIf(java.util.function.Predicate<Resource> test) {
        list.removeIf(resource -> {
            boolean drop = test.test(resource);
            if (drop) {
                resource.setPosition(-1);
            }
            return drop;
        });
    }

    /** Puts a resource in the place of another. */
    public void replace(Resource old, Resource by) {
        list.set(placeOf(old), by);
        by.setPosition(old.position());
        by.setIndexed(null);
        old.setPosition(-1);
        index(by);
    }

    private int placeOf(Resource resource) {
        int low = 0;
        int high = list.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (list.get(middle).position() < resource.position()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Puts the resources in another order. */
    public void reorder(Comparator<Resource> order) {
        list.sort(order);
        for (int i = 0; i < list.size(); i++) {
            list.get(i).setPosition(i);
        }
        next = list.size();
    }
}
