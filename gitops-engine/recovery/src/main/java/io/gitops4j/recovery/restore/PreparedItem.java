package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.recovery.snapshot.SnapshotEntry;
import java.util.Optional;

/**
 * An object ready to be written.
 *
 * @param entry where it comes from
 * @param target where it goes
 * @param body without status and owner references
 * @param owners the owner references as they were
 * @param status to be put back, if any
 */
record PreparedItem(
        SnapshotEntry entry, ObjectRef target, JsonObject body, JsonArray owners, Optional<JsonObject> status) {

    String id() {
        return entry.key().toString();
    }
}
