package io.gitops4j.recovery.failover;

import io.gitops4j.recovery.failover.FailoverAction.Kind;
import io.gitops4j.recovery.failover.FailoverApp.Storage;
import io.gitops4j.recovery.failover.Placement.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do about members that fail and return. A copy gets a new generation on another member only after the holder
 * of the old one has been cut off for certain, so at no time do two generations run that are not fenced.
 */
public final class Failover {
    private final FailoverSpec spec;
    private final FailoverTimings timings;
    private final Instant now;
    private final SortedMap<String, MemberStatus> members;
    private final SortedMap<String, Placement> placements;
    private final List<FailoverAction> actions = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final List<Instant> deadlines = new ArrayList<>();
    private @Nullable Instant nextMoveAt;
    private boolean massFailure;
    private boolean massHold;

    private Failover(FailoverSpec spec, FailoverStatus status, Instant now) {
        this.spec = spec;
        this.timings = spec.timings();
        this.now = now;
        this.members = new TreeMap<>(status.members());
        this.placements = new TreeMap<>(status.placements());
        this.nextMoveAt = status.nextMoveAt();
        this.massFailure = status.massFailure();
    }

    /** One step. Pure: the same arguments give the same transition. */
    public static FailoverTransition step(
            FailoverSpec spec, FailoverStatus status, FailoverObservation seen, Instant now) {
        Failover failover = new Failover(spec, status, now);
        failover.listen(seen);
        failover.judgeMembers();
        failover.guardAgainstMassFailure();
        failover.take(seen.receipts());
        failover.movePlacements();
        failover.clearOldCopies();
        failover.finishEvacuations();
        return failover.transition(status);
    }

    private FailoverTransition transition(FailoverStatus before) {
        FailoverStatus after = new FailoverStatus(before.revision(), members, placements, nextMoveAt, massFailure);
        if (!after.equals(before)) {
            after = new FailoverStatus(before.revision() + 1, members, placements, nextMoveAt, massFailure);
        }
        Instant wakeAt = deadlines.stream()
                .filter(deadline -> deadline.isAfter(now))
                .min(Instant::compareTo)
                .orElse(null);
        return new FailoverTransition(after, actions, wakeAt, trace);
    }

    /** Takes in what was said about known members, not from the future, by known observers. */
    private void listen(FailoverObservation seen) {
        for (Member member : spec.members()) {
            members.putIfAbsent(member.name(), MemberStatus.begun(now));
        }
        members.keySet().retainAll(spec.members().stream().map(Member::name).toList());
        for (FailoverObservation.Probe probe : seen.probes()) {
            MemberStatus member = members.get(probe.member());
            if (probe.at().isAfter(now)) {
                trace.add("a probe of " + probe.member() + " by " + probe.observer() + " from the future is ignored");
            } else if (member != null && spec.observers().contains(probe.observer())) {
                members.put(probe.member(), member.heard(probe));
            }
        }
        for (FailoverObservation.Holdings holdings : seen.holdings()) {
            MemberStatus member = members.get(holdings.member());
            if (member != null && !holdings.at().isAfter(now)) {
                members.put(holdings.member(), member.heard(holdings));
            }
        }
    }

    private void judgeMembers() {
        for (String name : List.copyOf(members.keySet())) {
            MemberStatus member = member(name);
            int quorum = spec.quorum();
            int failing = member.failing(now, timings, Duration.ZERO);
            int surely = member.failing(now, timings, timings.failing());
            boolean silent = !member.goodAt().plus(timings.silence()).isAfter(now);
            boolean failed = silent && surely >= quorum;
            boolean back = member.good(now, timings, Duration.ZERO) >= quorum && failing < quorum;
            if (failing > 0 || member.state() != MemberState.HEALTHY) {
                deadlines.add(member.goodAt().plus(timings.silence()));
                deadlines.add(now.plus(timings.probe()));
            }
            switch (member.state()) {
                case HEALTHY -> {
                    if (failing > 0) {
                        move(
                                name,
                                MemberState.SUSPECT,
                                failing + " of " + spec.observers().size() + " observers see failures");
                    }
                }
                case SUSPECT -> {
                    if (failed) {
                        move(name, MemberState.FAILED, why(member, surely));
                    } else if (settled(member)) {
                        move(name, MemberState.HEALTHY, "probes succeed for " + seconds(timings.success()));
                    }
                }
                case FAILED, EVACUATING, FAILED_OVER -> {
                    if (back) {
                        move(name, MemberState.RECOVERING, "probes succeed again");
                    }
                }
                case RECOVERING -> {
                    if (failed) {
                        move(name, MemberState.FAILED, why(member, surely));
                    } else if (member.synced() && inOrder(name, member)) {
                        move(name, MemberState.HEALTHY, "in order, probes succeed for " + seconds(timings.success()));
                    }
                }
            }
        }
    }

