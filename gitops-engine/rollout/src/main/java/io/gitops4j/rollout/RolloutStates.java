package io.gitops4j.rollout;

import java.util.List;

/**
 * The states that a Rollout can be seen in and the ways from one to another, as data: the diagram in the documentation is drawn
 * from it, and the tests fail on a way that is not listed here or that no test walks.
 *
 * <p>Source: Rollouts §2.15.
 */
public final class RolloutStates {

    /** What a Rollout can be seen as: its phase, with Degraded told apart by its cause. */
    public enum State {
        /** Never stepped. */
        NEW,
        /** Its spec is refused. */
        INVALID,
        /** On its way. */
        PROGRESSING,
        /** Waiting, as planned or for a person. */
        PAUSED,
        /** Given up; stable serves. */
        ABORTED,
        /** Without progress for too long. */
        TIMED_OUT,
        /** Nothing left to do. */
        HEALTHY
    }

    /**
     * A way from one state to another.
     *
     * @param from the state before a step
     * @param to the state after it
     * @param cause what makes it so
     */
    public record Edge(State from, State to, String cause) {}

    /** Every way there is, by state. */
    public static final List<Edge> EDGES = List.of(
            new Edge(State.NEW, State.PROGRESSING, "first step"),
            new Edge(State.NEW, State.INVALID, "invalid spec"),
            new Edge(State.NEW, State.PAUSED, "created with spec.paused"),
            new Edge(State.INVALID, State.PROGRESSING, "spec mended"),
            new Edge(State.INVALID, State.HEALTHY, "spec mended, nothing to update"),
            new Edge(State.INVALID, State.PAUSED, "spec mended in a pause"),
            new Edge(State.INVALID, State.ABORTED, "spec mended after an abort"),
            new Edge(State.INVALID, State.TIMED_OUT, "spec mended after the deadline"),
            new Edge(State.PROGRESSING, State.HEALTHY, "update complete, or back at stable"),
            new Edge(
                    State.PROGRESSING,
                    State.PAUSED,
                    "pause step, pending promotion, inconclusive analysis, spec.paused"),
            new Edge(State.PROGRESSING, State.ABORTED, "person, analysis, experiment or plugin aborts"),
            new Edge(State.PROGRESSING, State.TIMED_OUT, "progress deadline"),
            new Edge(State.PROGRESSING, State.INVALID, "invalid spec"),
            new Edge(State.PAUSED, State.PROGRESSING, "promoted, or the pause is over"),
            new Edge(State.PAUSED, State.HEALTHY, "promoted with everything in place"),
            new Edge(State.PAUSED, State.ABORTED, "person or background analysis aborts"),
            new Edge(State.PAUSED, State.INVALID, "invalid spec"),
            new Edge(State.ABORTED, State.PROGRESSING, "retry, new template or full promotion"),
            new Edge(State.ABORTED, State.HEALTHY, "back at stable with everything in place"),
            new Edge(State.ABORTED, State.PAUSED, "paused by a person at a retry"),
            new Edge(State.ABORTED, State.INVALID, "invalid spec"),
            new Edge(State.TIMED_OUT, State.PROGRESSING, "progress after all, or a new template"),
            new Edge(State.TIMED_OUT, State.PAUSED, "progress into a pause, or spec.paused"),
            new Edge(State.TIMED_OUT, State.HEALTHY, "the last pod came up after all"),
            new Edge(State.TIMED_OUT, State.ABORTED, "person aborts, or progressDeadlineAbort"),
            new Edge(State.TIMED_OUT, State.INVALID, "invalid spec"),
            new Edge(State.HEALTHY, State.PROGRESSING, "new template, lost pods, more replicas, restart"),
            new Edge(State.HEALTHY, State.PAUSED, "spec.paused, or an update that begins with a pause"),
            new Edge(State.HEALTHY, State.INVALID, "invalid spec"));

    private RolloutStates() {}

    /** The state that a status shows. */
    public static State of(RolloutStatus status) {
        if (status.condition(RolloutCondition.INVALID_SPEC) != null) {
            return State.INVALID;
        }
        switch (status.phase()) {
            case RolloutPhase.HEALTHY:
                return State.HEALTHY;
            case RolloutPhase.PAUSED:
                return State.PAUSED;
            case RolloutPhase.PROGRESSING:
                return State.PROGRESSING;
            case RolloutPhase.DEGRADED:
                return status.message().startsWith("ProgressDeadlineExceeded") ? State.TIMED_OUT : State.ABORTED;
            default:
                return State.NEW;
        }
    }

    /**
     * Checks a step against the list.
     *
     * @throws IllegalStateException naming the rollout, the state before and the state after, when the way is not listed
     */
    public static void check(String rollout, RolloutStatus before, RolloutStatus after) {
        State from = of(before);
        State to = of(after);
        boolean listed = from == to;
        for (Edge edge : EDGES) {
            listed |= edge.from() == from && edge.to() == to;
        }
        if (!listed) {
            throw new IllegalStateException("rollout " + rollout + ": no transition from " + from + " to " + to);
        }
    }

    /** The diagram as Mermaid text. */
    public static String diagram() {
        StringBuilder out = new StringBuilder("stateDiagram-v2\n    [*] --> NEW\n");
        for (Edge edge : EDGES) {
            out.append("    ")
                    .append(edge.from())
                    .append(" --> ")
                    .append(edge.to())
                    .append(": ")
                    .append(edge.cause())
                    .append('\n');
        }
        return out.toString();
    }
}
