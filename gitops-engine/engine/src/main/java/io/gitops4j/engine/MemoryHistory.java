package io.gitops4j.engine;

import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.HistoryStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link HistoryStore} that lives as long as the process. Not for use by several threads. */
public final class MemoryHistory implements HistoryStore {
    private final Map<String, List<JsonObject>> entries = new LinkedHashMap<>();

    @Override
    public List<JsonObject> entries(String application) {
        return entries.getOrDefault(application, List.of());
    }

    @Override
    public void replace(String application, List<JsonObject> newEntries) {
        entries.put(application, List.copyOf(newEntries));
    }
}
