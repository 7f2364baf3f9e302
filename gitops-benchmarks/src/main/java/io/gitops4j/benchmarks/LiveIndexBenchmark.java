package io.gitops4j.benchmarks;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.engine.ApplicationController;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.MemoryApplications;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import io.gitops4j.sync.Refresh;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Heap of a controller by its budget of whole manifests, over a cluster whose objects are parsed anew for every answer, as from a
 * wire: 1,000 applications of 50 objects of about 3 KiB in memory, and as many objects again that nobody manages.
 */
public final class LiveIndexBenchmark {
    private static final String URL = "https://git.example.com/bench";
    private static final int APPLICATIONS = 1_000;
    private static final int OBJECTS = 50;

    private LiveIndexBenchmark() {}

    /** Prints a line a budget. */
    public static void main(String[] args) {
        int applications = args.length == 0 ? APPLICATIONS : Integer.parseInt(args[0]);
        VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
        FakeGit git = FakeGit.create(time);
        FakeCluster cluster = FakeCluster.builder()
                .name("in-cluster")
                .time(time)
                .journalCapacity(0)
                .historyLimit(1_000)
                .build()
                .ensureNamespace("apps");
        FakeRepository.Change change = git.repository(URL).change("all");
        for (int app = 0; app < applications; app++) {
            StringBuilder file = new StringBuilder();
            for (int i = 0; i < OBJECTS; i++) {
                file.append("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m")
                        .append(app)
                        .append('-')
                        .append(i)
                        .append("}\ndata:\n");
                for (int key = 0; key < 10; key++) {
                    file.append("  key")
                            .append(key)
                            .append(": ")
                            .append("v".repeat(100))
                            .append('\n');
                }
                file.append("---\n");
            }
            change.file("apps/a" + app + "/all.yaml", file.toString());
        }
        change.push();
        MemoryApplications store = new MemoryApplications();
        for (int app = 0; app < applications; app++) {
            store.put(application("a" + app));
        }
        ApplicationController first = ApplicationController.builder(gitops(git, time, cluster, 0), store)
                .build();
        first.run();
        first.run();
        first.close();
        for (int i = 0; i < applications * OBJECTS; i++) {
            cluster.create(secret(i), WriteOptions.defaults());
        }
        for (long mib : new long[] {0, 0, 16, 64, 128, 1024}) {
            measure(git, time, cluster, store, applications, mib);
        }
    }

    private static void measure(
            FakeGit git, VirtualTime time, FakeCluster cluster, MemoryApplications store, int applications, long mib) {
        store.reread();
        long before = usedMiB();
        long start = System.nanoTime();
        ApplicationController controller = ApplicationController.builder(gitops(git, time, cluster, mib << 20), store)
                .access(Wire::new)
                .build();
        controller.run();
        double compared = (System.nanoTime() - start) / 1e9;
        long held = usedMiB() - before;
        start = System.nanoTime();
        for (int app = 0; app < applications; app++) {
            controller.refresh("a" + app, Refresh.Level.LATEST);
        }
        controller.run();
        double noop = (System.nanoTime() - start) / 1e9;
        long synced = controller.applications().stream()
                .filter(app -> app.status().object("sync").text("status", "").equals("Synced"))
                .count();
        System.out.printf(
                Locale.ROOT,
                "budget %d MiB: %d MiB held, first comparison of all %.1f s, no-op reconcile of all %.2f s, %d synced%n",
                mib,
                held,
                compared,
                noop,
                synced);
        controller.close();
    }

    private static GitOps gitops(FakeGit git, VirtualTime time, FakeCluster cluster, long budget) {
        return GitOps.builder(git, time)
                .health(HealthChecks.standard())
                .cluster(cluster)
                .limits(Limits.builder().manifestBytes(budget).build())
                .build();
    }

    private static JsonObject secret(int number) {
        JsonObject.Builder data = JsonObject.builder();
        for (int key = 0; key < 10; key++) {
            data.put("key" + key, Json.of("dmFs".repeat(25)));
        }
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("metadata", JsonObject.of("name", Json.of("s" + number), "namespace", Json.of("apps")))
                .put("data", data.build())
                .build();
    }

    private static Application application(String name) {
        return Application.trusted(
                (JsonObject) JsonReader.parse("""
                {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "%s"},
                 "spec": {"source": {"repoURL": "%s", "targetRevision": "main", "path": "apps/%s"},
                          "destination": {"name": "in-cluster", "namespace": "apps"},
                          "syncPolicy": {"automated": {"prune": true, "selfHeal": true}}}}
                """.formatted(name, URL, name)).orThrow());
    }

    private static long usedMiB() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    /** A cluster whose answers share nothing with what it keeps. */
    private static final class Wire implements Cluster {
        private final Cluster cluster;

        Wire(Cluster cluster) {
            this.cluster = cluster;
        }

        private static JsonObject sent(JsonObject object) {
            return (JsonObject) JsonReader.parse(object.toJson()).orThrow();
        }

        private static ListPage sent(ListPage page) {
            List<JsonObject> items = new ArrayList<>();
            page.items().forEach(item -> items.add(sent(item)));
            return new ListPage(items, page.resourceVersion(), page.continueToken(), page.remaining());
        }

        @Override
        public String name() {
            return cluster.name();
        }

        @Override
        public String server() {
            return cluster.server();
        }

        @Override
        public Optional<JsonObject> get(ObjectRef ref) {
            return cluster.get(ref).map(Wire::sent);
        }

        @Override
        public ListPage list(ListQuery query) {
            return sent(cluster.list(query));
        }

        @Override
        public ListPage listMetadata(ListQuery query) {
            return sent(cluster.listMetadata(query));
        }

        @Override
        public Watch watch(ListQuery query) {
            Watch watch = cluster.watch(query);
            return new Watch() {
                @Override
                public Optional<WatchEvent> poll() {
                    return watch.poll().map(event -> new WatchEvent(event.type(), sent(event.object())));
                }

                @Override
                public boolean ended() {
                    return watch.ended();
                }

                @Override
                public void onAvailable(Runnable wakeUp) {
                    watch.onAvailable(wakeUp);
                }

                @Override
                public void close() {
                    watch.close();
                }
            };
        }

        @Override
        public JsonObject create(JsonObject object, WriteOptions options) {
            return sent(cluster.create(object, options));
        }

        @Override
        public JsonObject replace(ObjectRef ref, JsonObject object, WriteOptions options) {
            return sent(cluster.replace(ref, object, options));
        }

        @Override
        public JsonObject patch(ObjectRef ref, PatchType type, Json patch, WriteOptions options) {
            return sent(cluster.patch(ref, type, patch, options));
        }

        @Override
        public JsonObject delete(ObjectRef ref, DeleteOptions options) {
            return sent(cluster.delete(ref, options));
        }

        @Override
        public List<ApiResource> resources() {
            return cluster.resources();
        }

        @Override
        public Optional<JsonObject> schema(Gvk gvk) {
            return cluster.schema(gvk);
        }

        @Override
        public String version() {
            return cluster.version();
        }
    }
}
