package io.gitops4j.recovery.failover;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a copy runs.
 *
 * @param member that holds the generation
 * @param generation grows with every move
 * @param sentAt when the action of this phase was last asked for
 * @param movedAt when its last move began
 * @param note why it does not move though it should; empty otherwise
 */
public record Placement(
        String member,
        long generation,
        Phase phase,
        @Nullable Instant sentAt,
        @Nullable Instant movedAt,
        String note) {

    /** How far a move is. */
    public enum Phase {
        /** It runs and has the traffic. */
        SERVING,
        /** The holder is being cut off. */
        FENCING,
        /** The holder is cut off; the copy needs a place. */
        FENCED,
        /** The new holder is to run it. */
        STARTING,
        /** It runs; the traffic is to follow. */
        SWITCHING
    }

    Placement to(Phase next) {
        FailoverStates.require(phase, next);
        return new Placement(member, generation, next, null, movedAt, "");
    }

    Placement sent(Instant now) {
        return new Placement(member, generation, phase, now, movedAt, note);
    }

    Placement begun(Instant now) {
        FailoverStates.require(phase, Phase.FENCING);
        return new Placement(member, generation, Phase.FENCING, null, now, "");
    }

    Placement noted(String why) {
        return why.equals(note) ? this : new Placement(member, generation, phase, sentAt, movedAt, why);
    }

    Placement startedOn(String target) {
        FailoverStates.require(phase, Phase.STARTING);
        return new Placement(target, generation + 1, Phase.STARTING, null, movedAt, "");
    }
}
