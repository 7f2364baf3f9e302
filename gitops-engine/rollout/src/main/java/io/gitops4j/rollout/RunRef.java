package io.gitops4j.rollout;

import io.gitops4j.rollout.analysis.AnalysisPhase;
import org.jspecify.annotations.Nullable;

/**
 * What a Rollout's status says of an AnalysisRun that it started.
 *
 * @param name of the run, {@code ""} for none
 * @param phase that it was last seen in
 * @param message of that phase
 */
public record RunRef(String name, @Nullable AnalysisPhase phase, String message) {

    /** No run. */
    public static final RunRef NONE = new RunRef("", null, "");

    /** Whether there is a run. */
    public boolean exists() {
        return !name.isEmpty();
    }

    /** Whether there is a run that has not ended. */
    public boolean running() {
        return exists() && (phase == null || !phase.completed());
    }

    /** Whether the run is in this phase. */
    public boolean in(AnalysisPhase wanted) {
        return exists() && phase == wanted;
    }

    /** Whether the run went wrong. */
    public boolean bad() {
        return in(AnalysisPhase.FAILED) || in(AnalysisPhase.ERROR);
    }
}
