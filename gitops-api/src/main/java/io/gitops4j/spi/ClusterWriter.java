package io.gitops4j.spi;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/**
 * Writing to a cluster. Every method answers with the object as stored (or as it would be, in a dry run) and throws
 * {@link io.gitops4j.cluster.ApiException} when the server refuses.
 */
public interface ClusterWriter {

    /** Creates an object; 409 {@code AlreadyExists} when it is there. */
    JsonObject create(JsonObject object, WriteOptions options);

    /** Replaces an object or, with a subresource in {@code ref}, that part of it. */
    JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options);

    /** Patches an object or a subresource of it. */
    JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options);

    /** Server-side apply of the object or, with a subresource in {@code ref}, of that part of it. */
    default JsonObject apply(ObjectRef ref, JsonObject object, WriteOptions options) {
        return patch(ref, PatchType.APPLY, object, options);
    }

    /**
     * As {@link #create}, for a caller who looks at nothing of the answer but its metadata: a cluster may leave the rest away,
     * which saves both sides work.
     */
    default JsonObject createBriefly(JsonObject object, WriteOptions options) {
        return create(object, options);
    }

    /** As {@link #apply}, for a caller who looks at nothing of the answer but its metadata; see {@link #createBriefly}. */
    default JsonObject applyBriefly(ObjectRef ref, JsonObject object, WriteOptions options) {
        return apply(ref, object, options);
    }

    /** Deletes an object; answers the object (still there, with a deletionTimestamp, while finalizers hold it). */
    JsonObject delete(ObjectRef ref, DeleteOptions options);

    /**
     * Evicts a pod: deletes it unless a PodDisruptionBudget forbids it, which is refused with 429 {@code TooManyRequests}. A
     * cluster that knows no evictions refuses with 405 {@code MethodNotAllowed}.
     */
    default void evict(ObjectRef pod, DeleteOptions options) {
        throw new ApiException(
                ApiStatus.of(405, "MethodNotAllowed", "evictions are not supported: " + pod.key() + " stays"));
    }
}
