package io.gitops4j.benchmarks;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.Rollouts;
import io.gitops4j.rollout.Transition;
import io.gitops4j.rollout.simulate.AnalysisModel;
import io.gitops4j.rollout.simulate.PodModel;
import io.gitops4j.rollout.simulate.SimulatedCluster;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Steps of the rollout machine. The goal is a million steps a minute on one core, 16,667 a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class RolloutBenchmark {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ROLLOUT = """
            {"metadata":{"name":"shop"},"spec":{"replicas":10,"selector":{"matchLabels":{"app":"shop"}},
             "template":{"metadata":{"labels":{"app":"shop"}},"spec":{"containers":[{"name":"c","image":"shop:1"}]}},
             "strategy":{"canary":{"steps":[{"setWeight":10},{"pause":{"duration":"10m"}},{"setWeight":50},
             {"pause":{"duration":"10m"}}]}}}}""";

    private final JsonObject rollout = json(ROLLOUT);
    private final SimulatedCluster cluster = paused(rollout);
    private final RolloutSpec spec = cluster.spec();
    private final RolloutStatus status = cluster.status();
    private final Observation seen = cluster.observe();

    private static JsonObject json(String text) {
        return (JsonObject) JsonReader.parse(text).orThrow();
    }

    /** A canary that waits in its first pause. */
    private static SimulatedCluster paused(JsonObject rollout) {
        SimulatedCluster cluster = new SimulatedCluster(rollout, START, PodModel.INSTANT, AnalysisModel.NONE);
        cluster.settle();
        JsonObject next = json(ROLLOUT.replace("shop:1", "shop:2"));
        cluster.edit(old -> next);
        cluster.advance(Duration.ofSeconds(1));
        return cluster;
    }

    /** One step that finds nothing to do. */
    @Benchmark
    public Transition restingStep() {
        return RolloutEngine.step(spec, status, seen, START.plusSeconds(5));
    }

    /** One step that completes a pause. */
    @Benchmark
    public Transition movingStep() {
        return RolloutEngine.step(spec, status, seen, START.plusSeconds(601));
    }

    /** A whole update thought through, from the old revision to the promotion of the new one. */
    @Benchmark
    public int simulation() {
        return Rollouts.simulate(rollout).run().rows().size();
    }
}
