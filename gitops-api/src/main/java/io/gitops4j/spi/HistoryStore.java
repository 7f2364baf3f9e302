package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;
import java.util.List;

/** Keeps what was deployed when, so that it can be rolled back to. */
public interface HistoryStore {

    /** The entries of an application, oldest first. */
    List<JsonObject> entries(String application);

    /** Replaces the entries of an application. */
    void replace(String application, List<JsonObject> entries);
}
