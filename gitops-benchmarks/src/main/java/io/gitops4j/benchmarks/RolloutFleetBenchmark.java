package io.gitops4j.benchmarks;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.simulate.AnalysisModel;
import io.gitops4j.rollout.simulate.PodModel;
import io.gitops4j.rollout.simulate.SimulatedCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Ten thousand rollouts under way at once in one thread: a queue of wake-up times is all that keeps them apart. Then the bare
 * engine. The goals are a million steps a minute on one core and no thread a rollout.
 */
public final class RolloutFleetBenchmark {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private RolloutFleetBenchmark() {}

    private record Due(Instant at, int index) {}

    /** Runs it; the argument is the number of rollouts, 10,000 without one. */
    public static void main(String[] args) {
        int count = args.length == 0 ? 10_000 : Integer.parseInt(args[0]);
        List<SimulatedCluster> fleet = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SimulatedCluster cluster = new SimulatedCluster(
                    rollout(i, 1), START, PodModel.after(Duration.ofSeconds(i % 7)), AnalysisModel.NONE);
            cluster.settle();
            fleet.add(cluster);
        }
        int threads = Thread.activeCount();
        long begun = System.nanoTime();
        PriorityQueue<Due> queue =
                new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::index));
        for (int i = 0; i < count; i++) {
            int index = i;
            fleet.get(i).advance(Duration.ofSeconds(30));
            fleet.get(i).edit(old -> rollout(index, 2));
            queue.add(new Due(fleet.get(i).now(), i));
        }
        int most = 0;
        int under = 0;
        while (!queue.isEmpty()) {
            Due due = queue.remove();
            SimulatedCluster cluster = fleet.get(due.index());
            boolean before = cluster.status().phase().equals(RolloutPhase.HEALTHY);
            cluster.advanceTo(due.at());
            boolean after = cluster.status().phase().equals(RolloutPhase.HEALTHY);
            under += before == after ? 0 : before ? 1 : -1;
            most = Math.max(most, under);
            Instant next = cluster.nextEvent();
            if (next != null && !after) {
                queue.add(new Due(next.isAfter(due.at()) ? next : due.at().plusMillis(1), due.index()));
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long steps = fleet.stream().mapToLong(SimulatedCluster::steps).sum();
        long healthy = fleet.stream()
                .filter(cluster -> cluster.status().phase().equals(RolloutPhase.HEALTHY))
                .count();
        System.out.printf(
                "%d rollouts, %d under way at once, %d promoted, %d steps in %.1f s, %.0f steps a minute, %d threads%n",
                count, most, healthy, steps, seconds, steps / seconds * 60, Math.max(threads, Thread.activeCount()));
        engine(fleet.get(0));
    }

    private static void engine(SimulatedCluster cluster) {
        cluster.edit(old -> rollout(0, 3));
        cluster.settle();
        var seen = cluster.observe();
        long begun = System.nanoTime();
        long steps = 0;
        while (System.nanoTime() - begun < 3_000_000_000L) {
            for (int i = 0; i < 1_000; i++) {
                steps += RolloutEngine.step(cluster.spec(), cluster.status(), seen, cluster.now())
                                .trace()
                                .isEmpty()
                        ? 0
                        : 1;
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("bare engine: %.0f steps a minute%n", steps / seconds * 60);
    }

    private static JsonObject rollout(int index, int version) {
        String text = """
                {"metadata":{"name":"shop-%d"},"spec":{"replicas":%d,"selector":{"matchLabels":{"app":"shop"}},
                 "template":{"metadata":{"labels":{"app":"shop"}},"spec":{"containers":[{"name":"c","image":"shop:%d"}]}},
                 "strategy":{"canary":{"steps":[{"setWeight":10},{"pause":{"duration":"10m"}},{"setWeight":50},
                 {"pause":{"duration":"%dm"}}]}}}}""".formatted(index, 1 + index % 10, version, 1 + index % 10);
        return (JsonObject) JsonReader.parse(text).orThrow();
    }
}