    private boolean settled(MemberStatus member) {
        return member.failing(now, timings, Duration.ZERO) == 0
                && member.good(now, timings, timings.success()) >= spec.quorum();
    }

    /** A second after it was asked to synchronise at the earliest, so that a step repeated at once changes nothing. */
    private boolean inOrder(String name, MemberStatus member) {
        Instant asked = member.askedAt();
        if (asked != null) {
            deadlines.add(asked.plusSeconds(1));
        }
        return settled(member)
                && staleCopies(name).isEmpty()
                && (asked == null || !asked.plusSeconds(1).isAfter(now));
    }

    private String why(MemberStatus member, int agree) {
        return "no good probe for " + seconds(Duration.between(member.goodAt(), now)) + ", " + agree + " of "
                + spec.observers().size() + " observers agree";
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }

    private MemberStatus member(String name) {
        MemberStatus member = members.get(name);
        return member == null ? MemberStatus.begun(now) : member;
    }

    private MemberState state(String name) {
        return member(name).state();
    }

    private void move(String name, MemberState next, String why) {
        trace.add(name + ": " + state(name) + " → " + next + ": " + why);
        members.put(name, member(name).to(next, now));
    }

    /** Members that begin to fail count too: those that fail together are not found out in the same second. */
    private void guardAgainstMassFailure() {
        long down = members.values().stream()
                .filter(member -> member.state().down() || member.failing(now, timings, Duration.ZERO) >= spec.quorum())
                .count();
        boolean failed = members.values().stream().anyMatch(member -> member.state() == MemberState.FAILED);
        boolean tooMany = down * 100 > (long) timings.maxPercentDown() * members.size();
        if (tooMany && !massFailure && failed) {
            massFailure = true;
            String words = "MASS_FAILURE: " + down + " of " + members.size() + " members are down, nothing is moved";
            trace.add(words);
            actions.add(FailoverAction.alert("", words));
        } else if (!tooMany && massFailure) {
            massFailure = false;
            trace.add("the mass failure is over");
        }
        for (String name : List.copyOf(members.keySet())) {
            MemberStatus member = member(name);
            Instant evacuated = member.evacuatedAt();
            if (member.state() != MemberState.FAILED || tooMany) {
                continue;
            }
            if (evacuated != null && evacuated.plus(timings.cooldown()).isAfter(now)) {
                deadlines.add(evacuated.plus(timings.cooldown()));
                trace.add(name + ": waits, it was evacuated less than " + seconds(timings.cooldown()) + " ago");
            } else {
                move(name, MemberState.EVACUATING, "its applications move");
            }
        }
        massHold = tooMany;
    }

    /** The copies that a member said it runs and that are not its to run any more. */
    private SortedMap<String, Long> staleCopies(String name) {
        SortedMap<String, Long> stale = new TreeMap<>();
        FailoverObservation.Holdings heard = member(name).heard();
        if (heard != null) {
            heard.generations().forEach((slot, generation) -> {
                Placement placement = placements.get(slot);
                boolean own = placement != null
                        && placement.member().equals(name)
                        && placement.phase() != Phase.FENCED
                        && placement.generation() <= generation;
                if (placement != null && !own) {
                    stale.put(slot, Math.min(generation, placement.generation()));
                }
            });
        }
        return stale;
    }

