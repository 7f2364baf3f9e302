package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;
import java.util.Optional;

/**
 * Keeps how far an operation has come, so that another process goes on with it after a crash. A record is written before the
 * calls that it announces are made.
 */
public interface OperationJournal {

    /** The record of an application; empty when none is open. */
    Optional<JsonObject> read(String application);

    /** Replaces the record of an application. */
    void write(String application, JsonObject record);

    /** Removes the record of an application. */
    void clear(String application);
}
