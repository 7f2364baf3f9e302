package io.gitops4j.rollout;

import io.gitops4j.json.JsonObject;
import java.time.Instant;

/**
 * A condition of a Rollout.
 *
 * @param type {@code Progressing}, {@code Available}, …
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one word
 * @param message one sentence
 * @param lastUpdateTime when it was last written, or when progress was last seen
 * @param lastTransitionTime when the status last changed
 */
public record RolloutCondition(
        String type, String status, String reason, String message, Instant lastUpdateTime, Instant lastTransitionTime) {

    /** Pods can serve. */
    public static final String AVAILABLE = "Available";

    /** The update moves on. */
    public static final String PROGRESSING = "Progressing";

    /** A step or a person paused it. */
    public static final String PAUSED = "Paused";

    /** Fully promoted with all pods. */
    public static final String HEALTHY = "Healthy";

    /** The stable revision is the wanted one. */
    public static final String COMPLETED = "Completed";

    /** The spec cannot be followed. */
    public static final String INVALID_SPEC = "InvalidSpec";

    /** The condition object. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastUpdateTime", lastUpdateTime.toString())
                .put("lastTransitionTime", lastTransitionTime.toString())
                .build();
    }
}
