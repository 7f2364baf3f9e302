package io.gitops4j.recovery.report;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.recovery.rebuild.RebuildReport;
import io.gitops4j.recovery.restore.RestoreOrder;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Estimates how long a real cluster takes to come back: each object one write, each stage that needs it a time to become ready.
 *
 * @param write one write
 * @param definitions from a definition to its being served
 * @param workloads from a workload to its being healthy
 */
public record RtoModel(Duration write, Duration definitions, Duration workloads) {

    /** 30 ms, 5 s, 90 s; put in measured times where there are any. */
    public static RtoModel usual() {
        return new RtoModel(Duration.ofMillis(30), Duration.ofSeconds(5), Duration.ofSeconds(90));
    }

    /**
     * The times that a rebuild took; {@code otherwise} where it had nothing of the kind.
     *
     * @param report of a rebuild of a real cluster, or of one that behaves like it
     */
    public static RtoModel measured(RebuildReport report, RtoModel otherwise) {
        Duration writing = Duration.ZERO;
        Duration definitions = Duration.ZERO;
        Duration workloads = Duration.ZERO;
        int objects = 0;
        for (RebuildReport.Done done : report.units()) {
            Instant started = done.startedAt();
            Instant applied = done.appliedAt();
            Instant healthy = done.healthyAt();
            if (started == null
                    || applied == null
                    || healthy == null
                    || done.objects().isEmpty()) {
                continue;
            }
            objects += done.objects().size();
            writing = writing.plus(Duration.between(started, applied));
            Duration ready = Duration.between(applied, healthy);
            switch (done.unit().stage()) {
                case DEFINITIONS -> definitions = longer(definitions, ready);
                case CONTROLLERS, WORKLOADS -> workloads = longer(workloads, ready);
                default -> {}
            }
        }
        return new RtoModel(
                objects == 0 ? otherwise.write() : writing.dividedBy(objects),
                definitions.isZero() ? otherwise.definitions() : definitions,
                workloads.isZero() ? otherwise.workloads() : workloads);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** The time for all that a snapshot holds or names. */
    public Duration estimate(SnapshotManifest manifest) {
        List<ObjectRef> refs = new ArrayList<>();
        manifest.entries().forEach(entry -> refs.add(entry.ref()));
        manifest.tracked().forEach(tracked -> refs.add(tracked.ref()));
        Map<String, Integer> stages = new LinkedHashMap<>();
        refs.forEach(ref -> stages.merge(RestoreOrder.stage(ref), 1, Integer::sum));
        Duration time = write.multipliedBy(refs.size());
        time = stages.containsKey("definitions") ? time.plus(definitions) : time;
        return stages.containsKey("workloads") ? time.plus(workloads) : time;
    }
}
