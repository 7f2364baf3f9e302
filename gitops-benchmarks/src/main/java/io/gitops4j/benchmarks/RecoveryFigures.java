package io.gitops4j.benchmarks;

import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.recovery.drill.DrDrill;
import io.gitops4j.recovery.drill.DrillReport;
import io.gitops4j.recovery.restore.RestoreRequest;
import io.gitops4j.recovery.restore.Restorer;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotResult;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.testkit.FakeCluster;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;

/** Measures a snapshot, an unchanged one, a restore and a drill of clusters in memory; one object in ten is a Secret. */
public final class RecoveryFigures {
    private RecoveryFigures() {}

    /** Arguments: numbers of objects; 1000 and 10000 when there are none. */
    public static void main(String[] args) {
        List<String> sizes = args.length == 0 ? List.of("1000", "10000") : List.of(args);
        System.out.println("objects  snapshot  again  blobs again  restore  drill  heap MiB");
        for (String size : sizes) {
            measure(Integer.parseInt(size));
        }
    }

    private static void measure(int objects) {
        FakeCluster cluster = cluster(objects);
        AgeIdentity identity = AgeIdentity.generate(new SecureRandom());
        MemorySnapshotStore store = new MemorySnapshotStore();
        Snapshotter.Options options =
                Snapshotter.into(store, cluster.time()).sealing(AgeSealing.sealer(List.of(identity.recipient())));
        long start = System.nanoTime();
        options.take(cluster).orThrow();
        final double snapshot = since(start);
        start = System.nanoTime();
        SnapshotResult again = options.take(cluster).orThrow();
        final double second = since(start);
        start = System.nanoTime();
        Restorer.from(SnapshotChain.in(store), cluster.time())
                .opening(AgeSealing.opener(List.of(identity)))
                .restore(RestoreRequest.of().build(), FakeCluster.create("target"))
                .orThrow();
        final double restore = since(start);
        start = System.nanoTime();
        DrillReport drill = DrDrill.of(SnapshotChain.in(store), cluster.time())
                .opening(AgeSealing.opener(List.of(identity)))
                .run(FakeCluster.create("drill"));
        final double drilled = since(start);
        if (!drill.green()) {
            throw new IllegalStateException(drill.toString());
        }
        Runtime runtime = Runtime.getRuntime();
        System.out.println(String.format(
                Locale.ROOT,
                "%7d  %7.2fs  %4.2fs  %11d  %6.2fs  %4.2fs  %8d",
                objects,
                snapshot,
                second,
                again.blobsAdded(),
                restore,
                drilled,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20));
    }

    private static FakeCluster cluster(int objects) {
        FakeCluster cluster =
                FakeCluster.builder().name("source").journalCapacity(0).build();
        for (int i = 0; i < objects; i++) {
            boolean secret = i % 10 == 0;
            cluster.create(
                    JsonObject.builder()
                            .put("apiVersion", "v1")
                            .put("kind", secret ? "Secret" : "ConfigMap")
                            .put(
                                    "metadata",
                                    JsonObject.builder()
                                            .put("name", "object-" + i)
                                            .put("namespace", "default")
                                            .put("labels", JsonObject.of("app", Json.of("app-" + i % 100)))
                                            .build())
                            .put(secret ? "stringData" : "data", JsonObject.of("value", Json.of("v".repeat(200) + i)))
                            .build(),
                    WriteOptions.defaults());
        }
        return cluster;
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
