package io.gitops4j.recovery.failover;

/**
 * Something to do. Every action may be done twice and late: who does it refuses an {@link Kind#ACTIVATE} or
 * {@link Kind#TRAFFIC} of a generation that is fenced or older than the last one seen, and a {@link Kind#SYNC} that the hub
 * does not want any more ({@link FailoverStatus#wants}).
 *
 * @param slot the copy that it is about; empty when it is about a member
 * @param generation of the placement that it is about; of a {@link Kind#SYNC} the second in which the member returned; {@code
 *     0} when there is none
 * @param message for people
 */
public record FailoverAction(Kind kind, String slot, String member, long generation, String message) {

    /** What to do. */
    public enum Kind {
        /** Cut the holder of this and every older generation off from traffic. */
        CUT_TRAFFIC,
        /** Cut the holder of this and every older generation off from volumes and traffic; only a success counts. */
        FENCE,
        /** Run this generation. */
        ACTIVATE,
        /** Point the traffic at this generation and at no other. */
        TRAFFIC,
        /** Run no copy of this or an older generation. */
        SCALE_DOWN,
        /** Say what runs. */
        REPORT,
        /** Bring the member up to Git again. */
        SYNC,
        /** Tell people. */
        ALERT
    }

    /** The same for the same action, however often it is asked for. */
    public String id() {
        return kind + " " + slot + "@" + member + "/" + generation;
    }

    static FailoverAction alert(String member, String message) {
        return new FailoverAction(Kind.ALERT, "", member, 0, message);
    }

    @Override
    public String toString() {
        return message.isEmpty() ? id() : id() + ": " + message;
    }
}
