package io.gitops4j.benchmarks;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.Planner;
import io.gitops4j.sync.ResourceTracking;
import java.util.ArrayList;
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

/** A plan over objects of which none has changed. Expected growth: linear. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class PlanBenchmark {
    /** How many objects. */
    @Param({"100", "1000", "10000"})
    public int objects;

    private List<Manifest> desired = List.of();
    private List<JsonObject> live = List.of();

    /** Makes the objects, desired and live. */
    @Setup
    public void make() {
        List<Manifest> manifests = new ArrayList<>();
        List<JsonObject> cluster = new ArrayList<>();
        ResourceTracking tracking = ResourceTracking.byAnnotation();
        for (int i = 0; i < objects; i++) {
            JsonObject body = JsonObject.builder()
                    .put("apiVersion", "v1")
                    .put("kind", "ConfigMap")
                    .put(
                            "metadata",
                            JsonObject.builder()
                                    .put("name", "map-" + i)
                                    .put("namespace", "app")
                                    .build())
                    .put("data", JsonObject.of("a", Json.of("value " + i), "b", Json.of("x".repeat(200))))
                    .build();
            manifests.add(Manifest.of(body, Origin.memory()).orThrow());
            JsonObject tracked = tracking.set(body, "app", "app").orThrow();
            JsonObject metadata =
                    tracked.object("metadata").with("uid", "uid-" + i).with("resourceVersion", String.valueOf(i + 1));
            cluster.add(tracked.with("metadata", metadata));
        }
        desired = manifests;
        live = cluster;
    }

    /** One plan. */
    @Benchmark
    public Plan noop() {
        return Planner.plan(PlanRequest.builder("app", "app")
                        .desired(desired)
                        .live(live)
                        .revision("r")
                        .build())
                .orThrow();
    }
}