    /** Members that answer give up old generations; one that returned does nothing else and gets nothing before. */
    private void clearOldCopies() {
        for (String name : List.copyOf(members.keySet())) {
            MemberStatus member = member(name);
            SortedMap<String, Long> stale = staleCopies(name);
            boolean returned = member.state() == MemberState.RECOVERING;
            if (member.state().down() || stale.isEmpty() && (!returned || member.synced())) {
                continue;
            }
            Instant asked = member.askedAt();
            FailoverObservation.Holdings heard = member.heard();
            boolean known = !returned || heard != null && heard.at().isAfter(member.since()) && !beingFenced(name);
            boolean clean = known && stale.isEmpty();
            if (!clean && asked != null && asked.plus(timings.retry()).isAfter(now)) {
                deadlines.add(asked.plus(timings.retry()));
                continue;
            }
            deadlines.add(now.plus(timings.retry()));
            if (clean) {
                long epoch = member.since().getEpochSecond();
                actions.add(new FailoverAction(Kind.SYNC, "", name, epoch, "it holds no old copies"));
            } else {
                stale.forEach((slot, generation) ->
                        actions.add(new FailoverAction(Kind.SCALE_DOWN, slot, name, generation, "an old generation")));
                actions.add(new FailoverAction(Kind.REPORT, "", name, 0, ""));
            }
            members.put(name, member.asked(now, clean));
        }
    }

    private boolean beingFenced(String name) {
        return placements.values().stream()
                .anyMatch(placement -> placement.member().equals(name)
                        && (placement.phase() == Phase.FENCING || placement.phase() == Phase.FENCED));
    }

    private void take(List<FailoverObservation.Receipt> receipts) {
        for (FailoverObservation.Receipt receipt : receipts) {
            placements.replaceAll((slot, placement) -> {
                FailoverAction pending = pending(slot, placement);
                if (pending == null || !pending.id().equals(receipt.action())) {
                    return placement;
                }
                if (!receipt.ok()) {
                    trace.add(slot + ": " + pending.id() + " failed: " + receipt.message());
                    return placement.noted(pending.kind() + "_FAILED");
                }
                Phase next = switch (placement.phase()) {
                    case FENCING -> Phase.FENCED;
                    case STARTING -> Phase.SWITCHING;
                    case SWITCHING, SERVING, FENCED -> Phase.SERVING;
                };
                trace.add(slot + ": " + pending.id() + " is done");
                if (next == Phase.FENCED) {
                    members.computeIfPresent(
                            placement.member(), (name, holder) -> holder.assumed(slot, placement.generation(), now));
                }
                return placement.to(next);
            });
        }
    }

    /** What this phase of a placement waits for. */
    private @Nullable FailoverAction pending(String slot, Placement placement) {
        FailoverApp app = spec.appOf(slot);
        boolean volumes = app == null || app.storage() != Storage.STATELESS;
        Kind kind = switch (placement.phase()) {
            case FENCING -> volumes ? Kind.FENCE : Kind.CUT_TRAFFIC;
            case STARTING -> Kind.ACTIVATE;
            case SWITCHING -> Kind.TRAFFIC;
            case SERVING, FENCED -> null;
        };
        return kind == null ? null : new FailoverAction(kind, slot, placement.member(), placement.generation(), "");
    }

    private void movePlacements() {
        for (FailoverApp app : spec.apps()) {
            for (String slot : app.slots()) {
                Placement before = placements.get(slot);
                Placement after = before == null ? first(app, slot) : onward(app, slot, before);
                if (after != null) {
                    placements.put(slot, ask(slot, after));
                }
            }
        }
    }

    private @Nullable Placement first(FailoverApp app, String slot) {
        Optional<String> target = target(app, slot, "");
        if (target.isEmpty()) {
            trace.add(slot + ": NO_PLACE");
            return null;
        }
        trace.add(slot + ": first placed on " + target.get());
        return new Placement(target.get(), 1, Phase.STARTING, null, null, "");
    }

