package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonObject;
import java.util.Optional;

/** Decides what Git holds already, so that a snapshot need not keep it. */
@FunctionalInterface
public interface SnapshotScope {

    /** The Application that would bring this very object back; empty for what has to be kept. */
    Optional<String> heldByGit(JsonObject live);

    /** Keeps everything. */
    static SnapshotScope everything() {
        return live -> Optional.empty();
    }
}
