package io.gitops4j.engine;

import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind, listed once and then watched; a watch that ends or is too old is followed by a new list, by which
 * deletions that were missed are found.
 */
final class WatchedObjects {
    private static final int PAGE = 500;

    private final Cluster cluster;
    private final Gvk kind;
    private final String namespace;
    private final Map<String, JsonObject> known = new LinkedHashMap<>();
    private @Nullable Watch watch;

    WatchedObjects(Cluster cluster, Gvk kind, String namespace) {
        this.cluster = cluster;
        this.kind = kind;
        this.namespace = namespace;
    }

    /** The object of a name, {@code namespace/name} or the name alone. */
    @Nullable
    JsonObject get(String name) {
        return known.get(name);
    }

    /** Tells what has changed since the last call: the object as it was, and as it is now. */
    void poll(BiConsumer<@Nullable JsonObject, @Nullable JsonObject> changed) {
        Watch open = watch;
        if (open == null) {
            list(changed);
            return;
        }
        boolean lost = false;
        for (Optional<WatchEvent> event = open.poll(); event.isPresent(); event = open.poll()) {
            switch (event.get().type()) {
                case ADDED, MODIFIED -> put(event.get().object(), changed);
                case DELETED -> gone(name(event.get().object()), changed);
                case BOOKMARK -> {
                    // nothing has changed
                }
                case ERROR -> lost = true;
            }
        }
        if (lost || open.ended()) {
            open.close();
            watch = null;
            list(changed);
        }
    }

    private void list(BiConsumer<@Nullable JsonObject, @Nullable JsonObject> changed) {
        Set<String> seen = new LinkedHashSet<>();
        String token = "";
        String version;
        do {
            ListPage page = cluster.list(ListQuery.of(kind).in(namespace).page(PAGE, token));
            for (JsonObject object : page.items()) {
                seen.add(name(object));
                put(object, changed);
            }
            token = page.continueToken();
            version = page.resourceVersion();
        } while (!token.isEmpty());
        for (String name : List.copyOf(known.keySet())) {
            if (!seen.contains(name)) {
                gone(name, changed);
            }
        }
        watch = cluster.watch(ListQuery.of(kind).in(namespace).after(version));
    }

    private void put(JsonObject object, BiConsumer<@Nullable JsonObject, @Nullable JsonObject> changed) {
        JsonObject before = known.put(name(object), object);
        if (before == null || !version(before).equals(version(object))) {
            changed.accept(before, object);
        }
    }

    private void gone(String name, BiConsumer<@Nullable JsonObject, @Nullable JsonObject> changed) {
        JsonObject before = known.remove(name);
        if (before != null) {
            changed.accept(before, null);
        }
    }

    private static String name(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        String in = metadata.text("namespace", "");
        return in.isEmpty() ? metadata.text("name", "") : in + "/" + metadata.text("name", "");
    }

    private static String version(JsonObject object) {
        return object.object("metadata").text("resourceVersion", "");
    }

    void close() {
        Watch open = watch;
        if (open != null) {
            open.close();
        }
    }
}
