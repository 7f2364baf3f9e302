package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;

/**
 * What became of one object.
 *
 * @param source its key in the snapshot
 * @param target where it went
 * @param result what was done
 * @param code why, for what was skipped or failed; {@code ""} otherwise
 * @param text more of it; never a value of a Secret
 * @param uid its uid in the target, {@code ""} when it is not there
 */
public record RestoredItem(ResourceKey source, ObjectRef target, Result result, String code, String text, String uid) {

    /** What was done. */
    public enum Result {
        CREATED,
        UPDATED,
        REPLACED,
        RECREATED,
        UNCHANGED,
        SKIPPED,
        FAILED
    }

    /** For machines. */
    public JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder()
                .put("source", source.toString())
                .put("target", target.key().toString())
                .put("result", result.name());
        if (!code.isEmpty()) {
            out.put("code", code).put("text", text);
        }
        return out.build();
    }
}
