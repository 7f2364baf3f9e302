package io.gitops4j.rollout.simulate;

import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunMachine;
import io.gitops4j.rollout.analysis.AnalysisRunStatus;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.MetricAnswer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An AnalysisRun whose measurements are answered at once. */
final class SimulatedRun {
    private final Action.StartAnalysisRun start;
    private final String refused;
    private AnalysisSpec spec;
    private AnalysisRunStatus status = AnalysisRunStatus.fresh();
    private @Nullable Instant wakeAt;

    SimulatedRun(Action.StartAnalysisRun start, Outcome<AnalysisSpec> spec) {
        this.start = start;
        AnalysisSpec read = spec.orNull();
        this.spec = read == null ? AnalysisSpec.of(io.gitops4j.json.JsonObject.empty()) : read;
        this.refused = spec.ok() ? "" : spec.errors().get(0).text();
    }

    /** Asks it to end; whether that is news. */
    boolean terminate() {
        if (spec.terminate() || status.completed()) {
            return false;
        }
        spec = AnalysisSpec.of(spec.body().with("terminate", Json.of(true)));
        wakeAt = null;
        return true;
    }

    /** Steps the run at {@code now}; whether anything moved. */
    boolean step(Instant now, AnalysisModel model) {
        if (status.completed()) {
            return false;
        }
        if (!refused.isEmpty()) {
            status = AnalysisRunMachine.ended(status, AnalysisPhase.ERROR, refused, now)
                    .status();
            return true;
        }
        boolean moved = false;
        Map<String, MetricAnswer> answers = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            AnalysisRunMachine.Transition next = AnalysisRunMachine.step(spec, status, answers, now);
            moved |= next.status() != status;
            status = next.status();
            wakeAt = next.wakeAt() == null ? null : next.wakeAt().plusMillis(1);
            answers.clear();
            for (AnalysisRunMachine.Request request : next.requests()) {
                MetricAnswer answer = model.measure(request.metric(), now);
                boolean pending = answer.outcome() != null && !answer.outcome().completed();
                if (!request.resume() || !pending) {
                    answers.put(request.metric().name(), answer);
                }
            }
            if (answers.isEmpty()) {
                break;
            }
        }
        return moved;
    }

    @Nullable
    Instant wakeAt(Instant now) {
        Instant wake = wakeAt;
        return status.completed() || wake == null ? null : wake.isAfter(now) ? wake : now.plusMillis(1);
    }

    Observation.Run view() {
        return new Observation.Run(start.name(), status.phase(), status.message());
    }

    AnalysisRunStatus status() {
        return status;
    }

    Action.StartAnalysisRun start() {
        return start;
    }
}
