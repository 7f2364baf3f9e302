package io.gitops4j.benchmarks;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.engine.ApplicationController;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.MemoryApplications;
import io.gitops4j.engine.Preview;
import io.gitops4j.engine.PreviewReport;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import io.gitops4j.sync.Refresh;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.VirtualTime;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * Figures of a controller of many Applications and of a preview over them, on clusters in memory. Each figure is the best of
 * five, wall clock and CPU time of this thread; the first pass of all is warm-up.
 */
public final class ApplicationBenchmark {
    private static final String URL = "https://git.example.com/bench";
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: web, image: 'web:1'}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            """;

    private ApplicationBenchmark() {}

    /** Runs all figures, or those whose name holds the first argument. */
    public static void main(String[] args) throws Exception {
        String only = args.length == 0 ? "" : args[0];
        if ("noop".contains(only)) {
            noop(100, 50);
            noop(300, 50);
            noop(1_000, 50);
        }
        if ("change".contains(only)) {
            change(1_000, 5);
            change(3_000, 5);
            change(10_000, 5);
        }
        if ("preview".contains(only)) {
            preview(100);
            preview(300);
            preview(1_000);
        }
    }

    // ---- the controller

    private static final class World {
        final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
        final FakeGit git = FakeGit.create(time);
        final FakeCluster cluster = FakeCluster.builder()
                .name("in-cluster")
                .time(time)
                .journalCapacity(0)
                .historyLimit(1_000)
                .build()
                .ensureNamespace("apps");
        final MemoryApplications store = new MemoryApplications();
        final GitOps gitops = GitOps.builder(git, time)
                .renderer(new KustomizeRenderer())
                .health(HealthChecks.standard())
                .cluster(cluster)
                .build();
        final ApplicationController controller =
                ApplicationController.builder(gitops, store).build();

        World(int applications, int objects) {
            FakeRepository.Change change = git.repository(URL).change("all");
            for (int app = 0; app < applications; app++) {
                StringBuilder file = new StringBuilder();
                for (int i = 0; i < objects; i++) {
                    file.append("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m")
                            .append(app)
                            .append('-')
                            .append(i)
                            .append("}\ndata: {a: 'value', b: 'another'}\n---\n");
                }
                change.file("apps/a" + app + "/all.yaml", file.toString());
            }
            change.push();
            for (int app = 0; app < applications; app++) {
                store.put(application("a" + app, "apps/a" + app));
            }
            controller.run();
            controller.run();
        }
    }

    private static Application application(String name, String path) {
        JsonObject source = JsonObject.builder()
                .put("repoURL", URL)
                .put("targetRevision", "main")
                .put("path", path)
                .build();
        JsonObject destination = JsonObject.of("name", Json.of("in-cluster"), "namespace", Json.of("apps"));
        JsonObject automated =
                JsonObject.builder().put("prune", true).put("selfHeal", true).build();
        return Application.trusted(JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Application")
                .put("metadata", JsonObject.of("name", Json.of(name)))
                .put(
                        "spec",
                        JsonObject.builder()
                                .put("source", source)
                                .put("destination", destination)
                                .put("syncPolicy", JsonObject.of("automated", automated))
                                .build())
                .build());
    }

    private static void noop(int applications, int objects) throws Exception {
        long before = usedMiB();
        World world = new World(applications, objects);
        long held = usedMiB() - before;
        best(
                "no-op reconcile of " + applications + " x " + objects + ", " + held + " MiB held with the cluster",
                () -> {
                    for (int app = 0; app < applications; app++) {
                        world.controller.refresh("a" + app, Refresh.Level.LATEST);
                    }
                    world.controller.run();
                    return synced(world, applications);
                });
    }

    private static void change(int applications, int objects) throws Exception {
        World world = new World(applications, objects);
        int[] round = {0};
        best("one change of an object among " + applications + " applications, healed", () -> {
            int app = (round[0]++ * 37) % applications;
            world.cluster.patch(
                    ObjectRef.of(CONFIG_MAP, "apps", "m" + app + "-0"),
                    PatchType.MERGE,
                    JsonObject.of("data", JsonObject.of("a", Json.of("by hand"))),
                    WriteOptions.defaults());
            world.controller.run();
            world.time.advance(java.time.Duration.ofSeconds(1));
            return world.cluster
                    .get(ObjectRef.of(CONFIG_MAP, "apps", "m" + app + "-0"))
                    .orElseThrow()
                    .object("data")
                    .text("a", "")
                    .equals("value");
        });
    }

    private static boolean synced(World world, int applications) {
        return world.controller.applications().stream()
                        .filter(app ->
                                app.status().object("sync").text("status", "").equals("Synced"))
                        .count()
                == applications;
    }

    // ---- the preview

    private static void preview(int applications) throws Exception {
        VirtualTime time = VirtualTime.create();
        FakeGit git = FakeGit.create(time);
        FakeRepository repository = git.repository(URL);
        FakeRepository.Change change = repository.change("base");
        change.file("base/kustomization.yaml", "resources: [web.yaml]\n");
        change.file("base/web.yaml", WEB);
        for (int app = 0; app < applications; app++) {
            for (String cluster : new String[] {"eu", "us", "asia"}) {
                String name = "a" + app + "-" + cluster;
                change.file(
                        "overlays/" + name + "/kustomization.yaml",
                        "resources: [../../base]\nnamePrefix: " + name + "-\n");
                change.file("apps/" + name + ".yaml", """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Application
                        metadata: {name: %s}
                        spec:
                          source: {repoURL: %s, targetRevision: main, path: overlays/%s}
                          destination: {name: %s, namespace: shop}
                        """.formatted(name, URL, name, cluster));
            }
        }
        change.push();
        GitOps gitops =
                GitOps.builder(git, time).renderer(new KustomizeRenderer()).build();
        Preview preview = new Preview(gitops, Limits.defaults());
        preview.between(URL, "main", "main").orThrow();
        int[] round = {0};
        best("preview of " + applications + " x 3 with one changed overlay, base warm", () -> {
            String base = repository.head("main");
            repository
                    .change("overlay")
                    .file(
                            "overlays/a" + round[0]++ + "-eu/kustomization.yaml",
                            "resources: [../../base]\nnamePrefix: changed-\n")
                    .push();
            PreviewReport report = preview.between(URL, base, "main").orThrow();
            return report.changes().size() == 1 && report.applications() == 3 * applications;
        });
    }

    // ---- figures

    private static void best(String what, Callable<Boolean> work) throws Exception {
        work.call();
        double wall = Double.MAX_VALUE;
        double cpu = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long start = System.nanoTime();
            boolean right = work.call();
            wall = Math.min(wall, (System.nanoTime() - start) / 1e6);
            cpu = Math.min(cpu, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart) / 1e6);
            if (!right) {
                throw new IllegalStateException("wrong: " + what);
            }
        }
        System.out.printf(Locale.ROOT, "%s: %.1f ms (CPU %.1f ms)%n", what, wall, cpu);
    }

    private static long usedMiB() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }
}
