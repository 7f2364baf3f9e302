package io.gitops4j.sync;

/** The phases of an operation, and of one task in it. */
public enum OperationPhase {
    RUNNING("Running"),
    TERMINATING("Terminating"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    ERROR("Error");

    private final String wire;

    OperationPhase(String wire) {
        this.wire = wire;
    }

    /** The name in a status. */
    public String wire() {
        return wire;
    }

    /** Whether nothing more happens. */
    public boolean completed() {
        return this == SUCCEEDED || this == FAILED || this == ERROR;
    }

    /** The phase of a name. */
    public static OperationPhase of(String wire) {
        for (OperationPhase phase : values()) {
            if (phase.wire.equals(wire)) {
                return phase;
            }
        }
        throw new IllegalArgumentException("no operation phase: " + wire);
    }
}
