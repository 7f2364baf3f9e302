package io.gitops4j.recovery.failover;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known, to be kept by the hub. It is kept before the actions of a step are done, and only if the kept revision is
 * still the one that the step began with: of two hubs one loses and does nothing.
 *
 * @param revision grows with every change
 * @param placements by copy
 * @param nextMoveAt when the rate permits the next move, {@code null} when at once
 * @param massFailure whether too many members are down
 */
public record FailoverStatus(
        long revision,
        SortedMap<String, MemberStatus> members,
        SortedMap<String, Placement> placements,
        @Nullable Instant nextMoveAt,
        boolean massFailure) {

    /** A status of these parts. */
    public FailoverStatus {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        placements = Collections.unmodifiableSortedMap(new TreeMap<>(placements));
    }

    /** Nothing known yet. */
    public static FailoverStatus empty() {
        return new FailoverStatus(0, new TreeMap<>(), new TreeMap<>(), null, false);
    }

    /** A copy in which a copy already runs on a member, as generation 1. */
    public FailoverStatus running(String slot, String member) {
        SortedMap<String, Placement> more = new TreeMap<>(placements);
        more.put(slot, new Placement(member, 1, Placement.Phase.SERVING, null, null, ""));
        return new FailoverStatus(revision, members, more, nextMoveAt, massFailure);
    }

    /** The state of a member; healthy while nothing is known. */
    public MemberState state(String member) {
        MemberStatus status = members.get(member);
        return status == null ? MemberState.HEALTHY : status.state();
    }

    /** Whether a synchronisation that was asked for is still wanted: the member is the one that returned then, and no other. */
    public boolean wants(FailoverAction sync) {
        MemberStatus member = members.get(sync.member());
        return member != null
                && member.state() == MemberState.RECOVERING
                && member.synced()
                && member.since().getEpochSecond() == sync.generation();
    }
}
