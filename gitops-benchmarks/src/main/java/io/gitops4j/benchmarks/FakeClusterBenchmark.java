package io.gitops4j.benchmarks;

import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.FakeCluster;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@link FakeCluster} can take, printed one figure a line: start, writes a second of CPU time, watchers without loss,
 * memory an object.
 * A program and not a JMH benchmark, because it measures memory and fan-out as well as time. Run with {@code -Xmx1g}.
 */
public final class FakeClusterBenchmark {
    private static final WriteOptions OPTIONS = WriteOptions.defaults();
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default, labels: {app: web}}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: registry.example.com/web:1.2.3
                    ports: [{containerPort: 8080}]
                    resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
                    readinessProbe: {httpGet: {path: /ready, port: 8080}}
            """;

    private FakeClusterBenchmark() {}

    /** Runs everything. */
    public static void main(String[] args) {
        start();
        writes();
        watchers(10_000, 200);
        memory(100_000);
    }

    private static FakeCluster cluster() {
        return FakeCluster.builder().journalCapacity(0).build();
    }

    private static void start() {
        long first = nanos(FakeCluster::create);
        long later = nanos(FakeCluster::create);
        print("start, first in the process (ms)", first / 1e6);
        print("start, again (ms)", later / 1e6);
    }

    private static void writes() {
        JsonObject deployment =
                (JsonObject) YamlReader.kubectl().read("d", DEPLOYMENT).orThrow();
        for (int round = 0; round < 3; round++) {
            FakeCluster cluster = cluster();
            int count = 20_000;
            long maps = nanos(() -> {
                for (int i = 0; i < count; i++) {
                    cluster.create(configMap(i), OPTIONS);
                }
            });
            long patches = nanos(() -> {
                for (int i = 0; i < count; i++) {
                    cluster.patch(
                            ObjectRef.of(CONFIG_MAP, "default", "cm-" + i),
                            PatchType.MERGE,
                            JsonObject.of("data", JsonObject.of("k", Json.of("w" + i))),
                            OPTIONS);
                }
            });
            long deployments = nanos(() -> {
                for (int i = 0; i < count; i++) {
                    cluster.create(named(deployment, i), OPTIONS);
                }
            });
            if (round == 2) {
                print("creates of ConfigMaps a second", count / (maps / 1e9));
                print("merge patches of ConfigMaps a second", count / (patches / 1e9));
                print("creates of Deployments a second", count / (deployments / 1e9));
            }
        }
    }

    private static void watchers(int watchers, int events) {
        FakeCluster cluster = cluster();
        List<Watch> watches = new ArrayList<>();
        int[] woken = new int[1];
        for (int i = 0; i < watchers; i++) {
            Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP));
            watch.onAvailable(() -> woken[0]++);
            watches.add(watch);
        }
        long time = nanos(() -> {
            for (int i = 0; i < events; i++) {
                cluster.create(configMap(i), OPTIONS);
            }
            for (Watch watch : watches) {
                int seen = 0;
                for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
                    String name = event.get().object().object("metadata").text("name", "");
                    if (!name.equals("cm-" + seen)) {
                        throw new IllegalStateException("lost or out of order: " + name + " at " + seen);
                    }
                    seen++;
                }
                if (seen != events) {
                    throw new IllegalStateException("seen " + seen + " of " + events);
                }
            }
        });
        print("events delivered to " + watchers + " watchers a second", (double) watchers * events / (time / 1e9));
        print("wake-ups", woken[0]);
    }

    private static void memory(int objects) {
        JsonObject deployment =
                (JsonObject) YamlReader.kubectl().read("d", DEPLOYMENT).orThrow();
        FakeCluster cluster = cluster();
        long before = used();
        for (int i = 0; i < objects; i++) {
            cluster.apply(
                    ObjectRef.of(named(deployment, i)),
                    named(deployment, i),
                    OPTIONS.withFieldManager("argocd-controller"));
        }
        long after = used();
        print("memory of " + objects + " Deployments (MiB)", (after - before) / 1048576.0);
        print("revision", Long.parseLong(cluster.list(ListQuery.of(CONFIG_MAP)).resourceVersion()));
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static JsonObject named(JsonObject object, int number) {
        return object.with("metadata", object.object("metadata").with("name", "web-" + number));
    }

    private static JsonObject configMap(int number) {
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", "cm-" + number)
                                .put("namespace", "default")
                                .build())
                .put("data", JsonObject.of("k", Json.of("v" + number)))
                .build();
    }

    /** CPU time of this thread, which does all the work: the same figure on a quiet machine and on a busy one. */
    private static long nanos(Runnable work) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        work.run();
        return threads.getCurrentThreadCpuTime() - start;
    }

    private static void print(String what, double figure) {
        System.out.println(String.format(Locale.ROOT, "%-60s %,.1f", what, figure));
    }
}
