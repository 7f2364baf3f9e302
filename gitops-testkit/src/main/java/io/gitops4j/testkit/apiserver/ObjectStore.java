package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a cluster under one counter of revisions, with the last changes kept. Not safe for several threads: the
 * server holds its lock around every call.
 */
final class ObjectStore {
    private final Map<String, TypeStore> types = new LinkedHashMap<>();
    private final int historyLimit;
    private long revision = 1;
    private long compacted;

    ObjectStore(int historyLimit) {
        this.historyLimit = historyLimit;
    }

    TypeStore of(ResourceType type) {
        return types.computeIfAbsent(type.qualifiedResource(), name -> new TypeStore());
    }

    @Nullable
    JsonObject get(ResourceType type, String namespace, String name) {
        return of(type).get(new ObjectKey(namespace, name));
    }

    /** The revision of the last change. */
    long revision() {
        return revision;
    }

    /** Changes at or before this revision are forgotten. */
    long compacted() {
        return compacted;
    }

    /** Forgets all changes so far, as etcd does by and by. */
    void compact() {
        compacted = revision;
    }

    /** Stores {@code after} in place of {@code before} ({@code null}: none) and gives it the next resourceVersion. */
    JsonObject put(ResourceType type, ObjectKey key, @Nullable JsonObject before, JsonObject after, long timeMillis) {
        revision++;
        JsonObject stamped = of(type).shared(stamp(after));
        append(type, new Change(revision, key, timeMillis, before, stamped));
        return stamped;
    }

    /** Removes an object; the answer is its last state with the resourceVersion of the removal. */
    JsonObject remove(ResourceType type, ObjectKey key, JsonObject before, long timeMillis) {
        revision++;
        append(type, new Change(revision, key, timeMillis, before, null));
        return stamp(before);
    }

    /** A copy of {@code object} with a resourceVersion. */
    static JsonObject withVersion(JsonObject object, long version) {
        JsonObject metadata = object.object("metadata").with("resourceVersion", Json.of(Long.toString(version)));
        return object.with("metadata", metadata);
    }

    private JsonObject stamp(JsonObject object) {
        return withVersion(object, revision);
    }

    private void append(ResourceType type, Change change) {
        compacted = Math.max(compacted, revision - historyLimit);
        of(type).append(change, compacted);
    }
}
