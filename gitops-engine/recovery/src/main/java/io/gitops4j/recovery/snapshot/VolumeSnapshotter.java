package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;

/**
 * Keeps the data of volumes, which no snapshot of objects holds. Without one a snapshot says which claims have data that it does
 * not keep. Found by {@code ServiceLoader} on the command line. Source: secrets-dr-security §4.3.
 */
public interface VolumeSnapshotter {

    /**
     * Keeps the data of a bound claim.
     *
     * @param claim the PersistentVolumeClaim
     * @param volume its PersistentVolume, {@link JsonObject#empty()} when it cannot be read
     * @return a handle by which the data is found again; a problem makes the snapshot {@code PARTIAL}
     */
    Outcome<String> take(JsonObject claim, JsonObject volume);

    /**
     * The claim as it is to be created so that it begins with kept data, such as with a {@code dataSource}. Must write nothing: a
     * problem, such as a handle that is gone, ends the restore before its first write.
     */
    Outcome<JsonObject> restored(JsonObject claim, VolumeEntry kept);
}
