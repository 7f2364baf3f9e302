package io.gitops4j.rollout.analysis;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.spec.Fields;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the status object of an AnalysisRun; {@link AnalysisRunStatus#toJson()} writes it. */
public final class AnalysisRunStatusJson {
    private AnalysisRunStatusJson() {}

    /** The status that an object describes. */
    public static AnalysisRunStatus read(JsonObject o) {
        List<MetricResult> results = new ArrayList<>();
        for (JsonObject r : Fields.objects(o, "metricResults")) {
            List<Measurement> measurements = new ArrayList<>();
            for (JsonObject m : Fields.objects(r, "measurements")) {
                AnalysisPhase phase = AnalysisPhase.of(m.text("phase"));
                measurements.add(new Measurement(
                        phase == null ? AnalysisPhase.RUNNING : phase,
                        time(m, "startedAt"),
                        time(m, "finishedAt"),
                        time(m, "resumeAt"),
                        m.text("value", ""),
                        m.text("message", "")));
            }
            results.add(new MetricResult(
                    r.text("name", ""),
                    AnalysisPhase.of(r.text("phase")),
                    new MetricResult.Counts(
                            Fields.integer(r, "successful", 0),
                            Fields.integer(r, "failed", 0),
                            Fields.integer(r, "inconclusive", 0),
                            Fields.integer(r, "error", 0),
                            Fields.integer(r, "count", 0),
                            Fields.integer(r, "consecutiveError", 0),
                            Fields.integer(r, "consecutiveSuccess", 0)),
                    measurements,
                    r.text("message", ""),
                    r.bool("dryRun", false)));
        }
        JsonObject s = o.object("dryRunSummary");
        AnalysisRunStatus.Summary summary = !o.has("dryRunSummary")
                ? null
                : new AnalysisRunStatus.Summary(
                        Fields.integer(s, "count", 0),
                        Fields.integer(s, "successful", 0),
                        Fields.integer(s, "failed", 0),
                        Fields.integer(s, "inconclusive", 0),
                        Fields.integer(s, "error", 0));
        return new AnalysisRunStatus(
                AnalysisPhase.of(o.text("phase")),
                o.text("message", ""),
                time(o, "startedAt"),
                time(o, "completedAt"),
                results,
                summary);
    }

    private static @Nullable Instant time(JsonObject o, String key) {
        String text = o.text(key);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
