package io.gitops4j.rollout;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.simulate.RolloutComparison;
import io.gitops4j.rollout.simulate.RolloutLint;
import io.gitops4j.rollout.simulate.Simulation;
import io.gitops4j.rollout.simulate.Trace;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.RolloutValidation;
import java.time.Instant;
import java.util.List;

/** The way in: read, validate, step, simulate, compare, lint. */
public final class Rollouts {
    private Rollouts() {}

    /** The Rollout that an object describes. */
    public static RolloutSpec read(JsonObject rollout) {
        return RolloutSpec.of(rollout);
    }

    /** Every validation error as {@code path: detail}, the one that Argo would show first. */
    public static List<String> validate(JsonObject rollout) {
        return RolloutValidation.errors(RolloutSpec.of(rollout));
    }

    /** One step of the state machine. */
    public static Transition step(RolloutSpec spec, RolloutStatus status, Observation seen, Instant now) {
        return RolloutEngine.step(spec, status, seen, now);
    }

    /** A simulation of the update to {@code rollout}. */
    public static Simulation simulate(JsonObject rollout) {
        return Simulation.of(rollout);
    }

    /** What an edit of a Rollout costs: time, pods, availability. */
    public static RolloutComparison compare(Trace before, Trace after) {
        return RolloutComparison.of(before, after);
    }

    /**
     * Why a rollout is where it is and what it waits for: the decisions of the step that it would take now, one a line, then
     * what happens next.
     */
    public static String explain(RolloutSpec spec, RolloutStatus status, Observation seen, Instant now) {
        Transition next = RolloutEngine.step(spec, status, seen, now);
        StringBuilder out = new StringBuilder();
        out.append(next.status().phase());
        out.append(next.status().message().isEmpty() ? "" : ": " + next.status().message())
                .append('\n');
        for (Transition.Decision decision : next.trace()) {
            out.append("  ").append(decision).append('\n');
        }
        for (Action action : next.actions()) {
            if (action instanceof Action.Emit emit) {
                out.append("  next: ").append(emit.message()).append('\n');
            }
        }
        Instant wake = next.wakeAt();
        return out.append("  next look: ")
                .append(wake == null ? "when something changes" : wake)
                .append('\n')
                .toString();
    }

    /** What is probably not meant as it is written; {@code templates} are the analysis templates it refers to. */
    public static List<Problem> lint(JsonObject rollout, List<JsonObject> templates) {
        return RolloutLint.check(rollout, templates);
    }
}
