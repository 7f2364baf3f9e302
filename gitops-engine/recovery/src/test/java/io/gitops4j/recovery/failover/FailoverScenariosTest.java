package io.gitops4j.recovery.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.recovery.failover.FailoverAction.Kind;
import io.gitops4j.recovery.failover.FailoverObservation.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The scenarios DR30 to DR35, a second a step. */
class FailoverScenariosTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> OBSERVERS = List.of("hub", "m-b", "m-c");

    private final FailoverWorld world = new FailoverWorld();
    private final List<String> trace = new ArrayList<>();
    private final Map<Integer, List<FailoverAction>> actions = new LinkedHashMap<>();

    private static FailoverSpec spec(List<FailoverApp> apps, String... members) {
        return new FailoverSpec(
                List.of(members).stream().map(Member::of).toList(), apps, OBSERVERS, FailoverTimings.defaults());
    }

    /**
     * Runs for some seconds.
     *
     * @param sees whether an observer's probe ({@code observer>member}) succeeds in a second
     */
    private FailoverStatus run(FailoverSpec spec, FailoverStatus from, int seconds, BiPredicate<String, Integer> sees) {
        FailoverStatus status = from;
        for (int second = 0; second <= seconds; second++) {
            Instant now = START.plusSeconds(second);
            List<Probe> probes = new ArrayList<>();
            if (second % 5 == 0) {
                for (Member member : spec.members()) {
                    for (String observer : spec.observers()) {
                        boolean good = sees.test(observer + ">" + member.name(), second);
                        probes.add(new Probe(observer, member.name(), now, good));
                    }
                }
            }
            FailoverTransition step = Failover.step(spec, status, world.observe(probes), now);
            trace.addAll(step.trace());
            status = step.status();
            actions.put(second, step.actions());
            step.actions().forEach(action -> world.perform(action, now));
        }
        assertThat(world.violations).isEmpty();
        return status;
    }

    private FailoverStatus placed(FailoverStatus status, String slot, String member) {
        world.runs(slot, member);
        return status.running(slot, member);
    }

    private static BiPredicate<String, Integer> down(String member, int from, int until) {
        return (pair, second) -> !pair.endsWith(">" + member) || second <= from || second >= until;
    }

    @Test
    void dr30_silentFor39Seconds_isSuspectOnly() {
        FailoverSpec spec = spec(List.of(FailoverApp.stateless("shop")), "m-a", "m-b", "m-c");
        FailoverStatus end = run(spec, placed(FailoverStatus.empty(), "shop", "m-a"), 200, down("m-a", 0, 39));

        assertThat(trace).anyMatch(line -> line.startsWith("m-a: Healthy → Suspect"));
        assertThat(trace).noneMatch(line -> line.contains("Failed"));
        assertThat(end.state("m-a")).isEqualTo(MemberState.HEALTHY);
        assertThat(world.calls).isEmpty();
        assertThat(end.placements().get("shop").generation()).isEqualTo(1);
    }

    @Test
    void dr31_silentFor41Seconds_movesStatelessWithinTheRate_statefulStays() {
        List<FailoverApp> apps = new ArrayList<>();
        FailoverStatus status = FailoverStatus.empty();
        for (int i = 0; i < 6; i++) {
            apps.add(FailoverApp.stateless("app-" + i));
            status = placed(status, "app-" + i, "m-a");
        }
        apps.add(FailoverApp.stateful("database", false));
        apps.add(FailoverApp.stateful("queue", true));
        status = placed(placed(status, "database", "m-a"), "queue", "m-a");
        FailoverStatus end = run(spec(apps, "m-a", "m-b", "m-c"), status, 120, down("m-a", 0, 1000));

        assertThat(trace).contains("m-a: Suspect → Failed: no good probe for 40 s, 3 of 3 observers agree");
        for (int i = 0; i < 6; i++) {
            Placement placement = end.placements().get("app-" + i);
            assertThat(placement.generation()).isEqualTo(2);
            assertThat(placement.member()).isNotEqualTo("m-a");
            assertThat(placement.phase()).isEqualTo(Placement.Phase.SERVING);
            assertThat(world.traffic).containsEntry("app-" + i, 2L);
        }
        assertThat(end.placements().get("database").member()).isEqualTo("m-a");
        assertThat(end.placements().get("database").note()).isEqualTo("FENCE_REQUIRED");
        assertThat(world.calls.indexOf("FENCE queue@m-a/1"))
                .isBetween(
                        0,
                        world.calls.indexOf("ACTIVATE queue@"
                                + end.placements().get("queue").member() + "/2"));
        assertThat(end.state("m-a")).isEqualTo(MemberState.FAILED_OVER);
        List<Integer> begun = new ArrayList<>();
        actions.forEach((second, done) -> done.stream()
                .filter(action -> action.kind() == Kind.CUT_TRAFFIC || action.kind() == Kind.FENCE)
                .forEach(action -> begun.add(second)));
        assertThat(begun).hasSize(7);
        assertThat(IntStream.range(1, 7).map(i -> begun.get(i) - begun.get(i - 1)))
                .allMatch(gap -> gap >= 2);
    }

    @Test
    void dr32_onlyTheHubIsCutOff_nothingMoves() {
        FailoverSpec spec = spec(List.of(FailoverApp.stateless("shop")), "m-a", "m-b", "m-c");
        FailoverStatus end = run(
                spec, placed(FailoverStatus.empty(), "shop", "m-a"), 900, (pair, second) -> !pair.startsWith("hub>"));

        assertThat(world.calls).isEmpty();
        assertThat(end.members().values()).noneMatch(member -> member.state().down());
    }

    @Test
    void dr33_threeOfFourFail_stopsAndAlerts() {
        List<FailoverApp> apps = List.of(FailoverApp.stateless("x"), FailoverApp.stateless("y"));
        FailoverStatus status = placed(placed(FailoverStatus.empty(), "x", "m-a"), "y", "m-b");
        Set<String> failed = new TreeSet<>(List.of("m-a", "m-b", "m-c"));
        run(
                spec(apps, "m-a", "m-b", "m-c", "m-d"),
                status,
                600,
                (pair, second) -> !failed.contains(pair.substring(pair.indexOf('>') + 1)));

        assertThat(world.alerts).containsExactly("MASS_FAILURE: 3 of 4 members are down, nothing is moved");
        assertThat(world.moves).isZero();
        assertThat(world.calls).allMatch(call -> call.startsWith("ALERT"));
    }

    @Test
    void dr34_returnsWithAnOldGeneration_scalesDownFirst_thenSyncs() {
        List<FailoverApp> apps = List.of(FailoverApp.stateless("shop"), FailoverApp.stateful("queue", true));
        FailoverStatus status = placed(placed(FailoverStatus.empty(), "shop", "m-a"), "queue", "m-a");
        FailoverStatus end = run(spec(apps, "m-a", "m-b", "m-c"), status, 300, down("m-a", 0, 120));

        int down = world.calls.indexOf("SCALE_DOWN shop@m-a/1");
        int sync = IntStream.range(0, world.calls.size())
                .filter(i -> world.calls.get(i).startsWith("SYNC @m-a"))
                .findFirst()
                .orElseThrow();
        assertThat(down).isPositive();
        assertThat(world.calls.indexOf("SCALE_DOWN queue@m-a/1")).isPositive().isLessThan(sync);
        assertThat(sync).isGreaterThan(down);
        assertThat(world.calls.stream().filter(call -> call.startsWith("SYNC"))).hasSize(1);
        assertThat(end.state("m-a")).isEqualTo(MemberState.HEALTHY);
        assertThat(world.running.get("shop")).doesNotContainKey("m-a");
        assertThat(world.traffic).containsEntry("shop", 2L);
    }

    @Test
    void dr35_flapping_movesAtMostOnceInACooldown() {
        List<FailoverApp> apps = new ArrayList<>(List.of(FailoverApp.stateless("x"), FailoverApp.stateless("y")));
        FailoverStatus status = placed(placed(FailoverStatus.empty(), "x", "m-a"), "y", "m-b");
        int seconds = 80 * 10;
        run(spec(apps, "m-a", "m-b", "m-c", "m-d"), status, seconds, (pair, second) -> {
            boolean flaps = pair.endsWith(">m-a") || pair.endsWith(">m-b");
            int phase = (second + (pair.endsWith(">m-b") ? 40 : 0)) % 80;
            return !flaps || phase < 30;
        });

        for (String slot : List.of("x", "y")) {
            List<Integer> begun = new ArrayList<>();
            actions.forEach((second, done) -> done.stream()
                    .filter(action ->
                            action.kind() == Kind.CUT_TRAFFIC && action.slot().equals(slot))
                    .forEach(action -> begun.add(second)));
            assertThat(begun).hasSizeBetween(1, 2);
            for (int i = 1; i < begun.size(); i++) {
                assertThat(begun.get(i) - begun.get(i - 1)).isGreaterThanOrEqualTo(600);
            }
        }
    }

    @Test
    void failedFence_keepsTheCopyWhereItIs() {
        world.unfenceable.add("queue");
        List<FailoverApp> apps = List.of(FailoverApp.stateful("queue", true));
        FailoverStatus end = run(
                spec(apps, "m-a", "m-b", "m-c"),
                placed(FailoverStatus.empty(), "queue", "m-a"),
                900,
                down("m-a", 0, 5000));

        assertThat(world.moves).isZero();
        assertThat(end.placements().get("queue").note()).isEqualTo("FENCE_FAILED");
        assertThat(end.placements().get("queue").generation()).isEqualTo(1);
        assertThat(world.alerts).containsExactly("EVACUATION_INCOMPLETE: [queue] could not leave m-a");
    }

    @Test
    void targetFailsBeforeItTookOver_isFencedToo() {
        List<FailoverApp> apps = List.of(FailoverApp.stateful("queue", true));
        world.dead.add("m-b");
        FailoverStatus status = placed(FailoverStatus.empty(), "queue", "m-a");
        FailoverStatus end = run(spec(apps, "m-a", "m-b", "m-c", "m-d"), status, 400, (pair, second) -> {
            boolean lost = pair.endsWith(">m-a") || pair.endsWith(">m-b") && second > 40;
            return !lost;
        });

        assertThat(world.calls)
                .containsSubsequence(
                        "FENCE queue@m-a/1", "ACTIVATE queue@m-b/2", "FENCE queue@m-b/2", "ACTIVATE queue@m-c/3");
        assertThat(end.placements().get("queue").phase()).isEqualTo(Placement.Phase.SERVING);
        assertThat(world.active()).containsEntry("queue", "m-c/3");
    }

    @Test
    void secondStepWithTheSame_changesNothing() {
        FailoverSpec spec = spec(List.of(FailoverApp.stateless("shop")), "m-a", "m-b");
        FailoverObservation seen = FailoverObservation.of(List.of(new Probe("hub", "m-a", START, false)));
        FailoverTransition first = Failover.step(spec, FailoverStatus.empty(), seen, START);
        FailoverTransition second = Failover.step(spec, first.status(), seen, START);

        assertThat(first.actions()).isNotEmpty();
        assertThat(second.status()).isEqualTo(first.status());
        assertThat(second.actions()).isEmpty();
        assertThat(Failover.step(spec, FailoverStatus.empty(), seen, START)).isEqualTo(first);
        assertThat(first.wakeAt()).isEqualTo(START.plus(Duration.ofSeconds(5)));
    }

    @Test
    void probeFromTheFuture_isIgnored() {
        FailoverSpec spec = spec(List.of(), "m-a");
        FailoverTransition step = Failover.step(
                spec,
                FailoverStatus.empty(),
                FailoverObservation.of(List.of(new Probe("hub", "m-a", START.plusSeconds(3600), false))),
                START);

        assertThat(step.status().members().get("m-a").readings()).isEmpty();
        assertThat(step.trace()).containsExactly("a probe of m-a by hub from the future is ignored");
    }

    @Test
    void twoHubs_onlyOneActs() {
        FailoverSpec spec = spec(List.of(FailoverApp.stateless("shop")), "m-a", "m-b");
        List<FailoverAction> done = new ArrayList<>();
        MemoryFailoverHub hub = new MemoryFailoverHub(FailoverStatus.empty());
        FailoverHub late = new FailoverHub() {
            private final FailoverStatus old = hub.read();

            @Override
            public FailoverStatus read() {
                return old;
            }

            @Override
            public boolean replace(long revision, FailoverStatus next) {
                return hub.replace(revision, next);
            }
        };

        assertThat(new FailoverDriver(spec, hub, done::add).drive(FailoverObservation.none(), START))
                .isPresent();
        assertThat(new FailoverDriver(spec, late, done::add).drive(FailoverObservation.none(), START))
                .isEmpty();
        assertThat(done).hasSize(1);
    }

    @Test
    void illegalMove_isNamed() {
        MemberStatus healthy = MemberStatus.begun(START);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> healthy.to(MemberState.EVACUATING, START))
                .hasMessage("a member cannot go from Healthy to Evacuating");
    }
}
