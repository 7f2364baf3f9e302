package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order of the tasks of a sync. Total: ties fall to the key, so that the same tasks always come in the same order. */
public final class TaskOrder {
    private TaskOrder() {}

    private static Comparator<SyncTask> order(List<String> kinds) {
        return Comparator.comparing(SyncTask::phase)
                .thenComparingLong(SyncTask::wave)
                .thenComparingInt(task -> KindOrder.index(task.key().kind(), kinds))
                .thenComparing(task -> !KindOrder.isSecretStore(task.key()))
                .thenComparing(task -> task.key().name())
                .thenComparing(task -> task.key().namespace())
                .thenComparing(task -> task.key().group())
                .thenComparing(task -> task.key().kind())
                .thenComparing(SyncTask::isPrune);
    }

    /**
     * Tasks in order: prune waves mirrored, {@code PruneLast} moved behind everything, then by phase, wave, kind and key, and
     * a namespace or CRD lifted before the first object that needs it.
     */
    public static List<SyncTask> order(List<SyncTask> tasks, SyncSettings settings) {
        return sort(pruneLast(mirrorPrunes(tasks), settings), settings.kindOrder());
    }

    /** Tasks by phase, wave, kind and key, with namespaces and CRDs before the first object that needs them. */
    public static List<SyncTask> sort(List<SyncTask> tasks) {
        return sort(tasks, List.of());
    }

    private static List<SyncTask> sort(List<SyncTask> tasks, List<String> kinds) {
        List<SyncTask> sorted = new ArrayList<>(tasks);
        sorted.sort(order(kinds));
        return lift(sorted);
    }

    /** What was applied first is pruned last: the waves of the prunes are read backwards. */
    private static List<SyncTask> mirrorPrunes(List<SyncTask> tasks) {
        TreeSet<Long> waves = new TreeSet<>();
        for (SyncTask task : tasks) {
            if (task.isPrune()) {
                waves.add(task.wave());
            }
        }
        List<Long> ascending = new ArrayList<>(waves);
        Map<Long, Long> mirror = new TreeMap<>();
        for (int i = 0; i < ascending.size(); i++) {
            mirror.put(ascending.get(i), ascending.get(ascending.size() - 1 - i));
        }
        List<SyncTask> mirrored = new ArrayList<>();
        for (SyncTask task : tasks) {
            Long wave = task.isPrune() ? mirror.get(task.wave()) : null;
            mirrored.add(wave == null ? task : task.in(task.phase(), wave));
        }
        return mirrored;
    }

    private static List<SyncTask> pruneLast(List<SyncTask> tasks, SyncSettings settings) {
        long last = 0;
        for (SyncTask task : tasks) {
            if (task.phase() == SyncPhase.SYNC) {
                last = Math.max(last, task.wave());
            }
        }
        List<SyncTask> moved = new ArrayList<>();
        for (SyncTask task : tasks) {
            boolean late = task.isPrune() && settings.on("PruneLast", task.subject());
            moved.add(late ? task.in(task.phase(), last + 1) : task);
        }
        return moved;
    }

    /**
     * Moves each namespace and CRD that sorts behind an object which needs it just before the first such object: namespaces
     * first, then CRDs. One look over the tasks finds the first of each need, so that many providers cost no more.
     */
    private static List<SyncTask> lift(List<SyncTask> sorted) {
        return lift(lift(sorted, true), false);
    }

    private static List<SyncTask> lift(List<SyncTask> tasks, boolean namespaces) {
        Map<String, SyncTask> firstUser = new LinkedHashMap<>();
        Map<SyncTask, List<SyncTask>> before = new IdentityHashMap<>();
        Set<SyncTask> moved = Collections.newSetFromMap(new IdentityHashMap<>());
        for (SyncTask task : tasks) {
            ResourceKey key = task.key();
            if (task.isPrune()) {
                continue;
            }
            String provided = namespaces ? providedNamespace(key) : providedKind(task);
            SyncTask user = provided.isEmpty() ? null : firstUser.get(provided);
            if (user != null) {
                before.computeIfAbsent(user, u -> new ArrayList<>()).add(task.in(user.phase(), user.wave()));
                moved.add(task);
            }
            firstUser.putIfAbsent(namespaces ? key.namespace() : key.group() + "/" + key.kind(), task);
        }
        if (moved.isEmpty()) {
            return tasks;
        }
        List<SyncTask> lifted = new ArrayList<>(tasks.size());
        for (SyncTask task : tasks) {
            lifted.addAll(before.getOrDefault(task, List.of()));
            if (!moved.contains(task)) {
                lifted.add(task);
            }
        }
        return lifted;
    }

    private static String providedNamespace(ResourceKey key) {
        return key.group().isEmpty() && key.kind().equals("Namespace") ? key.name() : "";
    }

    private static String providedKind(SyncTask task) {
        ResourceKey key = task.key();
        if (!key.group().equals("apiextensions.k8s.io") || !key.kind().equals("CustomResourceDefinition")) {
            return "";
        }
        JsonObject spec = task.subject().object("spec");
        return spec.text("group", "") + "/" + spec.object("names").text("kind", "");
    }

    /** Tasks by id, in their order. */
    static Map<String, SyncTask> byId(List<SyncTask> tasks) {
        Map<String, SyncTask> byId = new LinkedHashMap<>();
        for (SyncTask task : tasks) {
            byId.put(task.id(), task);
        }
        return byId;
    }
}