    private Placement onward(FailoverApp app, String slot, Placement placement) {
        boolean lost = !members.containsKey(placement.member())
                || state(placement.member()) == MemberState.EVACUATING
                || state(placement.member()) == MemberState.FAILED_OVER;
        return switch (placement.phase()) {
            case FENCING -> placement;
            case FENCED -> place(app, slot, placement);
            case SERVING -> lost ? begin(app, slot, placement) : placement.noted("");
            case STARTING, SWITCHING -> {
                if (!lost) {
                    yield placement;
                }
                trace.add(slot + ": " + placement.member() + " failed before it took over");
                yield begin(app, slot, placement);
            }
        };
    }

    private Placement begin(FailoverApp app, String slot, Placement placement) {
        Instant moved = placement.movedAt();
        if (app.storage() == Storage.STATEFUL) {
            return hold(slot, placement, "FENCE_REQUIRED");
        }
        if (massHold) {
            return hold(slot, placement, "MASS_FAILURE");
        }
        boolean unfinished = placement.phase() != Phase.SERVING;
        if (moved != null && !unfinished && moved.plus(timings.cooldown()).isAfter(now)) {
            deadlines.add(moved.plus(timings.cooldown()));
            return hold(slot, placement, "COOLDOWN");
        }
        if (target(app, slot, placement.member()).isEmpty()) {
            return hold(slot, placement, "NO_PLACE");
        }
        if (nextMoveAt != null && nextMoveAt.isAfter(now)) {
            deadlines.add(nextMoveAt);
            return hold(slot, placement, "RATE");
        }
        nextMoveAt = now.plus(timings.moveEvery());
        trace.add(slot + ": leaves " + placement.member());
        return placement.begun(now);
    }

    private Placement hold(String slot, Placement placement, String why) {
        if (!placement.note().equals(why)) {
            trace.add(slot + ": stays on " + placement.member() + ": " + why);
        }
        return placement.noted(why);
    }

    private Placement place(FailoverApp app, String slot, Placement placement) {
        Optional<String> target = target(app, slot, "");
        if (target.isEmpty()) {
            return hold(slot, placement, "NO_PLACE");
        }
        Placement next = placement.startedOn(target.get());
        trace.add(slot + ": generation " + next.generation() + " on " + next.member());
        return next;
    }

    /** A healthy member without old copies that has not just been evacuated. */
    private Optional<String> target(FailoverApp app, String slot, String leaving) {
        return new PlacementEngine(spec, placements).choose(app, slot, name -> {
            Instant evacuated = member(name).evacuatedAt();
            boolean calm =
                    evacuated == null || !evacuated.plus(timings.cooldown()).isAfter(now);
            return !name.equals(leaving)
                    && calm
                    && state(name) == MemberState.HEALTHY
                    && staleCopies(name).isEmpty();
        });
    }

    private Placement ask(String slot, Placement placement) {
        FailoverAction pending = pending(slot, placement);
        if (pending == null) {
            return placement;
        }
        Instant sent = placement.sentAt();
        if (sent != null && sent.plus(timings.retry()).isAfter(now)) {
            deadlines.add(sent.plus(timings.retry()));
            return placement;
        }
        deadlines.add(now.plus(timings.retry()));
        actions.add(pending);
        return placement.sent(now);
    }

    private void finishEvacuations() {
        for (String name : List.copyOf(members.keySet())) {
            MemberStatus member = member(name);
            if (member.state() != MemberState.EVACUATING) {
                continue;
            }
            List<String> waiting = new ArrayList<>();
            placements.forEach((slot, placement) -> {
                if (placement.member().equals(name) && !placement.note().equals("FENCE_REQUIRED")) {
                    waiting.add(slot);
                }
            });
            Instant limit = member.since().plus(timings.eviction());
            if (waiting.isEmpty()) {
                move(name, MemberState.FAILED_OVER, "all that may move has a new generation");
            } else if (!limit.isAfter(now)) {
                String words = "EVACUATION_INCOMPLETE: " + waiting + " could not leave " + name;
                actions.add(FailoverAction.alert(name, words));
                move(name, MemberState.FAILED_OVER, words);
            } else {
                deadlines.add(limit);
            }
        }
    }
}
