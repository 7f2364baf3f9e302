package io.gitops4j.sync;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sync operation is to do.
 *
 * @param id name of the operation, put on the hooks that it creates
 * @param tasks in order, as {@link TaskOrder} gives them
 * @param invalid why tasks cannot be done at all, by task id; with any, nothing is applied
 * @param namespaceTask id of the task that creates the application's namespace, {@code ""} for none
 * @param watched objects that are left alone and hold the waves after their own all the same as long as they are not healthy
 */
public record SyncSpec(
        String id,
        List<SyncTask> tasks,
        Map<String, String> invalid,
        SyncSettings settings,
        String namespaceTask,
        List<SyncTask> watched) {

    /** A spec of these parts. */
    public SyncSpec {
        tasks = List.copyOf(tasks);
        watched = List.copyOf(watched);
        invalid = Collections.unmodifiableMap(new LinkedHashMap<>(invalid));
    }

    /** A spec in which nothing is only watched. */
    public SyncSpec(
            String id, List<SyncTask> tasks, Map<String, String> invalid, SyncSettings settings, String namespaceTask) {
        this(id, tasks, invalid, settings, namespaceTask, List.of());
    }
}
