package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applications as Argo CD keeps them: objects of {@code argoproj.io/v1alpha1} in a namespace of a cluster, with the same fields
 * and the same status. They are listed once and then watched; a watch that ends or is too old is followed by a new list, by which
 * deletions that were missed are found. Not for use by several threads.
 */
public final class ClusterApplications implements ApplicationStore, AutoCloseable {
    private static final Gvk KIND = new Gvk("argoproj.io", "v1alpha1", "Application");
    private static final int PAGE = 500;

    private final Cluster cluster;
    private final String namespace;
    private final Map<String, JsonObject> known = new LinkedHashMap<>();
    private @Nullable Watch watch;

    /** The Applications of a namespace, {@code ""} for those of all namespaces. */
    public ClusterApplications(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    @Override
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        Watch open = watch;
        if (open == null) {
            list(changes);
            return List.copyOf(changes);
        }
        boolean lost = false;
        for (Optional<WatchEvent> event = open.poll(); event.isPresent(); event = open.poll()) {
            lost |= !take(event.get(), changes);
        }
        if (lost || open.ended()) {
            open.close();
            watch = null;
            list(changes);
        }
        return List.copyOf(changes);
    }

    private void list(List<Change> changes) {
        Set<String> seen = new LinkedHashSet<>();
        String token = "";
        String version;
        do {
            ListPage page = cluster.list(ListQuery.of(KIND).in(namespace).page(PAGE, token));
            for (JsonObject object : page.items()) {
                seen.add(name(object));
                put(object, changes);
            }
            token = page.continueToken();
            version = page.resourceVersion();
        } while (!token.isEmpty());
        for (String name : List.copyOf(known.keySet())) {
            if (!seen.contains(name)) {
                known.remove(name);
                changes.add(Change.gone(name));
            }
        }
        watch = cluster.watch(ListQuery.of(KIND).in(namespace).after(version));
    }

    private boolean take(WatchEvent event, List<Change> changes) {
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.object(), changes);
            case DELETED -> {
                known.remove(name(event.object()));
                changes.add(Change.gone(name(event.object())));
            }
            case BOOKMARK -> {
                // nothing has changed
            }
            case ERROR -> {
                return false;
            }
        }
        return true;
    }

    private void put(JsonObject object, List<Change> changes) {
        String name = name(object);
        JsonObject before = known.put(name, object);
        if (before != null && version(before).equals(version(object))) {
            return;
        }
        Manifest manifest = Manifest.trusted(object, Origin.memory());
        Outcome<Application> read = Application.of(manifest);
        changes.add(new Change(name, Optional.of(Application.trusted(object)), read.problems()));
    }

    @Override
    public Optional<Application> write(Application before, Application after) {
        Json patch = JsonMergePatch.diff(before.body(), after.body());
        if (patch instanceof JsonObject nothing && nothing.isEmpty()) {
            return Optional.of(after);
        }
        ObjectRef ref = ObjectRef.of(KIND, before.namespace(), before.name());
        try {
            JsonObject stored = cluster.patch(ref, PatchType.MERGE, patch, WriteOptions.defaults());
            known.put(name(stored), stored);
            return Optional.of(Application.trusted(stored));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String name(JsonObject object) {
        return Application.trusted(object).qualifiedName();
    }

    private static String version(JsonObject object) {
        return object.object("metadata").text("resourceVersion", "");
    }

    @Override
    public void close() {
        Watch open = watch;
        if (open != null) {
            open.close();
        }
    }
}
