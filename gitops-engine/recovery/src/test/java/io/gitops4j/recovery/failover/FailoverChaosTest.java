package io.gitops4j.recovery.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.recovery.failover.FailoverObservation.Holdings;
import io.gitops4j.recovery.failover.FailoverObservation.Probe;
import io.gitops4j.recovery.failover.FailoverObservation.Receipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Everything that is said may be lost, come twice, late and out of order, actions too, and members come and go. Whatever
 * happens, two generations never run unfenced, and when it is quiet again each copy serves.
 */
class FailoverChaosTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SEEDS = 30;

    private record Late<T>(Instant at, T what) {}

    /** One run. */
    private static final class Chaos {
        private final Random random;
        private final FailoverWorld world = new FailoverWorld();
        private final List<Late<Object>> messages = new ArrayList<>();
        private final List<Late<FailoverAction>> actions = new ArrayList<>();
        private final FailoverSpec spec;
        private final WalkedStates walked;
        private FailoverStatus status = FailoverStatus.empty();
        private boolean quiet;

        private Chaos(long seed, WalkedStates walked) {
            this.walked = walked;
            random = new Random(seed);
            List<FailoverApp> apps = List.of(
                    FailoverApp.stateless("a"),
                    FailoverApp.stateless("b").sized(2, 1),
                    FailoverApp.stateful("c", true));
            List<Member> members = List.of(Member.of("m1"), Member.of("m2"), Member.of("m3"), Member.of("m4"));
            spec = new FailoverSpec(members, apps, List.of("o1", "o2", "o3"), FailoverTimings.defaults());
        }

        /** Hands something on: never, once or twice, soon or late. */
        private <T> void post(List<Late<T>> box, T what, Instant now) {
            int copies = quiet ? 1 : random.nextInt(10) == 0 ? 0 : random.nextInt(8) == 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                int delay = quiet ? 0 : random.nextInt(20) == 0 ? random.nextInt(900) : random.nextInt(4);
                box.add(new Late<>(now.plusSeconds(delay), what));
            }
        }

        private static <T> List<T> due(List<Late<T>> box, Instant now) {
            List<T> due = new ArrayList<>();
            for (Iterator<Late<T>> it = box.iterator(); it.hasNext(); ) {
                Late<T> next = it.next();
                if (!next.at().isAfter(now)) {
                    due.add(next.what());
                    it.remove();
                }
            }
            return due;
        }

        private void second(int second) {
            Instant now = START.plusSeconds(second);
            if (!quiet && random.nextInt(60) == 0) {
                String member = "m" + (1 + random.nextInt(4));
                if (!world.dead.remove(member)) {
                    world.dead.add(member);
                }
            }
            if (second % 5 == 0) {
                for (Member member : spec.members()) {
                    for (String observer : spec.observers()) {
                        boolean good = !world.dead.contains(member.name()) && (quiet || random.nextInt(30) > 0);
                        post(messages, new Probe(observer, member.name(), now, good), now);
                    }
                }
            }
            for (FailoverAction action : due(actions, now)) {
                if (action.kind() != FailoverAction.Kind.SYNC || status.wants(action)) {
                    world.perform(action, now);
                }
            }
            FailoverObservation said = world.observe(List.of());
            said.receipts().forEach(receipt -> post(messages, receipt, now));
            said.holdings().forEach(holdings -> post(messages, holdings, now));
            FailoverTransition step = Failover.step(spec, status, heard(now), now);
            FailoverTransition again = Failover.step(spec, step.status(), FailoverObservation.none(), now);
            assertThat(again.actions()).isEmpty();
            assertThat(again.status()).isEqualTo(step.status());
            check(status, step.status());
            walked.note(status, step);
            boolean hubDies = !quiet && random.nextInt(50) == 0;
            status = step.status();
            if (hubDies) {
                status = FailoverRecord.read(FailoverRecord.write(status)).orThrow();
                assertThat(status).isEqualTo(step.status());
            } else {
                step.actions().forEach(action -> post(actions, action, now));
            }
        }

        private FailoverObservation heard(Instant now) {
            List<Probe> probes = new ArrayList<>();
            List<Holdings> holdings = new ArrayList<>();
            List<Receipt> receipts = new ArrayList<>();
            for (Object message : due(messages, now)) {
                if (message instanceof Probe probe) {
                    probes.add(probe);
                } else if (message instanceof Holdings held) {
                    holdings.add(held);
                } else if (message instanceof Receipt receipt) {
                    receipts.add(receipt);
                }
            }
            return new FailoverObservation(probes, holdings, receipts);
        }

        /** Generations grow, and only after the last one was fenced. */
        private void check(FailoverStatus before, FailoverStatus after) {
            after.placements().forEach((slot, placement) -> {
                Placement old = before.placements().get(slot);
                long generation = old == null ? 0 : old.generation();
                assertThat(placement.generation()).isBetween(generation, generation + 1);
                if (old != null && placement.generation() > generation) {
                    assertThat(world.fenced.getOrDefault(slot, 0L)).isGreaterThanOrEqualTo(generation);
                }
            });
        }

        private void run() {
            for (int second = 0; second < 1500; second++) {
                second(second);
            }
            quiet = true;
            world.dead.clear();
            messages.clear();
            for (int second = 1500; second < 3300; second++) {
                second(second);
            }
        }
    }

    @Test
    void chaos_neverRunsTwoGenerations_andHeals() {
        int moves = 0;
        WalkedStates walked = new WalkedStates();
        for (long seed = 0; seed < SEEDS; seed++) {
            Chaos chaos = new Chaos(seed, walked);
            chaos.run();

            assertThat(chaos.world.violations).as("seed " + seed).isEmpty();
            assertThat(chaos.status.members().values())
                    .as("seed " + seed)
                    .allMatch(member -> member.state() == MemberState.HEALTHY);
            SortedMap<String, String> serving = new TreeMap<>();
            chaos.status.placements().forEach((slot, placement) -> {
                assertThat(placement.phase()).as(slot).isEqualTo(Placement.Phase.SERVING);
                serving.put(slot, placement.member() + "/" + placement.generation());
            });
            assertThat(serving).hasSize(4);
            assertThat(chaos.world.active()).as("seed " + seed).isEqualTo(serving);
            moves += chaos.world.moves;
        }
        assertThat(moves).isGreaterThan(SEEDS);
        targetLostBeforeTheTraffic(walked);
        assertThat(walked.members).as("walked and listed ways of members").isEqualTo(WalkedStates.listedMembers());
        assertThat(walked.placements)
                .as("walked and listed ways of placements")
                .isEqualTo(WalkedStates.listedPlacements());
    }

    /** The traffic never follows, and the member that was to get it is lost as well. */
    private static void targetLostBeforeTheTraffic(WalkedStates walked) {
        FailoverWorld world = new FailoverWorld().runs("a", "m1");
        FailoverSpec spec = new FailoverSpec(
                List.of(Member.of("m1"), Member.of("m2"), Member.of("m3"), Member.of("m4"), Member.of("m5")),
                List.of(FailoverApp.stateless("a")),
                List.of("o1", "o2"),
                FailoverTimings.defaults());
        FailoverStatus status = FailoverStatus.empty().running("a", "m1");
        world.dead.add("m1");
        for (int tick = 0; tick < 60; tick++) {
            Instant now = START.plusSeconds(tick * 5L);
            List<Probe> probes = new ArrayList<>();
            for (Member member : spec.members()) {
                boolean good = !world.dead.contains(member.name());
                spec.observers().forEach(observer -> probes.add(new Probe(observer, member.name(), now, good)));
            }
            FailoverTransition step = Failover.step(spec, status, world.observe(probes), now);
            walked.note(status, step);
            status = step.status();
            Placement placement = status.placements().get("a");
            if (placement.phase() == Placement.Phase.SWITCHING && placement.generation() == 2) {
                world.dead.add(placement.member());
            }
            step.actions().stream()
                    .filter(action -> action.kind() != FailoverAction.Kind.TRAFFIC || action.generation() > 2)
                    .forEach(action -> world.perform(action, now));
        }
        assertThat(world.violations).isEmpty();
        assertThat(status.placements().get("a").generation()).isEqualTo(3);
        assertThat(status.placements().get("a").phase()).isEqualTo(Placement.Phase.SERVING);
    }

    /** Every way to lose, keep or hand over twice the receipts and actions of one move with two fences. */
    @Test
    void everyLossOfOneMove_neverRunsTwoGenerations() {
        for (int pattern = 0; pattern < 729; pattern++) {
            FailoverWorld world = new FailoverWorld().runs("c", "m1");
            FailoverSpec spec = new FailoverSpec(
                    List.of(Member.of("m1"), Member.of("m2"), Member.of("m3")),
                    List.of(FailoverApp.stateful("c", true)),
                    List.of("o1", "o2"),
                    FailoverTimings.defaults());
            FailoverStatus status = FailoverStatus.empty().running("c", "m1");
            int digits = pattern;
            List<FailoverAction> late = new ArrayList<>();
            for (int tick = 0; tick < 60; tick++) {
                Instant now = START.plusSeconds(tick * 5L);
                List<Probe> probes = new ArrayList<>();
                for (Member member : spec.members()) {
                    boolean good = !member.name().equals("m1") || tick > 30;
                    spec.observers().forEach(observer -> probes.add(new Probe(observer, member.name(), now, good)));
                }
                FailoverObservation said = world.observe(probes);
                FailoverTransition step = Failover.step(spec, status, said, now);
                status = step.status();
                for (FailoverAction action : step.actions()) {
                    int fate = digits % 3;
                    digits /= 3;
                    if (fate == 0) {
                        world.perform(action, now);
                    } else if (fate == 1) {
                        world.perform(action, now);
                        late.add(action);
                    } else {
                        late.add(action);
                    }
                }
                if (tick % 12 == 11) {
                    late.forEach(action -> world.perform(action, now));
                    late.clear();
                }
            }
            assertThat(world.violations).as("pattern " + pattern).isEmpty();
            assertThat(world.active().values()).as("pattern " + pattern).hasSize(1);
            assertThat(status.placements().get("c").generation()).isEqualTo(2);
        }
    }
}
