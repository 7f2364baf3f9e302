package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.Transition;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A canary as a graph of states, for {@link ModelCheckTest}. Statuses and sets of ReplicaSets are numbered as they are met, so
 * that a state is three numbers, and the engine is asked once for each pair of a status and what it sees.
 */
final class CanaryModel {
    private static final Instant NOW = World.T0.plusSeconds(60);

    /** A ReplicaSet of the model. */
    record Rs(Observation.ReplicaSet seen) {
        Rs with(int spec, int created, int available, Integer desired, int revision) {
            return new Rs(new Observation.ReplicaSet(
                    seen.name(),
                    seen.hash(),
                    seen.createdAt(),
                    revision,
                    new Observation.Counts(spec, created, available, available),
                    desired,
                    null,
                    seen.template(),
                    false));
        }

        Rs scaled(int spec, int desired) {
            return with(spec, seen.pods().created(), seen.available(), desired, seen.revision());
        }

        /** The next thing its pods do, or {@code null} when they rest. */
        Rs podsMoved() {
            int spec = seen.spec();
            if (seen.pods().created() != spec) {
                return with(spec, spec, Math.min(seen.available(), spec), seen.desired(), seen.revision());
            }
            return seen.available() < spec
                    ? with(spec, spec, seen.available() + 1, seen.desired(), seen.revision())
                    : null;
        }
    }

    /**
     * A state: what is stored, what is there, what was there before the last write, and whether nothing was seen late so far.
     * Numbers of {@link #statuses} and {@link #sights}.
     */
    private record State(int status, int now, int before, boolean prompt) {}

    /** What one step makes of a status and a sight: the status after it, and what it does to any sight. */
    private record Step(Transition transition, boolean moves, int status, int applied) {}

    /** Values numbered in the order in which they are met. */
    private static final class Numbered<T> {
        private final Map<T, Integer> numbers = new HashMap<>();
        private final List<T> values = new ArrayList<>();

        int of(T value) {
            Integer known = numbers.putIfAbsent(value, values.size());
            if (known == null) {
                values.add(value);
                return values.size() - 1;
            }
            return known;
        }

        T get(int number) {
            return values.get(number);
        }
    }

    /** How large a graph was. */
    record Size(long states, long transitions, long steps) {
        static final Size NONE = new Size(0, 0, 0);

        Size plus(Size other) {
            return new Size(states + other.states, transitions + other.transitions, steps + other.steps);
        }
    }

    private final RolloutSpec spec;
    private final CanaryStrategy canary;
    private final int replicas;
    private final int surge;
    private final int unavailable;
    private final String world;
    private final Numbered<RolloutStatus> statuses = new Numbered<>();
    private final Numbered<List<Rs>> sights = new Numbered<>();
    private final Map<Long, Step> steps = new HashMap<>();
    private final Set<Long> resting = new HashSet<>();

    CanaryModel(RolloutSpec spec, String world) {
        this.spec = spec;
        this.canary = Objects.requireNonNull(spec.canary());
        this.replicas = spec.replicas();
        this.surge = canary.budget(replicas).surge();
        this.unavailable = canary.budget(replicas).unavailable();
        this.world = world;
    }

    /** Walks the whole graph from an update that was just asked for, and from each of its states to rest. */
    Size explore(World w) {
        int sight = sights.of(w.cluster.replicaSets().stream().map(Rs::new).toList());
        State start = new State(statuses.of(w.status()), sight, sight, true);
        Set<State> known = new HashSet<>(List.of(start));
        Deque<State> open = new ArrayDeque<>(known);
        long transitions = 0;
        while (!open.isEmpty()) {
            State state = open.removeFirst();
            for (State next : successors(state)) {
                transitions++;
                if (known.add(next)) {
                    open.addLast(next);
                }
            }
            comesToRest(state.status(), state.now());
        }
        return new Size(known.size(), transitions, steps.size());
    }

    /** What can happen next; checks the invariants of what the engine would do. */
    private List<State> successors(State s) {
        List<State> next = new ArrayList<>();
        RolloutStatus status = statuses.get(s.status());
        Step fresh = step(s.status(), s.now());
        if (fresh.moves()) {
            if (s.prompt()) {
                keepsBounds(s, sights.get(s.now()), sights.get(fresh.applied()));
            }
            next.add(new State(fresh.status(), fresh.applied(), s.now(), s.prompt()));
            next.add(new State(s.status(), fresh.applied(), s.now(), s.prompt()));
            next.add(new State(fresh.status(), s.now(), s.now(), s.prompt()));
        }
        if (s.before() != s.now()) {
            Step late = step(s.status(), s.before());
            int applied = sights.of(apply(sights.get(s.now()), late.transition().actions()));
            next.add(new State(late.status(), applied, s.now(), false));
        }
        List<Rs> sets = sights.get(s.now());
        for (int i = 0; i < sets.size(); i++) {
            Rs moved = sets.get(i).podsMoved();
            if (moved != null) {
                next.add(new State(s.status(), with(s.now(), i, moved), s.before(), s.prompt()));
            }
        }
        if (!status.pauseConditions().isEmpty()) {
            next.add(new State(promoted(s.status()), s.now(), s.before(), s.prompt()));
        }
        if (!status.abort()
                && !status.fullyPromoted()
                && !status.currentPodHash().isEmpty()) {
            int aborted = statuses.of(status.toBuilder().abort(true).build());
            next.add(new State(aborted, s.now(), s.before(), s.prompt()));
        }
        return next;
    }

    private int promoted(int status) {
        return statuses.of(
                statuses.get(status).toBuilder().pauseConditions(List.of()).build());
    }

