package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * ApplicationSets as Argo CD keeps them: objects of a cluster, which own the Applications that they generate. Sets and
 * Applications are listed once and then watched, and each set has the index of its Applications. Not for use by several threads.
 */
public final class ClusterApplicationSets implements ApplicationSetStore, AutoCloseable {
    private static final Gvk SET = new Gvk("argoproj.io", "v1alpha1", "ApplicationSet");
    private static final Gvk APPLICATION = new Gvk("argoproj.io", "v1alpha1", "Application");

    private final Cluster cluster;
    private final WatchedObjects sets;
    private final WatchedObjects applications;
    private final Map<String, TreeMap<String, Application>> bySet = new TreeMap<>();

    /** The sets of a namespace, {@code ""} for those of all namespaces. */
    public ClusterApplicationSets(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.sets = new WatchedObjects(cluster, SET, namespace);
        this.applications = new WatchedObjects(cluster, APPLICATION, namespace);
    }

    @Override
    public List<Change> changes() {
        Set<String> changed = new LinkedHashSet<>();
        sets.poll((before, now) -> changed.add(name(now == null ? before : now)));
        applications.poll((before, now) -> {
            if (before != null) {
                take(before, false, changed);
            }
            if (now != null) {
                take(now, true, changed);
            }
        });
        List<Change> changes = new ArrayList<>();
        for (String name : changed) {
            JsonObject body = sets.get(name);
            if (body == null) {
                changes.add(new Change(name, Optional.empty(), List.of()));
            } else {
                Outcome<ApplicationSet> read = ApplicationSet.of(Manifest.trusted(body, Origin.memory()));
                changes.add(new Change(name, Optional.of(new ApplicationSet(body)), read.problems()));
            }
        }
        return List.copyOf(changes);
    }

    private void take(JsonObject body, boolean there, Set<String> changed) {
        Application application = Application.trusted(body);
        ApplicationSetStore.ownerOf(body).ifPresent(set -> {
            String key = application.namespace() + "/" + set;
            TreeMap<String, Application> own = bySet.computeIfAbsent(key, s -> new TreeMap<>());
            if (there) {
                own.put(application.name(), application);
            } else {
                own.remove(application.name());
            }
            changed.add(key);
        });
    }

    private static String name(JsonObject set) {
        return new ApplicationSet(set).qualifiedName();
    }

    @Override
    public List<Application> applicationsOf(String namespace, String set) {
        return List.copyOf(
                bySet.getOrDefault(namespace + "/" + set, new TreeMap<>()).values());
    }

    @Override
    public void create(JsonObject application) {
        cluster.create(application, WriteOptions.defaults());
    }

    @Override
    public void update(Application before, JsonObject after) {
        patch(ObjectRef.of(APPLICATION, before.namespace(), before.name()), before.body(), after);
    }

    @Override
    public void delete(Application application) {
        try {
            cluster.delete(
                    ObjectRef.of(APPLICATION, application.namespace(), application.name()), DeleteOptions.defaults());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    @Override
    public Optional<ApplicationSet> write(ApplicationSet before, ApplicationSet after) {
        return patch(ObjectRef.of(SET, before.namespace(), before.name()), before.body(), after.body())
                .map(ApplicationSet::new);
    }

    private Optional<JsonObject> patch(ObjectRef ref, JsonObject before, JsonObject after) {
        Json patch = JsonMergePatch.diff(before, after);
        if (patch instanceof JsonObject nothing && nothing.isEmpty()) {
            return Optional.of(after);
        }
        try {
            return Optional.of(cluster.patch(ref, PatchType.MERGE, patch, WriteOptions.defaults()));
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        sets.close();
        applications.close();
    }
}
