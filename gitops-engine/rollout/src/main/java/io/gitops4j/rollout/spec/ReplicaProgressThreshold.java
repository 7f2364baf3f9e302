package io.gitops4j.rollout.spec;

import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * When a ReplicaSet counts as having reached its target although pods are missing.
 *
 * @param percent whether {@code value} is percent of the target; otherwise it is pods
 * @param value percent or pods; negative means that there is no threshold
 */
public record ReplicaProgressThreshold(boolean percent, int value) {
    private static final double TOLERANCE = 1e-10;

    /** The threshold that {@code field} describes; {@code null} for none. */
    public static @Nullable ReplicaProgressThreshold of(@Nullable JsonObject field) {
        return field == null
                ? null
                : new ReplicaProgressThreshold(
                        !field.text("type", "Percent").equals("Pods"), Fields.integer(field, "value", -1));
    }

    /**
     * Whether a ReplicaSet has reached {@code target}.
     *
     * @param threshold the rule, {@code null} for "all of them"
     * @param exists whether there is such a ReplicaSet
     * @param spec replicas asked of it
     * @param available its available replicas
     */
    public static boolean reached(
            @Nullable ReplicaProgressThreshold threshold, boolean exists, int spec, int available, int target) {
        if (!exists || threshold == null || threshold.value < 0) {
            return exists && spec == target && available == target;
        }
        if (threshold.percent) {
            return target == 0 || (double) available / target * 100 >= threshold.value - TOLERANCE;
        }
        return available >= threshold.value;
    }
}
