package io.gitops4j.recovery.failover;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wished.
 *
 * @param observers who probes members; two must agree that one failed, or the only one
 */
public record FailoverSpec(
        List<Member> members, List<FailoverApp> apps, List<String> observers, FailoverTimings timings) {

    /** A specification of these parts, sorted by name. */
    public FailoverSpec {
        members = sorted(members, Comparator.comparing(Member::name));
        apps = sorted(apps, Comparator.comparing(FailoverApp::name));
        observers = sorted(observers, Comparator.naturalOrder());
    }

    private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
        List<T> copy = new ArrayList<>(items);
        copy.sort(order);
        return Collections.unmodifiableList(copy);
    }

    /** How many observers must agree. */
    public int quorum() {
        return Math.max(1, Math.min(2, observers.size()));
    }

    @Nullable
    FailoverApp appOf(String slot) {
        for (FailoverApp app : apps) {
            if (slot.equals(app.name()) || app.copies() > 1 && app.slots().contains(slot)) {
                return app;
            }
        }
        return null;
    }
}
