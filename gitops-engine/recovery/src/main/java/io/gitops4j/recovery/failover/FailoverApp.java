package io.gitops4j.recovery.failover;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application that runs on members.
 *
 * @param copies on how many members it runs, each of them different
 * @param cost of a copy, in the unit of {@link Member#capacity()}
 * @param storage whether it has volumes, and what that means
 * @param rules where it may run
 */
public record FailoverApp(String name, int copies, long cost, Storage storage, Rules rules) {

    /** What volumes mean for moving. */
    public enum Storage {
        /** No volumes: the traffic is cut off, then it moves. */
        STATELESS,
        /** Volumes; it stays where it is. */
        STATEFUL,
        /** Volumes and {@code failover: allow}: it moves once the old holder is fenced. */
        STATEFUL_ALLOWED
    }

    /**
     * Where an application may run.
     *
     * @param labels that the member must have
     * @param tolerations taints that it bears, {@code *} for all
     * @param pinned the only member, {@code null} for any
     * @param spread over which groups its copies are spread, {@code null} for none
     */
    public record Rules(
            Map<String, String> labels,
            List<String> tolerations,
            @Nullable String pinned,
            @Nullable Spread spread) {

        /** Rules of these parts. */
        public Rules {
            labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
            tolerations = Collections.unmodifiableList(new ArrayList<>(tolerations));
        }

        /** Anywhere without taints. */
        public static Rules anywhere() {
            return new Rules(Collections.emptyMap(), List.of(), null, null);
        }
    }

    /**
     * Spreading over groups of members with the same value of a label.
     *
     * @param min groups to reach as long as there are members for it
     * @param max groups never to exceed
     */
    public record Spread(String label, int min, int max) {}

    /** One copy without volumes, anywhere. */
    public static FailoverApp stateless(String name) {
        return new FailoverApp(name, 1, 1, Storage.STATELESS, Rules.anywhere());
    }

    /** One copy with volumes, anywhere. */
    public static FailoverApp stateful(String name, boolean mayMove) {
        Storage storage = mayMove ? Storage.STATEFUL_ALLOWED : Storage.STATEFUL;
        return new FailoverApp(name, 1, 1, storage, Rules.anywhere());
    }

    /** A copy under other rules. */
    public FailoverApp under(Rules newRules) {
        return new FailoverApp(name, copies, cost, storage, newRules);
    }

    /** A copy of another size. */
    public FailoverApp sized(int newCopies, long newCost) {
        return new FailoverApp(name, newCopies, newCost, storage, rules);
    }

    /** The names of its copies: that of the application, then {@code name#1} and on. */
    public List<String> slots() {
        List<String> slots = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            slots.add(i == 0 ? name : name + "#" + i);
        }
        return Collections.unmodifiableList(slots);
    }
}
