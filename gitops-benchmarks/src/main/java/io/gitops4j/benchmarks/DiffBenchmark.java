package io.gitops4j.benchmarks;

import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffOptions;
import io.gitops4j.diff.IgnoreRule;
import io.gitops4j.diff.IgnoreRules;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Diffs of many Deployments: one operation is the whole set of pairs, so that {@code n / score} is objects a second. All drift
 * must be found, or the benchmark fails. Growth is linear: pairs do not know each other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class DiffBenchmark {
    /** Number of pairs. */
    @Param({"1000", "10000"})
    public int n;

    /** Every how-manieth pair is drifted; 0: none. */
    @Param({"0", "10"})
    public int drift;

    private List<DiffWorkload.Pair> pairs = List.of();
    private int expected;
    private final DiffEngine threeWay = DiffEngine.plain();
    private final DiffEngine structured = DiffEngine.builder()
            .options(DiffOptions.defaults().withStructuredMerge(true))
            .build();
    private final DiffEngine ignoring = DiffEngine.builder()
            .rules(IgnoreRules.compile(List.of(new IgnoreRule(
                            "apps",
                            "Deployment",
                            "",
                            "",
                            List.of("/spec/replicas"),
                            List.of(".spec.template.spec.containers[] | select(.name == \"proxy\")"),
                            List.of())))
                    .orThrow())
            .build();

    /** Makes the pairs. */
    @Setup
    public void make() {
        pairs = new DiffWorkload().pairs(n, drift);
        expected = DiffWorkload.drifted(n, drift);
    }

    private int drifted(DiffEngine engine, boolean all) {
        int found = 0;
        for (DiffWorkload.Pair pair : pairs) {
            found += engine.diff(pair.target(), pair.live()).orThrow().drifted() ? 1 : 0;
        }
        if (all && found != expected) {
            throw new IllegalStateException("found " + found + " drifted pairs of " + expected);
        }
        return found;
    }

    /** Three-way, with last-applied. */
    @Benchmark
    public int threeWay() {
        return drifted(threeWay, true);
    }

    /** Structured merge by managed fields. */
    @Benchmark
    public int structured() {
        return drifted(structured, true);
    }

    /** Three-way with a pointer and a path expression ignored. */
    @Benchmark
    public int ignore() {
        return drifted(ignoring, false);
    }

    /** Typed comparison of the two objects alone. */
    @Benchmark
    public int compare() {
        SchemaType type = KubernetesSchema.v1_36().kind("apps/v1", "Deployment");
        int different = 0;
        for (DiffWorkload.Pair pair : pairs) {
            JsonObject live = pair.live();
            different += type != null
                            && new TypedValue(type, live)
                                    .compare(pair.target())
                                    .orThrow()
                                    .isSame()
                    ? 0
                    : 1;
        }
        return different;
    }
}
