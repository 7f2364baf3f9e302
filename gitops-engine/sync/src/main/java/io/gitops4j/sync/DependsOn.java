package io.gitops4j.sync;

import com.google.common.base.Splitter;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dependencies that objects name: the annotation {@code gitops4j.io/depends-on} lists {@code group/Kind/namespace/name} (or
 * {@code Kind/namespace/name} of the core group, {@code Kind/name} in the same namespace), separated by commas. An object goes
 * into a wave behind those that it depends on, and so waits until they are healthy.
 */
final class DependsOn {
    /** The annotation. */
    static final String ANNOTATION = "gitops4j.io/depends-on";

    private final Map<ResourceKey, SyncTask> applied = new LinkedHashMap<>();
    private final Map<ResourceKey, Long> waves = new LinkedHashMap<>();
    private final Set<ResourceKey> open = new LinkedHashSet<>();
    private final Map<String, String> invalid = new LinkedHashMap<>();

    private DependsOn(List<SyncTask> tasks) {
        for (SyncTask task : tasks) {
            if (!task.isPrune() && task.phase() == SyncPhase.SYNC) {
                applied.put(task.key(), task);
            }
        }
    }

    /**
     * The tasks in their waves.
     *
     * @param invalid takes, by task id, what cannot be: an unknown dependency, a circle
     */
    static List<SyncTask> order(List<SyncTask> tasks, Map<String, String> invalid) {
        if (tasks.stream().noneMatch(DependsOn::hasAny)) {
            return tasks;
        }
        DependsOn dependencies = new DependsOn(tasks);
        List<SyncTask> ordered = new ArrayList<>();
        for (SyncTask task : tasks) {
            boolean applies = !task.isPrune() && task.phase() == SyncPhase.SYNC;
            ordered.add(applies ? task.in(task.phase(), dependencies.wave(task)) : task);
        }
        invalid.putAll(dependencies.invalid);
        return ordered;
    }

    private static boolean hasAny(SyncTask task) {
        return !task.isPrune() && Hooks.annotation(task.subject(), ANNOTATION) != null;
    }

    private long wave(SyncTask task) {
        Long known = waves.get(task.key());
        if (known != null) {
            return known;
        }
        if (!open.add(task.key())) {
            invalid.put(task.id(), "depends on itself: " + open);
            return task.wave();
        }
        long wave = task.wave();
        for (String name : Hooks.commaList(Hooks.annotation(task.subject(), ANNOTATION))) {
            ResourceKey key = key(name, task.key().namespace());
            SyncTask needed = key == null ? null : applied.get(key);
            if (needed == null) {
                invalid.put(task.id(), "depends on " + name + ", which is not part of the application");
            } else {
                wave = Math.max(wave, wave(needed) + 1);
            }
        }
        open.remove(task.key());
        waves.put(task.key(), wave);
        return wave;
    }

    private static @Nullable ResourceKey key(String name, String namespace) {
        List<String> parts = Splitter.on('/').splitToList(name);
        return switch (parts.size()) {
            case 2 -> new ResourceKey("", parts.get(0), namespace, parts.get(1));
            case 3 -> new ResourceKey("", parts.get(0), parts.get(1), parts.get(2));
            case 4 -> new ResourceKey(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
            default -> null;
        };
    }
}
