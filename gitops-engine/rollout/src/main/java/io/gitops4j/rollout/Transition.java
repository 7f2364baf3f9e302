package io.gitops4j.rollout;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a step.
 *
 * @param status the next status; the same object when nothing changed
 * @param actions what is to happen, in this order
 * @param wakeAt when something falls due by itself, {@code null} for never
 * @param trace the decisions that were taken, in order
 */
public record Transition(
        RolloutStatus status,
        List<Action> actions,
        @Nullable Instant wakeAt,
        List<Decision> trace) {

    /** A copy with unmodifiable lists. */
    public Transition {
        actions = List.copyOf(actions);
        trace = List.copyOf(trace);
    }

    /**
     * One decision.
     *
     * @param predicate what was asked
     * @param value the answer
     */
    public record Decision(String predicate, String value) {

        @Override
        public String toString() {
            return predicate + ": " + value;
        }
    }

    /** Whether the step wants to be repeated at once: it changed the status or asked for something. */
    public boolean moved(RolloutStatus before) {
        return status != before || !actions.isEmpty();
    }
}
