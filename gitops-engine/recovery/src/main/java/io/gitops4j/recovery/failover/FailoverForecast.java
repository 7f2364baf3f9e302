package io.gitops4j.recovery.failover;

import io.gitops4j.recovery.failover.FailoverAction.Kind;
import io.gitops4j.recovery.failover.FailoverObservation.Holdings;
import io.gitops4j.recovery.failover.FailoverObservation.Probe;
import io.gitops4j.recovery.failover.FailoverObservation.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What would happen if members failed: the same {@link Failover#step} in virtual time, with every action taking one second and
 * succeeding.
 *
 * @param events in order
 * @param moves of copies, in the order in which they were done
 * @param held the copies that stay on a lost member, with the reason
 * @param end the status at the end
 */
public record FailoverForecast(
        List<Event> events, List<Move> moves, SortedMap<String, String> held, FailoverStatus end) {

    /** A forecast of these parts. */
    public FailoverForecast {
        events = Collections.unmodifiableList(new ArrayList<>(events));
        moves = Collections.unmodifiableList(new ArrayList<>(moves));
        held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    }

    /**
     * Something that happens.
     *
     * @param after the beginning of the failure
     */
    public record Event(Duration after, String words) {}

    /**
     * A copy that has moved.
     *
     * @param after the beginning of the failure, when the traffic follows
     */
    public record Move(String slot, String from, String to, long generation, Duration after) {}

    /**
     * When a member fails.
     *
     * @param at after the beginning; the probe of this second still succeeds
     * @param until when it answers again, {@code null} for never
     */
    public record Outage(Duration at, @Nullable Duration until) {

        boolean covers(Duration time) {
            return time.compareTo(at) > 0 && (until == null || time.compareTo(until) < 0);
        }
    }

    /**
     * Plays outages through.
     *
     * @param from where copies run; those that run nowhere are placed before the first failure
     * @param outages by member
     * @param horizon how long to look
     */
    public static FailoverForecast of(
            FailoverSpec spec, FailoverStatus from, Map<String, Outage> outages, Duration horizon) {
        return new Play(spec, outages).play(from, horizon);
    }

    /** The virtual world. */
    private static final class Play {
        private static final Duration TICK = Duration.ofSeconds(1);
        private static final Duration SETTLING = Duration.ofSeconds(60);

        private final FailoverSpec spec;
        private final Map<String, Outage> outages;
        private final List<Event> events = new ArrayList<>();
        private final List<Move> moves = new ArrayList<>();
        private final SortedMap<String, SortedMap<String, Long>> running = new TreeMap<>();
        private final SortedMap<String, String> home = new TreeMap<>();

        private Play(FailoverSpec spec, Map<String, Outage> outages) {
            this.spec = spec;
            this.outages = outages;
        }

        private FailoverForecast play(FailoverStatus from, Duration horizon) {
            from.placements()
                    .forEach((slot, placement) -> runs(placement.member()).put(slot, placement.generation()));
            FailoverStatus status = from;
            List<FailoverAction> pending = List.of();
            Duration time = SETTLING.negated();
            while (time.compareTo(horizon) <= 0) {
                Instant now = Instant.EPOCH.plus(SETTLING).plus(time);
                FailoverObservation seen = seen(pending, time, now);
                FailoverTransition step = Failover.step(spec, status, seen, now);
                note(status, step, time);
                status = step.status();
                pending = step.actions();
                time = time.plus(TICK);
            }
            SortedMap<String, String> held = new TreeMap<>();
            status.placements().forEach((slot, placement) -> {
                if (!placement.note().isEmpty()) {
                    held.put(slot, placement.note());
                }
            });
            return new FailoverForecast(events, moves, held, status);
        }

        private SortedMap<String, Long> runs(String member) {
            return running.computeIfAbsent(member, name -> new TreeMap<>());
        }

        private boolean down(String member, Duration time) {
            Outage outage = outages.get(member);
            return outage != null && outage.covers(time);
        }

        private FailoverObservation seen(List<FailoverAction> pending, Duration time, Instant now) {
            List<Probe> probes = new ArrayList<>();
            if (time.toSeconds() % spec.timings().probe().toSeconds() == 0) {
                for (Member member : spec.members()) {
                    for (String observer : spec.observers()) {
                        probes.add(new Probe(observer, member.name(), now, !down(member.name(), time)));
                    }
                }
            }
            List<Holdings> holdings = new ArrayList<>();
            List<Receipt> receipts = new ArrayList<>();
            for (FailoverAction action : pending) {
                boolean reaches = !down(action.member(), time);
                if (action.kind() == Kind.CUT_TRAFFIC || action.kind() == Kind.FENCE || reaches) {
                    perform(action);
                    receipts.add(new Receipt(action.id(), true, ""));
                }
                if (action.kind() == Kind.REPORT && reaches) {
                    holdings.add(new Holdings(action.member(), now, runs(action.member())));
                }
            }
            return new FailoverObservation(probes, holdings, receipts);
        }

        private void perform(FailoverAction action) {
            if (action.kind() == Kind.ACTIVATE) {
                runs(action.member()).put(action.slot(), action.generation());
            } else if (action.kind() == Kind.SCALE_DOWN) {
                runs(action.member()).remove(action.slot());
            }
        }

        private void note(FailoverStatus before, FailoverTransition step, Duration time) {
            if (!time.isNegative()) {
                step.trace().forEach(words -> events.add(new Event(time, words)));
            }
            step.status().placements().forEach((slot, placement) -> {
                if (placement.phase() != Placement.Phase.SERVING) {
                    return;
                }
                Placement old = before.placements().get(slot);
                String from = home.put(slot, placement.member());
                boolean moved = old != null && old.phase() != Placement.Phase.SERVING;
                if (moved && from != null && !time.isNegative()) {
                    moves.add(new Move(slot, from, placement.member(), placement.generation(), time));
                }
            });
        }
    }
}
