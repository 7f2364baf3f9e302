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
 */
public record SyncSpec(
        String id, List<SyncTask> tasks, Map<String, String> invalid, SyncSettings settings, String namespaceTask) {

    /** A spec of these parts. */
    public SyncSpec {
        tasks = List.copyOf(tasks);
        invalid = Collections.unmodifiableMap(new LinkedHashMap<>(invalid));
    }
}
