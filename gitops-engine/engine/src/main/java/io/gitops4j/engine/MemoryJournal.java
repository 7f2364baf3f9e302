package io.gitops4j.engine;

import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.OperationJournal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An {@link OperationJournal} that lives as long as the process. Not for use by several threads. */
public final class MemoryJournal implements OperationJournal {
    private final Map<String, JsonObject> records = new LinkedHashMap<>();

    @Override
    public Optional<JsonObject> read(String application) {
        return Optional.ofNullable(records.get(application));
    }

    @Override
    public void write(String application, JsonObject record) {
        records.put(application, record);
    }

    @Override
    public void clear(String application) {
        records.remove(application);
    }
}
