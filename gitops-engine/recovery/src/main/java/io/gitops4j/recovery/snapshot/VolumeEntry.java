package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;

/**
 * A claim in a snapshot and where its data is.
 *
 * @param namespace of the claim
 * @param claim its name
 * @param storageClass its class
 * @param driver of the volume, or the provisioner's name
 * @param handle of the kept data, {@code ""} when it is not kept
 * @param failure why the data could not be kept, {@code ""} when it was or was not to be
 */
public record VolumeEntry(
        String namespace, String claim, String storageClass, String driver, String handle, String failure) {

    /** The key of the claim. */
    public ResourceKey key() {
        return new ResourceKey("", "PersistentVolumeClaim", namespace, claim);
    }

    JsonObject toJson() {
        return JsonObject.builder()
                .put("ns", namespace)
                .put("claim", claim)
                .put("storageClass", storageClass)
                .put("driver", driver)
                .put("handle", handle)
                .put("failure", failure)
                .build();
    }

    static VolumeEntry from(JsonObject json) {
        return new VolumeEntry(
                json.text("ns", ""),
                json.text("claim", ""),
                json.text("storageClass", ""),
                json.text("driver", ""),
                json.text("handle", ""),
                json.text("failure", ""));
    }
}
