package io.gitops4j.rollout;

import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.RolloutSpec;

/**
 * The phase of a Rollout with its message: a pure projection of spec and status, first match wins.
 *
 * <p>Source: Rollouts §2.15.
 *
 * @param phase {@code Healthy}, {@code Progressing}, {@code Paused} or {@code Degraded}
 * @param message why, {@code ""} when healthy
 */
public record RolloutPhase(String phase, String message) {

    /** Nothing left to do. */
    public static final String HEALTHY = "Healthy";

    /** On its way. */
    public static final String PROGRESSING = "Progressing";

    /** Waiting, as planned or for a person. */
    public static final String PAUSED = "Paused";

    /** Failed, aborted or invalid. */
    public static final String DEGRADED = "Degraded";

    /** The phase of a rollout. */
    public static RolloutPhase of(RolloutSpec spec, RolloutStatus status) {
        RolloutCondition invalid = status.condition(RolloutCondition.INVALID_SPEC);
        if (invalid != null) {
            return new RolloutPhase(DEGRADED, invalid.reason() + ": " + invalid.message());
        }
        RolloutCondition progressing = status.condition(RolloutCondition.PROGRESSING);
        if (progressing != null
                && (progressing.reason().equals("RolloutAborted")
                        || progressing.reason().equals("ProgressDeadlineExceeded"))) {
            return new RolloutPhase(DEGRADED, progressing.reason() + ": " + progressing.message());
        }
        if (spec.paused()) {
            return new RolloutPhase(PAUSED, "manually paused");
        }
        if (!status.pauseConditions().isEmpty()) {
            return new RolloutPhase(PAUSED, status.pauseConditions().get(0).reason());
        }
        if (spec.restartAt() != null && !spec.restartAt().equals(status.restartedAt())) {
            return new RolloutPhase(PROGRESSING, "rollout is restarting");
        }
        if (status.updatedReplicas() < spec.replicas()) {
            return new RolloutPhase(PROGRESSING, "more replicas need to be updated");
        }
        if (status.availableReplicas() < status.updatedReplicas()) {
            return new RolloutPhase(PROGRESSING, "updated replicas are still becoming available");
        }
        return spec.blueGreen() != null ? blueGreen(status) : canary(spec, status);
    }

    private static RolloutPhase blueGreen(RolloutStatus status) {
        if (status.activeSelector().isEmpty() || !status.activeSelector().equals(status.currentPodHash())) {
            return new RolloutPhase(PROGRESSING, "active service cutover pending");
        }
        if (!status.stableRS().equals(status.currentPodHash())) {
            boolean analysing = status.postPromotionRun().exists()
                    && !status.postPromotionRun().in(AnalysisPhase.SUCCESSFUL)
                    && status.postPromotionRun().running();
            return new RolloutPhase(
                    PROGRESSING,
                    analysing
                            ? "waiting for analysis to complete"
                            : "waiting for post-promotion verification to complete");
        }
        return new RolloutPhase(HEALTHY, "");
    }

    private static RolloutPhase canary(RolloutSpec spec, RolloutStatus status) {
        boolean routed = spec.canary() != null && spec.canary().routed();
        if (!routed && status.replicas() > status.updatedReplicas()) {
            return new RolloutPhase(PROGRESSING, "old replicas are pending termination");
        }
        if (!status.stableRS().equals(status.currentPodHash())) {
            return new RolloutPhase(PROGRESSING, "waiting for all steps to complete");
        }
        return new RolloutPhase(HEALTHY, "");
    }
}
