package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import io.gitops4j.sync.Inventory;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.ResourceTracking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds drift by watching one cluster: an event on an object that belongs to an Application makes that Application, and no
 * other, due for a pass. Watches are opened for the kinds that the Applications have objects of. For use by one thread.
 */
public final class DriftWatch implements AutoCloseable {
    private final Map<String, Application> applications = new LinkedHashMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private final ResourceIndex index;

    private DriftWatch(GitOps gitops, List<Application> applications) {
        this.index = new ResourceIndex(gitops.tracking());
        applications.forEach(application -> this.applications.put(application.name(), application));
    }

    /** Begins to watch the cluster that these Applications go to, from now on. Problems: those of an observation. */
    public static Outcome<DriftWatch> open(GitOps gitops, Cluster cluster, List<Application> applications) {
        DriftWatch drift = new DriftWatch(gitops, applications);
        Set<Gvk> kinds = new LinkedHashSet<>();
        boolean inventories = gitops.tracking().method() == ResourceTracking.Method.INVENTORY;
        if (inventories) {
            kinds.add(Gvk.of("v1", "ConfigMap"));
        }
        for (Application application : applications) {
            Outcome<Set<Gvk>> own = gitops.kinds(application);
            if (!own.ok()) {
                return Outcome.failed(own.problems());
            }
            kinds.addAll(own.orThrow());
            if (inventories) {
                gitops.observe(application).value().ifPresent(drift::takeInventories);
            }
        }
        for (Gvk kind : kinds) {
            String version = cluster.list(ListQuery.of(kind).page(1, "")).resourceVersion();
            ListQuery after = ListQuery.of(kind).after(version);
            // who owns an object is told by its metadata, but for inventories
            boolean whole = inventories && kind.kind().equals("ConfigMap");
            drift.watches.add(whole ? cluster.watch(after) : cluster.watchMetadata(after));
        }
        return Outcome.of(drift);
    }

    /** Calls {@code wakeUp}, on any thread, whenever there is something to {@link #poll}. */
    public void onAvailable(Runnable wakeUp) {
        watches.forEach(watch -> watch.onAvailable(wakeUp));
    }

    /** The Applications whose objects have changed since the last call, by name. */
    public List<Application> poll() {
        TreeSet<String> due = new TreeSet<>();
        for (Watch watch : watches) {
            for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
                if (event.get().type() != WatchEvent.Type.BOOKMARK
                        && event.get().type() != WatchEvent.Type.ERROR) {
                    due.addAll(owners(event.get()));
                }
            }
        }
        List<Application> applicationsDue = new ArrayList<>();
        for (String name : due) {
            Application application = applications.get(name);
            if (application != null) {
                applicationsDue.add(application);
            }
        }
        return List.copyOf(applicationsDue);
    }

    private List<String> owners(WatchEvent event) {
        JsonObject object = event.object();
        if (!Inventory.isPart(object)) {
            return index.owners(object);
        }
        index.accept(event);
        return List.of(Inventory.applicationOf(object));
    }

    private void takeInventories(ResourceIndex observed) {
        observed.all().stream().filter(Inventory::isPart).forEach(index::put);
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
    }
}
