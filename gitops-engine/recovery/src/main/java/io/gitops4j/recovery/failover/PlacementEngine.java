package io.gitops4j.recovery.failover;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Chooses a member for one copy and leaves all others where they are: by labels, taints, pins, capacity and spread, then the
 * most room by weight, then the name.
 */
final class PlacementEngine {
    private final FailoverSpec spec;
    private final Map<String, Placement> placements;
    private final SortedMap<String, Long> used = new TreeMap<>();

    PlacementEngine(FailoverSpec spec, Map<String, Placement> placements) {
        this.spec = spec;
        this.placements = placements;
        placements.forEach((slot, placement) -> {
            FailoverApp app = spec.appOf(slot);
            used.merge(placement.member(), app == null ? 0 : app.cost(), Long::sum);
        });
    }

    Optional<String> choose(FailoverApp app, String slot, Predicate<String> usable) {
        TreeSet<String> taken = new TreeSet<>();
        TreeSet<String> groups = new TreeSet<>();
        for (String other : app.slots()) {
            Placement placement = placements.get(other);
            if (!other.equals(slot) && placement != null) {
                taken.add(placement.member());
                spec.members().stream()
                        .filter(member -> member.name().equals(placement.member()))
                        .forEach(member -> groups.add(group(app, member)));
            }
        }
        FailoverApp.Spread spread = app.rules().spread();
        Comparator<Member> order = Comparator.comparing(this::load).thenComparing(Member::name);
        if (spread != null && groups.size() < spread.min()) {
            order = Comparator.<Member>comparingInt(member -> groups.contains(group(app, member)) ? 1 : 0)
                    .thenComparing(order);
        }
        return spec.members().stream()
                .filter(member -> usable.test(member.name()) && !taken.contains(member.name()))
                .filter(member -> permits(app, member))
                .filter(member -> spread == null || groups.size() < spread.max() || groups.contains(group(app, member)))
                .min(order)
                .map(Member::name);
    }

    private static String group(FailoverApp app, Member member) {
        FailoverApp.Spread spread = app.rules().spread();
        return spread == null ? "" : member.labels().getOrDefault(spread.label(), "");
    }

    private boolean permits(FailoverApp app, Member member) {
        FailoverApp.Rules rules = app.rules();
        if (rules.pinned() != null && !rules.pinned().equals(member.name())) {
            return false;
        }
        boolean labelled = rules.labels().entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(member.labels().get(wanted.getKey())));
        boolean tolerated =
                rules.tolerations().contains("*") || member.taints().stream().allMatch(rules.tolerations()::contains);
        long free = member.capacity() - used.getOrDefault(member.name(), 0L);
        return labelled && tolerated && free >= app.cost();
    }

    /** What it carries for its weight, in thousandths. */
    private BigInteger load(Member member) {
        return BigInteger.valueOf(used.getOrDefault(member.name(), 0L))
                .multiply(BigInteger.valueOf(1000))
                .divide(BigInteger.valueOf(Math.max(1, member.weight())));
    }
}
