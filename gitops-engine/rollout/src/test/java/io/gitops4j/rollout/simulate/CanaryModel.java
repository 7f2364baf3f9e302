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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A canary as a graph of states, for {@link ModelCheckTest}. */
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
     */
    record State(RolloutStatus status, List<Rs> now, List<Rs> before, boolean prompt) {}

    private final RolloutSpec spec;
    private final CanaryStrategy canary;
    private final int replicas;
    private final int surge;
    private final int unavailable;

    CanaryModel(RolloutSpec spec) {
        this.spec = spec;
        this.canary = Objects.requireNonNull(spec.canary());
        this.replicas = spec.replicas();
        this.surge = canary.budget(replicas).surge();
        this.unavailable = canary.budget(replicas).unavailable();
    }

    /** An update that was just asked for. */
    State start(World w) {
        List<Rs> first = w.cluster.replicaSets().stream().map(Rs::new).toList();
        return new State(w.status(), first, first, true);
    }

    /** What can happen next; checks the invariants of what the engine would do. */
    List<State> successors(State s) {
        List<State> next = new ArrayList<>();
        Transition fresh = step(s.status(), s.now());
        if (fresh.moved(s.status())) {
            List<Rs> applied = apply(s.now(), fresh.actions());
            check(s, fresh, applied);
            next.add(new State(fresh.status(), applied, s.now(), s.prompt()));
            next.add(new State(s.status(), applied, s.now(), s.prompt()));
            next.add(new State(fresh.status(), s.now(), s.now(), s.prompt()));
        }
        if (!s.before().equals(s.now())) {
            Transition late = step(s.status(), s.before());
            next.add(new State(late.status(), apply(s.now(), late.actions()), s.now(), false));
        }
        for (int i = 0; i < s.now().size(); i++) {
            Rs moved = s.now().get(i).podsMoved();
            if (moved != null) {
                List<Rs> pods = new ArrayList<>(s.now());
                pods.set(i, moved);
                next.add(new State(s.status(), List.copyOf(pods), s.before(), s.prompt()));
            }
        }
        if (!s.status().pauseConditions().isEmpty()) {
            RolloutStatus promoted =
                    s.status().toBuilder().pauseConditions(List.of()).build();
            next.add(new State(promoted, s.now(), s.before(), s.prompt()));
        }
        if (!s.status().abort()
                && !s.status().fullyPromoted()
                && !s.status().currentPodHash().isEmpty()) {
            next.add(new State(s.status().toBuilder().abort(true).build(), s.now(), s.before(), s.prompt()));
        }
        return next;
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

    /** I1–I4, I10, I11 and the bounds of surge and availability. */
    private void check(State s, Transition t, List<Rs> applied) {
        RolloutStatus before = s.status();
        RolloutStatus after = t.status();
        assertThat(step(before, s.now())).isEqualTo(t);
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
        if (s.prompt()) {
            int had = s.now().stream().mapToInt(rs -> rs.seen().spec()).sum();
            int has = applied.stream().mapToInt(rs -> rs.seen().spec()).sum();
            assertThat(has).as("surge in %s", s).isLessThanOrEqualTo(Math.max(had, replicas + surge));
            int available =
                    s.now().stream().mapToInt(rs -> rs.seen().available()).sum();
            int left = applied.stream()
                    .mapToInt(rs -> Math.min(rs.seen().available(), rs.seen().spec()))
                    .sum();
            assertThat(left)
                    .as("availability in %s", s)
                    .isGreaterThanOrEqualTo(Math.min(available, replicas - unavailable));
        }
    }

    /** I8, I9: with nothing lost any more it rests, and a person's promotions bring it to an end. */
    void comesToRest(State from, String world) {
        State s = from;
        for (int promotions = 0; promotions <= canary.steps().size() + 1; promotions++) {
            s = rest(s, world);
            if (!s.status().phase().equals(RolloutPhase.PAUSED)) {
                break;
            }
            RolloutStatus promoted =
                    s.status().toBuilder().pauseConditions(List.of()).build();
            s = new State(promoted, s.now(), s.now(), s.prompt());
        }
        String stable = s.status().stableRS();
        if (s.status().abort()) {
            assertThat(s.status().phase()).as(world).isEqualTo(RolloutPhase.DEGRADED);
        } else {
            assertThat(s.status().phase()).as(world).isEqualTo(RolloutPhase.HEALTHY);
            assertThat(stable).isEqualTo(s.status().currentPodHash());
        }
        for (Rs rs : s.now()) {
            assertThat(rs.seen().available())
                    .as(world)
                    .isEqualTo(rs.seen().hash().equals(stable) ? replicas : 0);
        }
    }

    private State rest(State from, String world) {
        State s = from;
        for (int i = 0; i < 200; i++) {
            boolean moved = false;
            for (int k = 0; k < s.now().size(); k++) {
                Rs pods = s.now().get(k).podsMoved();
                if (pods != null) {
                    List<Rs> sets = new ArrayList<>(s.now());
                    sets.set(k, pods);
                    s = new State(s.status(), List.copyOf(sets), s.now(), s.prompt());
                    moved = true;
                }
            }
            Transition t = step(s.status(), s.now());
            if (t.moved(s.status())) {
                s = new State(t.status(), apply(s.now(), t.actions()), s.now(), s.prompt());
                moved = true;
            }
            if (!moved) {
                return s;
            }
        }
        throw new AssertionError("no rest in " + world + ": " + s);
    }
}
