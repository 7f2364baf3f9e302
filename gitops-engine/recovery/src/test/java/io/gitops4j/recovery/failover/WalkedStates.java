package io.gitops4j.recovery.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Notes which ways members and placements take, and fails on one that is not listed. */
final class WalkedStates {
    private static final Pattern MOVE = Pattern.compile("\\S+: (\\w+) → (\\w+): .*");

    final Set<String> members = new TreeSet<>();
    final Set<String> placements = new TreeSet<>();

    static Set<String> listedMembers() {
        Set<String> listed = new TreeSet<>();
        FailoverStates.MEMBERS.forEach(edge -> listed.add(edge.from() + " " + edge.to()));
        return listed;
    }

    static Set<String> listedPlacements() {
        Set<String> listed = new TreeSet<>();
        FailoverStates.PLACEMENTS.forEach(edge -> listed.add(edge.from() + " " + edge.to()));
        return listed;
    }

    void note(FailoverStatus before, FailoverTransition step) {
        for (String line : step.trace()) {
            Matcher move = MOVE.matcher(line);
            if (move.matches()) {
                members.add(move.group(1) + " " + move.group(2));
            }
        }
        step.status().placements().forEach((slot, placement) -> {
            Placement old = before.placements().get(slot);
            if (old != null && old.phase() != placement.phase()) {
                note(old.phase(), placement.phase());
            }
        });
    }

    /** One way, or two in one step. */
    private void note(Placement.Phase from, Placement.Phase to) {
        Set<String> listed = listedPlacements();
        if (listed.contains(from + " " + to)) {
            placements.add(from + " " + to);
            return;
        }
        boolean found = false;
        for (Placement.Phase between : Placement.Phase.values()) {
            if (listed.contains(from + " " + between) && listed.contains(between + " " + to)) {
                placements.add(from + " " + between);
                placements.add(between + " " + to);
                found = true;
            }
        }
        assertThat(found).as("a way from " + from + " to " + to).isTrue();
    }
}
