package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Keeps the inventory of an application in its cluster: before a sync it is widened to all that was and all that will be, after
 * it narrowed to what is left, so that whoever dies in between loses nothing. Where objects are tracked by a mark of their own,
 * an inventory of before is used up and goes.
 *
 * <p>Every write is of a whole record: pages of a new generation first, then the head that leads to them, then what the head led
 * to before goes.
 */
public final class InventoryKeeper {
    /** Bytes of one part, well below what an API server stores. */
    public static final int PART_BYTES = 512 * 1024;

    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final WriteOptions OPTIONS = WriteOptions.defaults().withFieldManager("argocd-controller");

    private final Cluster cluster;
    private final ResourceTracking tracking;
    private final int partBytes;

    /** A keeper on a cluster. */
    public InventoryKeeper(Cluster cluster, ResourceTracking tracking) {
        this(cluster, tracking, PART_BYTES);
    }

    /** A keeper with parts of another size. */
    public InventoryKeeper(Cluster cluster, ResourceTracking tracking, int partBytes) {
        this.cluster = cluster;
        this.tracking = tracking;
        this.partBytes = partBytes;
    }

    /** The inventory as the cluster has it now. */
    public Optional<Inventory> read(String application) {
        return cluster.get(ref(Inventory.headName(application))).map(head -> read(application, head));
    }

    private Inventory read(String application, JsonObject head) {
        Map<String, JsonObject> pages = new LinkedHashMap<>();
        Inventory without = Inventory.read(application, head, pages);
        for (int page = 0; page < without.pages(); page++) {
            String name = Inventory.pageName(application, without.generation(), page);
            cluster.get(ref(name)).ifPresent(part -> pages.put(name, part));
        }
        return Inventory.read(application, head, pages);
    }

    /**
     * Records all that a plan is about to write or delete beside what is recorded already. Nothing is written when all of it is
     * recorded, or for a dry run.
     *
     * @throws GitOpsException {@code INVENTORY_SIZE} when there are too many objects to record
     */
    public void widen(Plan plan) {
        if (tracking.method() != ResourceTracking.Method.INVENTORY
                || plan.spec().settings().dryRun()) {
            return;
        }
        Optional<JsonObject> head = cluster.get(ref(Inventory.headName(plan.application())));
        Inventory before = head.map(found -> read(plan.application(), found)).orElse(empty(plan.application()));
        TreeSet<ResourceKey> all = new TreeSet<>(before.entries());
        for (PlanStep step : plan.steps()) {
            // definitions are nobody's: to delete one would delete the objects of every application
            boolean definition = step.task().key().kind().equals("CustomResourceDefinition");
            if (!definition && !step.task().isHook() && (step.task().isPrune() || step.writes())) {
                all.add(step.task().key());
            }
        }
        if (head.isEmpty() || all.size() > before.entries().size()) {
            write(before, head, all);
        }
    }

    /**
     * Takes out of the record what is no longer desired and gone, or recorded by the application that has taken it over.
     *
     * @param taken whether another application has an object in its record
     */
    public void narrow(Plan plan, Predicate<ResourceKey> taken) {
        if (plan.spec().settings().dryRun()) {
            return;
        }
        boolean own = tracking.method() == ResourceTracking.Method.INVENTORY;
        Optional<JsonObject> head = cluster.get(ref(Inventory.headName(plan.application())));
        if (head.isEmpty()) {
            return;
        }
        Inventory before = read(plan.application(), head.get());
        Map<ResourceKey, Gvk> kinds = new LinkedHashMap<>();
        TreeSet<ResourceKey> desired = new TreeSet<>();
        for (PlanStep step : plan.steps()) {
            kinds.put(step.task().key(), step.task().gvk());
            if (!step.task().isPrune() && !step.task().isHook()) {
                desired.add(step.task().key());
            }
        }
        TreeSet<ResourceKey> left = new TreeSet<>();
        for (ResourceKey key : before.entries()) {
            // by another method an object that is desired has its mark by now
            boolean stays = desired.contains(key) ? own : !taken.test(key) && isThere(key, kinds.get(key));
            if (stays) {
                left.add(key);
            }
        }
        if (!own && left.isEmpty()) {
            delete(plan.application());
        } else if (left.size() < before.entries().size()) {
            write(before, head, left);
        }
    }

    private boolean isThere(ResourceKey key, @org.jspecify.annotations.Nullable Gvk known) {
        // what a plan does not speak of has no live object of its own
        return known != null
                && cluster.get(ObjectRef.of(known, key.namespace(), key.name())).isPresent();
    }

    /** Deletes the record, the head last. */
    public void delete(String application) {
        Optional<Inventory> known = read(application);
        if (known.isPresent()) {
            deletePages(known.get());
            gone(ref(Inventory.headName(application)));
        }
    }

    private static Inventory empty(String application) {
        return new Inventory(application, 0, 0, List.of(), "");
    }

    private void write(Inventory before, Optional<JsonObject> head, TreeSet<ResourceKey> entries) {
        List<JsonObject> parts = new ArrayList<>(Inventory.record(
                before.application(),
                tracking.inventoryNamespace(),
                before.generation() + 1,
                List.copyOf(entries),
                !before.isWhole(),
                partBytes));
        if (parts.size() > Inventory.MOST_PAGES + 1) {
            throw new GitOpsException(
                    "INVENTORY_SIZE",
                    entries.size() + " objects of " + before.application() + " are too many to record");
        }
        JsonObject first = parts.remove(0);
        for (JsonObject page : parts) {
            ObjectRef ref = ObjectRef.of(page);
            Optional<JsonObject> there = cluster.get(ref);
            if (there.isEmpty()) {
                cluster.create(page, OPTIONS);
            } else if (!there.get().object("data").equals(page.object("data"))) {
                // left by a writer that died before its head
                cluster.replace(ref, at(page, there.get()), OPTIONS);
            }
        }
        if (head.isEmpty()) {
            cluster.create(first, OPTIONS);
        } else {
            cluster.replace(ObjectRef.of(first), at(first, head.get()), OPTIONS);
        }
        deletePages(before);
    }

    private static JsonObject at(JsonObject object, JsonObject there) {
        String version = there.object("metadata").text("resourceVersion", "");
        return object.with("metadata", object.object("metadata").with("resourceVersion", Json.of(version)));
    }

    private void deletePages(Inventory of) {
        for (int page = 0; page < of.pages(); page++) {
            gone(ref(Inventory.pageName(of.application(), of.generation(), page)));
        }
    }

    private void gone(ObjectRef ref) {
        try {
            cluster.delete(ref, DeleteOptions.defaults());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private ObjectRef ref(String name) {
        return ObjectRef.of(CONFIG_MAP, tracking.inventoryNamespace(), name);
    }
}
