package io.gitops4j.rollout.analysis;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status of an AnalysisRun.
 *
 * @param phase of the run, {@code null} before the first pass
 * @param message why it ended so, {@code ""} for nothing to say
 * @param startedAt when it was first assessed
 * @param completedAt when it ended, {@code null} before
 * @param results one per metric that was touched, in the order of the spec
 * @param dryRunSummary counts of the metrics that run dry, {@code null} before the run ended
 */
public record AnalysisRunStatus(
        @Nullable AnalysisPhase phase,
        String message,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        List<MetricResult> results,
        @Nullable Summary dryRunSummary) {

    /** How many metrics ended in each phase. */
    public record Summary(int count, int successful, int failed, int inconclusive, int error) {

        /** The summary object of the status. */
        public JsonObject toJson() {
            JsonObject.Builder out = JsonObject.builder();
            int[] values = {count, successful, failed, inconclusive, error};
            String[] names = {"count", "successful", "failed", "inconclusive", "error"};
            for (int i = 0; i < names.length; i++) {
                if (values[i] != 0) {
                    out.put(names[i], values[i]);
                }
            }
            return out.build();
        }
    }

    /** A copy with an unmodifiable list. */
    public AnalysisRunStatus {
        results = List.copyOf(results);
    }

    /** Not assessed yet. */
    public static AnalysisRunStatus fresh() {
        return new AnalysisRunStatus(null, "", null, null, List.of(), null);
    }

    /** Whether the run is done. */
    public boolean completed() {
        return phase != null && phase.completed();
    }

    /** The result of a metric, or {@code null}. */
    public @Nullable MetricResult result(String metric) {
        for (MetricResult result : results) {
            if (result.name().equals(metric)) {
                return result;
            }
        }
        return null;
    }

    /** The status object. */
    public JsonObject toJson() {
        JsonArray.Builder list = JsonArray.builder();
        results.forEach(result -> list.add(result.toJson()));
        JsonObject.Builder out = JsonObject.builder();
        if (phase != null) {
            out.put("phase", phase.wire());
        }
        if (!message.isEmpty()) {
            out.put("message", message);
        }
        if (!results.isEmpty()) {
            out.put("metricResults", list.build());
        }
        if (startedAt != null) {
            out.put("startedAt", startedAt.toString());
        }
        if (completedAt != null) {
            out.put("completedAt", completedAt.toString());
        }
        if (dryRunSummary != null) {
            out.put("dryRunSummary", dryRunSummary.toJson());
        }
        return out.build();
    }
}
