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
import io.gitops4j.spi.TaskRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Audits many objects by many constraints, as {@code gator test} does, and again with one object in a hundred changed. Arguments: a
 * file of templates and constraints, a file of objects, {@code cel} or {@code rego} for whether to run the CEL of the templates that
 * have some, and the number of threads (default 1). Time by the clock and CPU time of the whole process, reading included, and of the
 * audits alone.
 */
public final class PolicyAuditBenchmark {
    private PolicyAuditBenchmark() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        ExecutorService executor = Executors.newFixedThreadPool(args.length > 3 ? Integer.parseInt(args[3]) : 1);
        TaskRunner tasks = args.length > 3 ? new Spread(executor) : TaskRunner.sequential();
        try {
            run(args, tasks, out);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void run(String[] args, TaskRunner tasks, PrintStream out) throws IOException {
        List<JsonObject> policies = read(Path.of(args[0]), tasks);
        List<JsonObject> objects = read(Path.of(args[1]), tasks);
        Gatekeeper.Builder builder = Gatekeeper.builder().tasks(tasks);
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
        long start = System.nanoTime();
        List<Violation> first = audit.run(client, set(objects, false), tasks);
        long full = System.nanoTime() - start;
        out.printf(
                "audit: %d violations in %.2f s, process CPU so far %.2f s, %.2f s since its start%n",
                first.size(), full / 1e9, processCpu(), sinceStart());
        start = System.nanoTime();
        List<Violation> second = audit.run(client, set(objects, true), tasks);
        long again = System.nanoTime() - start;
        out.printf(
                "again with 1 %% changed: %d violations, %d reviewed in %.3f s, %.0f times faster%n",
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

    private static List<JsonObject> read(Path file, TaskRunner tasks) throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (Json json : YamlReader.kubectl()
                .withLimits(Limits.builder().documents(1_000_000).build())
                .withTasks(tasks)
                .readAll(file.toString(), Files.readString(file))
                .orThrow()) {
            if (json instanceof JsonObject object) {
                objects.add(object);
            }
        }
        return objects;
    }

    private static double sinceStart() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1e3;
    }

    /** Hands all tasks to an executor and takes the results in the order of the tasks. */
    private record Spread(ExecutorService executor) implements TaskRunner {
        @Override
        public <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results) {
            List<Future<? extends T>> waiting = new ArrayList<>();
            for (Supplier<? extends T> task : tasks) {
                waiting.add(executor.submit(task::get));
            }
            for (Future<? extends T> one : waiting) {
                try {
                    results.accept(one.get());
                } catch (InterruptedException | ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
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
