package io.gitops4j.rollout.analysis;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one metric: its phase, its counters and the latest measurements.
 *
 * @param name of the metric
 * @param phase of the metric, {@code null} before the first pass
 * @param counts its counters
 * @param measurements latest last
 * @param message why it is in this phase, {@code ""} when there is nothing to say
 * @param dryRun whether it is measured without any effect
 */
public record MetricResult(
        String name,
        @Nullable AnalysisPhase phase,
        Counts counts,
        List<Measurement> measurements,
        String message,
        boolean dryRun) {

    /**
     * The counters of a metric.
     *
     * @param count measurements that gave an answer (errors are not counted)
     * @param consecutiveError errors since the last answer
     * @param consecutiveSuccess successes since the last other outcome
     */
    public record Counts(
            int successful,
            int failed,
            int inconclusive,
            int error,
            int count,
            int consecutiveError,
            int consecutiveSuccess) {

        /** Nothing measured yet. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

        /** The counters after one more measurement that ended in {@code phase}. */
        public Counts after(AnalysisPhase phase) {
            return switch (phase) {
                case SUCCESSFUL ->
                    new Counts(successful + 1, failed, inconclusive, error, count + 1, 0, consecutiveSuccess + 1);
                case FAILED -> new Counts(successful, failed + 1, inconclusive, error, count + 1, 0, 0);
                case INCONCLUSIVE -> new Counts(successful, failed, inconclusive + 1, error, count + 1, 0, 0);
                case ERROR -> new Counts(successful, failed, inconclusive, error + 1, count, consecutiveError + 1, 0);
                case RUNNING, PENDING -> this;
            };
        }
    }

    /** A copy with an unmodifiable list. */
    public MetricResult {
        measurements = List.copyOf(measurements);
    }

    /** A metric of which nothing was measured yet. */
    public static MetricResult of(String name, boolean dryRun) {
        return new MetricResult(name, null, Counts.NONE, List.of(), "", dryRun);
    }

    /** The latest measurement, or {@code null}. */
    public @Nullable Measurement last() {
        return measurements.isEmpty() ? null : measurements.get(measurements.size() - 1);
    }

    /** Whether the metric is done. */
    public boolean completed() {
        return phase != null && phase.completed();
    }

    /** This result in another phase. */
    public MetricResult in(AnalysisPhase newPhase, String newMessage) {
        return newPhase == phase && newMessage.equals(message)
                ? this
                : new MetricResult(name, newPhase, counts, measurements, newMessage, dryRun);
    }

    /** This result with one more measurement in flight. */
    public MetricResult with(Measurement started) {
        List<Measurement> all = new ArrayList<>(measurements);
        all.add(started);
        return new MetricResult(name, phase, counts, all, message, dryRun);
    }

    /** This result with the last measurement replaced; counts it when it is finished. */
    public MetricResult withLast(Measurement measurement) {
        List<Measurement> all = new ArrayList<>(measurements);
        all.set(all.size() - 1, measurement);
        Counts newCounts = measurement.inFlight() ? counts : counts.after(measurement.phase());
        return new MetricResult(name, phase, newCounts, all, message, dryRun);
    }

    /** This result with the newest {@code limit} measurements. */
    public MetricResult retained(int limit) {
        if (measurements.size() <= limit) {
            return this;
        }
        return new MetricResult(
                name,
                phase,
                counts,
                measurements.subList(measurements.size() - limit, measurements.size()),
                message,
                dryRun);
    }

    /** The member of {@code metricResults}. */
    public JsonObject toJson() {
        JsonArray.Builder list = JsonArray.builder();
        measurements.forEach(measurement -> list.add(measurement.toJson()));
        JsonObject.Builder out = JsonObject.builder().put("name", name);
        if (phase != null) {
            out.put("phase", phase.wire());
        }
        count(out, "count", counts.count());
        count(out, "successful", counts.successful());
        count(out, "failed", counts.failed());
        count(out, "inconclusive", counts.inconclusive());
        count(out, "error", counts.error());
        count(out, "consecutiveError", counts.consecutiveError());
        count(out, "consecutiveSuccess", counts.consecutiveSuccess());
        if (!measurements.isEmpty()) {
            out.put("measurements", list.build());
        }
        if (!message.isEmpty()) {
            out.put("message", message);
        }
        if (dryRun) {
            out.put("dryRun", true);
        }
        return out.build();
    }

    private static void count(JsonObject.Builder out, String key, int value) {
        if (value != 0) {
            out.put(key, value);
        }
    }

    /** What the provider said last, {@code ""} for nothing. */
    public String providerMessage() {
        Measurement last = last();
        return last != null && !last.message().isEmpty() ? last.message() : Objects.requireNonNullElse(message, "");
    }
}
