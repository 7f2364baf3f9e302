package io.gitops4j.benchmarks;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.cel.GatekeeperCel;
import io.gitops4j.policy.gatekeeper.Audit;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.problem.Limits;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Audits many objects by many constraints, as {@code gator test} does, and again with one object in a hundred changed. Arguments: a
 * file of templates and constraints, a file of objects, and {@code cel} to run the CEL of the templates that have some. CPU time of the whole process, reading included, and of the audits alone.
 */
public final class PolicyAuditBenchmark {
    private PolicyAuditBenchmark() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        List<JsonObject> policies = read(Path.of(args[0]));
        List<JsonObject> objects = read(Path.of(args[1]));
        Gatekeeper.Builder builder = Gatekeeper.builder();
        boolean cel = args.length > 2 && args[2].equals("cel");
        if (cel) {
            builder.cel(GatekeeperCel.create());
        }
        builder.addAll(policies);
        policies.forEach(builder::refer);
        objects.forEach(builder::refer);
        Gatekeeper client = builder.build();
        out.println(objects.size() + " objects, " + client.constraints() + " constraints, refused "
                + client.problems().size());
        out.printf("read and compiled: process CPU %.2f s%n", processCpu());
        Audit audit = new Audit();
        long start = cpu();
        List<Violation> first = audit.run(client, set(objects, false));
        long full = cpu() - start;
        out.printf(
                "audit: %d violations, thread CPU %.2f s, process CPU so far %.2f s%n",
                first.size(), full / 1e9, processCpu());
        start = cpu();
        List<Violation> second = audit.run(client, set(objects, true));
        long again = cpu() - start;
        out.printf(
                "again with 1 %% changed: %d violations, %d reviewed, thread CPU %.3f s, %.0f times faster%n",
                second.size(), audit.reviewed(), again / 1e9, (double) full / again);
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        out.printf("heap in use: %d MiB%n", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private static ManifestSet set(List<JsonObject> objects, boolean changed) {
        List<Manifest> manifests = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            JsonObject object = objects.get(i);
            if (changed && i % 100 == 0) {
                JsonObject metadata = object.object("metadata");
                object = object.with(
                        "metadata",
                        metadata.with(
                                "annotations", metadata.object("annotations").with("changed", "yes")));
            }
            manifests.add(Manifest.trusted(object, Origin.memory()));
        }
        return ManifestSet.of(manifests).orThrow();
    }

    private static List<JsonObject> read(Path file) throws Exception {
        List<JsonObject> objects = new ArrayList<>();
        for (Json json : YamlReader.kubectl()
                .withLimits(Limits.builder().documents(1_000_000).build())
                .readAll(file.toString(), Files.readString(file))
                .orThrow()) {
            if (json instanceof JsonObject object) {
                objects.add(object);
            }
        }
        return objects;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double processCpu() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(java.time.Duration::toMillis)
                        .orElse(0L)
                / 1e3;
    }
}
