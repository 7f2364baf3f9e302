package io.gitops4j.engine;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.sync.PlanStep;

/**
 * One object of an Application as it stands.
 *
 * @param key which object
 * @param version API version
 * @param sync {@code Synced} or {@code OutOfSync}
 * @param health its health
 * @param requiresPruning whether it is there and no longer wanted
 * @param step what a sync would do with it
 */
public record ResourceView(
        ResourceKey key, String version, String sync, Health health, boolean requiresPruning, PlanStep step) {

    /** The entry as Argo CD keeps it in {@code status.resources}. */
    public JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder();
        if (!key.group().isEmpty()) {
            out.put("group", key.group());
        }
        out.put("version", version).put("kind", key.kind());
        if (!key.namespace().isEmpty()) {
            out.put("namespace", key.namespace());
        }
        out.put("name", key.name()).put("status", sync);
        JsonObject.Builder judged =
                JsonObject.builder().put("status", health.status().wire());
        if (!health.message().isEmpty()) {
            judged.put("message", health.message());
        }
        out.put("health", judged.build());
        if (requiresPruning) {
            out.put("requiresPruning", true);
        }
        return out.build();
    }
}
