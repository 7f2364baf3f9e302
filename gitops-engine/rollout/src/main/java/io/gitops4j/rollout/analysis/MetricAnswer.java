package io.gitops4j.rollout.analysis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answered. Exactly one of the three kinds: a value to be judged by the metric's conditions, an error, or an
 * outcome that the provider judged itself (a Job, a score), which may still be Running.
 *
 * @param value the value, see {@link io.gitops4j.rollout.expr.Expression} for its kinds
 * @param error why there is no value, {@code null} when there is one
 * @param outcome the outcome that the provider decided, {@code null} to judge the value
 * @param message the provider's message with its own outcome, {@code ""} for none
 * @param resumeAt when to ask again while Running
 */
public record MetricAnswer(
        @Nullable Object value,
        @Nullable String error,
        @Nullable AnalysisPhase outcome,
        String message,
        @Nullable Instant resumeAt) {

    /** A value to be judged. */
    public static MetricAnswer value(@Nullable Object value) {
        return new MetricAnswer(value, null, null, "", null);
    }

    /** No value, for this reason. */
    public static MetricAnswer error(String message) {
        return new MetricAnswer(null, message, null, "", null);
    }

    /** An outcome that the provider decided. */
    public static MetricAnswer outcome(AnalysisPhase phase, String message) {
        return new MetricAnswer(null, null, phase, message, null);
    }

    /** Still running; look again at {@code resumeAt}, or at every pass when {@code null}. */
    public static MetricAnswer running(@Nullable Instant resumeAt) {
        return new MetricAnswer(null, null, AnalysisPhase.RUNNING, "", resumeAt);
    }
}
