package io.gitops4j.recovery.failover;

import io.gitops4j.recovery.failover.FailoverAction.Kind;
import io.gitops4j.recovery.failover.FailoverObservation.Holdings;
import io.gitops4j.recovery.failover.FailoverObservation.Probe;
import io.gitops4j.recovery.failover.FailoverObservation.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Members, their copies, fences and traffic. Checks at every change that two generations never run unfenced. */
final class FailoverWorld {
    /** Copies that run: slot to member to generation. */
    final Map<String, Map<String, Long>> running = new TreeMap<>();

    /** The highest generation that is fenced, by slot. */
    final Map<String, Long> fenced = new TreeMap<>();

    /** Where the traffic of a slot goes; at most one generation. */
    final Map<String, Long> traffic = new TreeMap<>();

    final Set<String> dead = new TreeSet<>();
    final Set<String> unfenceable = new TreeSet<>();
    final List<String> calls = new ArrayList<>();
    final List<String> alerts = new ArrayList<>();
    final List<String> violations = new ArrayList<>();
    int moves;

    private final Map<String, Long> newestTraffic = new TreeMap<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private final List<Holdings> holdings = new ArrayList<>();

    FailoverWorld runs(String slot, String member) {
        running.computeIfAbsent(slot, name -> new TreeMap<>()).put(member, 1L);
        traffic.put(slot, 1L);
        return this;
    }

    /** Does an action if it can be done now; whether it was. */
    boolean perform(FailoverAction action, Instant now) {
        calls.add(action.id());
        String slot = action.slot();
        Map<String, Long> copies = running.computeIfAbsent(slot, name -> new TreeMap<>());
        boolean ok = true;
        switch (action.kind()) {
            case CUT_TRAFFIC, FENCE -> {
                ok = !unfenceable.contains(slot);
                if (ok) {
                    fenced.merge(slot, action.generation(), Math::max);
                    if (traffic.getOrDefault(slot, 0L) <= action.generation()) {
                        traffic.remove(slot);
                    }
                }
            }
            case ACTIVATE -> {
                if (dead.contains(action.member())) {
                    return false;
                }
                if (action.generation() <= fenced.getOrDefault(slot, 0L)) {
                    ok = false;
                } else if (copies.getOrDefault(action.member(), 0L) < action.generation()) {
                    copies.put(action.member(), action.generation());
                    moves += action.generation() > 1 ? 1 : 0;
                }
            }
            case TRAFFIC -> {
                if (action.generation() < newestTraffic.getOrDefault(slot, 0L)
                        || action.generation() <= fenced.getOrDefault(slot, 0L)) {
                    ok = false;
                } else {
                    newestTraffic.put(slot, action.generation());
                    traffic.put(slot, action.generation());
                }
            }
            case SCALE_DOWN -> {
                if (dead.contains(action.member())) {
                    return false;
                }
                if (copies.getOrDefault(action.member(), Long.MAX_VALUE) <= action.generation()) {
                    copies.remove(action.member());
                }
            }
            case REPORT -> {
                if (dead.contains(action.member())) {
                    return false;
                }
                holdings.add(held(action.member(), now));
            }
            case SYNC -> {
                for (String old : held(action.member(), now).generations().keySet()) {
                    if (running.get(old).get(action.member()) <= fenced.getOrDefault(old, 0L)) {
                        violations.add(action.member() + " is synchronised while it holds an old " + old);
                    }
                }
            }
            case ALERT -> alerts.add(action.message());
        }
        if (action.kind() != Kind.ALERT) {
            receipts.add(new Receipt(action.id(), ok, ok ? "" : "refused"));
        }
        check(slot);
        return true;
    }

    Holdings held(String member, Instant now) {
        TreeMap<String, Long> held = new TreeMap<>();
        running.forEach((slot, copies) -> {
            if (copies.containsKey(member)) {
                held.put(slot, copies.get(member));
            }
        });
        return new Holdings(member, now, held);
    }

    private void check(String slot) {
        Map<String, Long> copies = running.getOrDefault(slot, Map.of());
        long fence = fenced.getOrDefault(slot, 0L);
        List<String> active = new ArrayList<>();
        copies.forEach((member, generation) -> {
            if (generation > fence) {
                active.add(member + "/" + generation);
            }
        });
        if (active.size() > 1) {
            violations.add(slot + " runs unfenced as " + active);
        }
        Long pointed = traffic.get(slot);
        if (pointed != null && pointed <= fence) {
            violations.add("the traffic of " + slot + " goes to the fenced generation " + pointed);
        }
    }

    /** What has been said since the last call, with these probes. */
    FailoverObservation observe(List<Probe> probes) {
        FailoverObservation seen = new FailoverObservation(probes, holdings, receipts);
        holdings.clear();
        receipts.clear();
        return seen;
    }

    /** Where each slot runs unfenced. */
    Map<String, String> active() {
        Map<String, String> active = new LinkedHashMap<>();
        running.forEach((slot, copies) -> copies.forEach((member, generation) -> {
            if (generation > fenced.getOrDefault(slot, 0L)) {
                active.put(slot, member + "/" + generation);
            }
        }));
        return active;
    }
}
