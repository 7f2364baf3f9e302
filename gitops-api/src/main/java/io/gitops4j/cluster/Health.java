package io.gitops4j.cluster;

/**
 * The health of an object, in Argo CD's terms.
 *
 * @param status one of the six states
 * @param message why, {@code ""} when there is nothing to say
 */
public record Health(Status status, String message) {

    /** States from best to worst, as Argo CD orders them. */
    public enum Status {
        HEALTHY("Healthy"),
        SUSPENDED("Suspended"),
        PROGRESSING("Progressing"),
        MISSING("Missing"),
        DEGRADED("Degraded"),
        UNKNOWN("Unknown");

        private final String wire;

        Status(String wire) {
            this.wire = wire;
        }

        /** The name on the wire. */
        public String wire() {
            return wire;
        }
    }
}
