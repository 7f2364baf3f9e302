package io.gitops4j.rollout.analysis;

import io.gitops4j.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of a metric.
 *
 * @param phase how it ended, or Running
 * @param startedAt when it was asked for
 * @param finishedAt when the answer came, {@code null} while it is in flight
 * @param resumeAt when to look again, {@code null} for at every pass
 * @param value what was measured, as text, {@code ""} for nothing
 * @param message why it is an error, {@code ""} otherwise
 */
public record Measurement(
        AnalysisPhase phase,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant resumeAt,
        String value,
        String message) {

    /** A measurement that was asked for just now. */
    public static Measurement started(Instant at) {
        return new Measurement(AnalysisPhase.RUNNING, at, null, null, "", "");
    }

    /** Whether no answer came yet. */
    public boolean inFlight() {
        return finishedAt == null;
    }

    /** The member of {@code measurements}. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("phase", phase.wire())
                .putIfPresent("startedAt", startedAt == null ? null : startedAt.toString())
                .putIfPresent("finishedAt", finishedAt == null ? null : finishedAt.toString())
                .putIfPresent("resumeAt", resumeAt == null ? null : resumeAt.toString())
                .putIfPresent("value", value.isEmpty() ? null : value)
                .putIfPresent("message", message.isEmpty() ? null : message)
                .build();
    }
}
