package io.gitops4j.recovery.failover;

import static io.gitops4j.recovery.failover.MemberState.EVACUATING;
import static io.gitops4j.recovery.failover.MemberState.FAILED;
import static io.gitops4j.recovery.failover.MemberState.FAILED_OVER;
import static io.gitops4j.recovery.failover.MemberState.HEALTHY;
import static io.gitops4j.recovery.failover.MemberState.RECOVERING;
import static io.gitops4j.recovery.failover.MemberState.SUSPECT;
import static io.gitops4j.recovery.failover.Placement.Phase.FENCED;
import static io.gitops4j.recovery.failover.Placement.Phase.FENCING;
import static io.gitops4j.recovery.failover.Placement.Phase.SERVING;
import static io.gitops4j.recovery.failover.Placement.Phase.STARTING;
import static io.gitops4j.recovery.failover.Placement.Phase.SWITCHING;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ways from one state of a member, and from one phase of a placement, to another, as data: a step refuses any other way, the
 * diagram in the documentation is drawn from it, and the tests fail on a way that no test walks. Source: secrets-dr-security §4.5.
 */
public final class FailoverStates {

    /** A way of a member. */
    public record MemberEdge(MemberState from, MemberState to, String cause) {}

    /** A way of a placement. */
    public record PlacementEdge(Placement.Phase from, Placement.Phase to, String cause) {}

    /** Every way of a member. */
    public static final List<MemberEdge> MEMBERS = List.of(
            new MemberEdge(HEALTHY, SUSPECT, "an observer sees failures"),
            new MemberEdge(SUSPECT, HEALTHY, "probes succeed for 30 s"),
            new MemberEdge(SUSPECT, FAILED, "no good probe for 40 s, enough observers agree for 30 s"),
            new MemberEdge(FAILED, EVACUATING, "no mass failure, not evacuated in the last 10 min"),
            new MemberEdge(FAILED, RECOVERING, "probes succeed again"),
            new MemberEdge(EVACUATING, FAILED_OVER, "all that may move has a new generation, or 10 min are over"),
            new MemberEdge(EVACUATING, RECOVERING, "probes succeed again"),
            new MemberEdge(FAILED_OVER, RECOVERING, "probes succeed again"),
            new MemberEdge(RECOVERING, HEALTHY, "old copies are gone, synchronised, probes succeed for 30 s"),
            new MemberEdge(RECOVERING, FAILED, "fails again"));

    /** Every way of a placement. */
    public static final List<PlacementEdge> PLACEMENTS = List.of(
            new PlacementEdge(SERVING, FENCING, "its member is lost"),
            new PlacementEdge(STARTING, FENCING, "its member is lost before it took over"),
            new PlacementEdge(SWITCHING, FENCING, "its member is lost before it took over"),
            new PlacementEdge(FENCING, FENCED, "the old holder is cut off for certain"),
            new PlacementEdge(FENCED, STARTING, "a place is found, the generation grows"),
            new PlacementEdge(STARTING, SWITCHING, "the new copy runs"),
            new PlacementEdge(SWITCHING, SERVING, "the traffic has followed"));

    private FailoverStates() {}

    static Set<MemberState> after(MemberState state) {
        Set<MemberState> next = new TreeSet<>();
        MEMBERS.stream().filter(edge -> edge.from() == state).forEach(edge -> next.add(edge.to()));
        return Collections.unmodifiableSet(next);
    }

    static void require(Placement.Phase from, Placement.Phase to) {
        if (PLACEMENTS.stream().noneMatch(edge -> edge.from() == from && edge.to() == to)) {
            throw new IllegalStateException("a copy cannot go from " + from + " to " + to);
        }
    }

    /** The diagram of members as Mermaid text. */
    public static String memberDiagram() {
        StringBuilder out = new StringBuilder("stateDiagram-v2\n    [*] --> Healthy\n");
        MEMBERS.forEach(edge -> line(out, edge.from().toString(), edge.to().toString(), edge.cause()));
        return out.toString();
    }

    /** The diagram of placements as Mermaid text. */
    public static String placementDiagram() {
        StringBuilder out = new StringBuilder("stateDiagram-v2\n    [*] --> STARTING\n");
        PLACEMENTS.forEach(edge -> line(out, edge.from().name(), edge.to().name(), edge.cause()));
        return out.toString();
    }

    private static void line(StringBuilder out, String from, String to, String cause) {
        out.append("    ")
                .append(from)
                .append(" --> ")
                .append(to)
                .append(": ")
                .append(cause)
                .append('\n');
    }
}
