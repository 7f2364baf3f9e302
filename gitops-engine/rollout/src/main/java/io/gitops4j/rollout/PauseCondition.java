package io.gitops4j.rollout;

import java.time.Instant;

/**
 * Why a rollout waits.
 *
 * @param reason one of the constants
 * @param startTime since when
 */
public record PauseCondition(String reason, Instant startTime) {

    /** A {@code pause} step. */
    public static final String CANARY_STEP = "CanaryPauseStep";

    /** Before the active service is switched. */
    public static final String BLUE_GREEN = "BlueGreenPause";

    /** An analysis that could not decide. */
    public static final String INCONCLUSIVE_ANALYSIS = "InconclusiveAnalysisRun";

    /** An experiment that could not decide. */
    public static final String INCONCLUSIVE_EXPERIMENT = "InconclusiveExperiment";
}