    private int with(int sight, int place, Rs moved) {
        List<Rs> sets = new ArrayList<>(sights.get(sight));
        sets.set(place, moved);
        return sights.of(List.copyOf(sets));
    }

    private static long pair(int status, int sight) {
        return (long) status << 32 | sight;
    }

    private Step step(int status, int sight) {
        Step known = steps.get(pair(status, sight));
        if (known != null) {
            return known;
        }
        RolloutStatus before = statuses.get(status);
        Transition t = step(before, sights.get(sight));
        assertThat(step(before, sights.get(sight))).isEqualTo(t);
        keepsInvariants(before, t);
        int applied = sights.of(apply(sights.get(sight), t.actions()));
        Step made = new Step(t, t.moved(before), statuses.of(t.status()), applied);
        steps.put(pair(status, sight), made);
        return made;
    }

    private Transition step(RolloutStatus status, List<Rs> seen) {
        return RolloutEngine.step(
                spec, status, Observation.of(seen.stream().map(Rs::seen).toList(), List.of()), NOW);
    }

    private static List<Rs> apply(List<Rs> sets, List<Action> actions) {
        List<Rs> next = new ArrayList<>(sets);
        for (Action action : actions) {
            if (action instanceof Action.CreateReplicaSet create) {
                if (next.stream().noneMatch(rs -> rs.seen().hash().equals(create.hash()))) {
                    next.add(new Rs(new Observation.ReplicaSet(
                            create.name(),
                            create.hash(),
                            NOW,
                            create.revision(),
                            new Observation.Counts(0, 0, 0, 0),
                            null,
                            null,
                            create.template(),
                            false)));
                }
            } else if (action instanceof Action.ScaleReplicaSet scale) {
                next.replaceAll(
                        rs -> rs.seen().hash().equals(scale.hash()) ? rs.scaled(scale.to(), scale.desired()) : rs);
            }
        }
        return List.copyOf(next);
    }

    /** I1–I4, I10 and I11. */
    private void keepsInvariants(RolloutStatus before, Transition t) {
        RolloutStatus after = t.status();
        Integer from = before.currentStepIndex();
        Integer to = after.currentStepIndex();
        if (from != null && to != null && to > from + 1) {
            assertThat(to)
                    .as("only promotion and rollback skip steps")
                    .isEqualTo(canary.steps().size());
            assertThat(after.fullyPromoted() || before.promoteFull()).isTrue();
        }
        if (from != null && to != null && to < from) {
            assertThat(to).as("back to the start only").isZero();
        }
        if (!before.stableRS().equals(after.stableRS())) {
            assertThat(t.trace().stream().map(Transition.Decision::predicate)).contains("promote");
            assertThat(after.stableRS()).isEqualTo(after.currentPodHash());
        }
        assertThat(t.wakeAt() == null || t.wakeAt().isAfter(NOW)).isTrue();
        assertThat(RolloutPhase.of(spec, after)).isEqualTo(new RolloutPhase(after.phase(), after.message()));
    }

    /** The bounds of surge and availability, which hold as long as nothing is seen late. */
    private void keepsBounds(State s, List<Rs> before, List<Rs> applied) {
        int had = before.stream().mapToInt(rs -> rs.seen().spec()).sum();
        int has = applied.stream().mapToInt(rs -> rs.seen().spec()).sum();
        if (has > Math.max(had, replicas + surge)) {
            throw new AssertionError("surge in " + world + ": " + statuses.get(s.status()) + " " + before);
        }
        int available = before.stream().mapToInt(rs -> rs.seen().available()).sum();
        int left = applied.stream()
                .mapToInt(rs -> Math.min(rs.seen().available(), rs.seen().spec()))
                .sum();
        if (left < Math.min(available, replicas - unavailable)) {
            throw new AssertionError("availability in " + world + ": " + statuses.get(s.status()) + " " + before);
        }
    }

    /**
     * I8, I9: with nothing lost any more it rests, and a person's promotions bring it to an end. Which way it takes depends on
     * the status and the pods alone, so a way that meets one that was gone before need not be gone to its end.
     */
    private void comesToRest(int status, int sight) {
        int stored = status;
        int there = sight;
        int promotions = 0;
        List<Long> way = new ArrayList<>();
        while (!resting.contains(pair(stored, there))) {
            way.add(pair(stored, there));
            if (way.size() > 200) {
                throw new AssertionError("no rest in " + world + ": " + statuses.get(stored) + " " + sights.get(there));
            }
            int moved = there;
            for (int k = 0; k < sights.get(there).size(); k++) {
                Rs pods = sights.get(moved).get(k).podsMoved();
                moved = pods == null ? moved : with(moved, k, pods);
            }
            Step next = step(stored, moved);
            if (next.moves() || moved != there) {
                there = next.moves() ? next.applied() : moved;
                stored = next.moves() ? next.status() : stored;
            } else if (statuses.get(stored).phase().equals(RolloutPhase.PAUSED)
                    && promotions <= canary.steps().size()) {
                stored = promoted(stored);
                promotions++;
            } else {
                endsWell(statuses.get(stored), sights.get(there));
                break;
            }
        }
        resting.addAll(way);
    }

    private void endsWell(RolloutStatus status, List<Rs> sets) {
        String stable = status.stableRS();
        if (status.abort()) {
            assertThat(status.phase()).as(world).isEqualTo(RolloutPhase.DEGRADED);
        } else {
            assertThat(status.phase()).as(world).isEqualTo(RolloutPhase.HEALTHY);
            assertThat(stable).isEqualTo(status.currentPodHash());
        }
        for (Rs rs : sets) {
            assertThat(rs.seen().available())
                    .as(world)
                    .isEqualTo(rs.seen().hash().equals(stable) ? replicas : 0);
        }
    }
}
