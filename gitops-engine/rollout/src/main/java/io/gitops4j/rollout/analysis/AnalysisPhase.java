package io.gitops4j.rollout.analysis;

import org.jspecify.annotations.Nullable;

/** The phase of a measurement, of a metric and of a run; later constants are worse. */
public enum AnalysisPhase {
    SUCCESSFUL("Successful"),
    RUNNING("Running"),
    PENDING("Pending"),
    INCONCLUSIVE("Inconclusive"),
    ERROR("Error"),
    FAILED("Failed");

    private final String wire;

    AnalysisPhase(String wire) {
        this.wire = wire;
    }

    /** The name in the status of an AnalysisRun. */
    public String wire() {
        return wire;
    }

    /** Whether nothing follows any more. */
    public boolean completed() {
        return this != RUNNING && this != PENDING;
    }

    /** Whether this is worse than {@code other}; anything is worse than {@code null}. */
    public boolean worseThan(@Nullable AnalysisPhase other) {
        return other == null || compareTo(other) > 0;
    }

    /** The phase of a name, or {@code null} when there is none. */
    public static @Nullable AnalysisPhase of(@Nullable String wire) {
        for (AnalysisPhase phase : values()) {
            if (phase.wire.equals(wire)) {
                return phase;
            }
        }
        return null;
    }
}
