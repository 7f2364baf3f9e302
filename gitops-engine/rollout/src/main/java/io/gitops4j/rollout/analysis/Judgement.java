package io.gitops4j.rollout.analysis;

import io.gitops4j.rollout.expr.Expression;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a measured value is judged by the conditions of its metric.
 *
 * <p>Source: Rollouts §3.2.
 *
 * @param phase Successful, Failed, Inconclusive or Error
 * @param message why it is an error, {@code ""} otherwise
 */
public record Judgement(AnalysisPhase phase, String message) {
    private static final String NO_DATA = "metric result is nil or empty: no data returned from the metric provider";

    /**
     * The outcome of two conditions.
     *
     * @param success value of the success condition, {@code null} when there is none
     * @param failure value of the failure condition, {@code null} when there is none
     */
    public static AnalysisPhase of(@Nullable Boolean success, @Nullable Boolean failure) {
        if (Boolean.TRUE.equals(failure)) {
            return AnalysisPhase.FAILED;
        }
        if (success == null || success) {
            return AnalysisPhase.SUCCESSFUL;
        }
        return failure == null ? AnalysisPhase.FAILED : AnalysisPhase.INCONCLUSIVE;
    }

    /** Judges {@code value} by the metric's conditions: success first, an error ends it. */
    public static Judgement of(Metric metric, @Nullable Object value, Instant now) {
        Boolean success = null;
        Metric.Condition wanted = metric.success();
        if (wanted != null) {
            Expression.Result result = evaluate(wanted, value, now);
            if (result.error() != null) {
                return error("successCondition", wanted.text(), result.error(), value);
            }
            success = result.isTrue();
        }
        Boolean failure = null;
        Metric.Condition unwanted = metric.failure();
        if (unwanted != null) {
            Expression.Result result = evaluate(unwanted, value, now);
            if (result.error() != null) {
                return error("failureCondition", unwanted.text(), result.error(), value);
            }
            failure = result.isTrue();
        }
        return new Judgement(of(success, failure), "");
    }

    private static Expression.Result evaluate(Metric.Condition condition, @Nullable Object value, Instant now) {
        return condition.expression() == null
                ? new Expression.Result(null, condition.error())
                : condition.expression().condition(value, now);
    }

    private static Judgement error(String field, String text, String cause, @Nullable Object value) {
        boolean empty = value == null || (value instanceof List<?> list && list.isEmpty());
        return new Judgement(
                AnalysisPhase.ERROR, "could not evaluate " + field + " \"" + text + "\": " + (empty ? NO_DATA : cause));
    }

    /** The outcome of a canary score (Kayenta): at least {@code pass} succeeds, at least {@code marginal} is inconclusive. */
    public static AnalysisPhase ofScore(double score, double pass, double marginal) {
        return score >= pass
                ? AnalysisPhase.SUCCESSFUL
                : score >= marginal ? AnalysisPhase.INCONCLUSIVE : AnalysisPhase.FAILED;
    }
}
