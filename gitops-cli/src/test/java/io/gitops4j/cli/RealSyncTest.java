package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.SyncOutcome;
import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.k8s.CallPool;
import io.gitops4j.k8s.ClientOptions;
import io.gitops4j.k8s.Kubeconfig;
import io.gitops4j.k8s.KubernetesCluster;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.rollout.controller.RolloutController;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.GitWriter;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.real.FaultProxy;
import io.gitops4j.testkit.real.FaultProxy.Fault;
import io.gitops4j.testkit.real.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Syncs real API servers, with faults and figures. Runs under {@code -Preal}; figures are printed with the load they were
 * measured under.
 */
class RealSyncTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    private static final ClientOptions CLIENT =
            ClientOptions.defaults().withRate(0, 1).withRetries(8);

    /** Rounds that are not counted, until the code of both is compiled. */
    private static final int WARM_UP = 3;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Runnable> cleanUp = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        cleanUp.forEach(Runnable::run);
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    // ---- the example

    @Test
    void exampleRepository_onTwoServers_isSynced_andDriftIsHealedWithinTwoSeconds() throws Exception {
        RealCluster a = RealCluster.named("cluster-a");
        RealCluster b = RealCluster.named("cluster-b");
        Map<String, String> files = new LinkedHashMap<>();
        Map<String, String> app = new LinkedHashMap<>();
        ExampleFiles.read().forEach((path, content) -> {
            files.put(path, content.utf8());
            if (path.startsWith("apps/myapp/")) {
                app.put("kustomize/" + path.substring("apps/myapp/".length()), content.utf8());
            }
        });
        repository("infrastructure", files);
        repository("myapp", app);
        for (RealCluster each : List.of(a, b)) {
            KubernetesCluster cluster = open(each.kubeconfig());
            for (String file : List.of("bootstrap/argocd.yaml", "bootstrap/sealed-secrets.yaml")) {
                bootstrap(cluster, files.getOrDefault(file, ""));
            }
        }
        String[] where = {
            "sync",
            "myapp-production",
            "myapp-progressive",
            "myapp-staging",
            "common-staging",
            "--repo",
            folder.resolve("infrastructure.git").toString(),
            "--map",
            "https://github.com/org/infrastructure=" + folder.resolve("infrastructure.git"),
            "--map",
            "https://github.com/org/myapp=" + folder.resolve("myapp.git"),
            "--kubeconfig",
            a.kubeconfig().toString(),
            "--kubeconfig",
            b.kubeconfig().toString(),
            "--context",
            "https://kubernetes.default.svc=cluster-a",
            "--context",
            "staging=cluster-b",
            "--state",
            folder.resolve("state").toString()
        };
        String first = program(300, where);
        assertThat(first).contains("myapp-production: SUCCEEDED").contains("myapp-staging: SUCCEEDED");
        String second = program(120, where);
        assertThat(second.lines().filter(line -> line.contains("SUCCEEDED")))
                .hasSize(4)
                .allMatch(line -> line.contains("0 writes"));

        List<String> watching = new ArrayList<>(List.of(where));
        watching.add("--watch");
        Process process = start(folder.resolve("watch.txt"), watching.toArray(String[]::new));
        try {
            await(
                    120,
                    () -> read("watch.txt").contains("watching cluster-a")
                            && read("watch.txt").contains("watching staging"));
            TimeUnit.SECONDS.sleep(5);
            List<Long> millis = new ArrayList<>();
            millis.add(heals(open(a.kubeconfig()), "production"));
            millis.add(heals(open(b.kubeconfig()), "staging"));
            figure("drift healed after (ms), two servers", millis);
            assertThat(millis).allMatch(ms -> ms < (loaded() ? 10_000 : 2_000));
        } finally {
            process.destroy();
            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static long heals(KubernetesCluster cluster, String namespace) throws Exception {
        ObjectRef ref = ObjectRef.of(DEPLOYMENT, namespace, "myapp");
        Json image = image(cluster, ref);
        long start = System.nanoTime();
        cluster.patch(
                ref,
                PatchType.JSON,
                yaml("{p: [{op: replace, path: /spec/template/spec/containers/0/image, value: 'myapp:drift'}]}")
                        .array("p"),
                WriteOptions.defaults().withFieldManager("kubectl-edit"));
        await(60, () -> image(cluster, ref).equals(image));
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static Json image(KubernetesCluster cluster, ObjectRef ref) {
        Json image = cluster.get(ref).orElseThrow().find("spec", "template", "spec", "containers", "0", "image");
        return image == null ? Json.nul() : image;
    }

    // ---- figures

    @Test
    void thousandObjects_areSyncedAsFastAsAPlainLoop_andTheSecondSyncWritesNothing() throws Exception {
        boolean loaded = loaded();
        RealCluster real = RealCluster.named("cluster-a");
        KubernetesCluster cluster = open(real.kubeconfig());
        int count = Integer.getInteger("gitops4j.objects", 1000);
        CallPool pool = later(new CallPool(8));
        GitOps gitops = gitops(cluster, pool);
        Rounds rounds = new Rounds(real, count);
        // The first rounds of each warm up client and server; then one after the other, so that both see the same
        // machine.
        Application last = null;
        for (int i = 0; i < WARM_UP + Integer.getInteger("gitops4j.rounds", 5); i++) {
            loop(rounds, i, cluster, pool);
            if (last != null) {
                empty(cluster, last.destination().namespace());
            }
            last = application("direct" + i, namespace(cluster), "ServerSideApply=true", count);
            Application application = last;
            rounds.run(i < WARM_UP ? "warm up" : "sync", () -> firstSync(gitops, application));
        }
        Application tried = application("tried", namespace(cluster), "ServerSideApply=true\", \"DryRun=server", count);
        rounds.run("with DryRun=server", () -> firstSync(gitops, tried));
        Application merged = application("merged", namespace(cluster), "Validate=true", count);
        rounds.run("client-side", () -> firstSync(gitops, merged));
        try (KubernetesClient fabric8 = fabric8(real.kubeconfig())) {
            for (int i = 0; i < 3; i++) {
                fabric8Loop(rounds, i, namespace(cluster), fabric8, pool);
            }
        }
        long start = System.nanoTime();
        SyncOutcome second = gitops.sync(java.util.Objects.requireNonNull(last));
        double again = seconds(start);
        figure(
                "objects per round " + count + ", rates (per s) and processor time (ms an object): " + rounds,
                List.of());
        figure(
                "first sync to a plain loop of 8 threads, to one of the fabric8 client; second sync (s)",
                List.of(rounds.ratio("sync", "loop"), rounds.ratio("sync", "fabric8 loop"), again));
        assertThat(second.writes()).isZero();
        assertThat(rounds.ratio("sync", "loop")).isGreaterThan(loaded ? 0.4 : 0.9);
        assertThat(rounds.ratio("sync", "fabric8 loop")).isGreaterThan(loaded ? 0.5 : 1);
        assertThat(again).isLessThan(loaded ? 10 : 2);
    }

    private void loop(Rounds rounds, int round, KubernetesCluster cluster, CallPool pool) throws Exception {
        String namespace = namespace(cluster);
        List<Supplier<JsonObject>> calls = new ArrayList<>();
        for (int i = 0; i < rounds.count(); i++) {
            JsonObject map = yaml(map("m" + i, namespace, i));
            calls.add(() -> cluster.apply(ObjectRef.of(map), map, WriteOptions.defaults()));
        }
        rounds.run(round < WARM_UP ? "warm up" : "loop", () -> pool.run(calls));
        empty(cluster, namespace);
    }

    /** Takes the objects away at once, so that no later round has to look at them. */
    private static void empty(KubernetesCluster cluster, String namespace) {
        cluster.raw("DELETE", "/api/v1/namespaces/" + namespace + "/configmaps", "application/json", "{}");
    }

    private static KubernetesClient fabric8(Path kubeconfig) throws Exception {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static void fabric8Loop(Rounds rounds, int round, String namespace, KubernetesClient client, CallPool pool)
            throws Exception {
        List<Supplier<ConfigMap>> calls = new ArrayList<>();
        for (int i = 0; i < rounds.count(); i++) {
            ConfigMap map =
                    Serialization.unmarshal(yaml(map("m" + i, namespace, i)).toJson(), ConfigMap.class);
            calls.add(() ->
                    client.resource(map).fieldManager("loop").forceConflicts().serverSideApply());
        }
        rounds.run(round == 0 ? "warm up" : "fabric8 loop", () -> pool.run(calls));
    }

    private static void firstSync(GitOps gitops, Application application) {
        SyncOutcome first = gitops.sync(application);
        assertThat(first.succeeded()).as(first.message()).isTrue();
    }

    private Application application(String name, String namespace, String options, int count) throws Exception {
        return application(name, namespace, maps(count, namespace), options);
    }

    @Test
    void driftIsSeen_soonAfterTheChange() throws Exception {
        KubernetesCluster cluster = open(RealCluster.named("cluster-a").kubeconfig());
        String namespace = namespace(cluster);
        JsonObject map = yaml(map("seen", namespace, 0));
        cluster.create(map, WriteOptions.defaults());
        List<Long> micros = new ArrayList<>();
        try (Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).in(namespace))) {
            AtomicInteger value = new AtomicInteger();
            long[] seenAt = {0};
            watch.onAvailable(() -> {
                for (Optional<WatchEvent> e = watch.poll(); e.isPresent(); e = watch.poll()) {
                    if (e.get().object().object("data").text("value", "").equals("v" + value.get())) {
                        synchronized (seenAt) {
                            seenAt[0] = System.nanoTime();
                        }
                    }
                }
            });
            for (int i = 1; i <= 40; i++) {
                value.set(i);
                synchronized (seenAt) {
                    seenAt[0] = 0;
                }
                cluster.patch(
                        ObjectRef.of(map),
                        PatchType.MERGE,
                        yaml("{data: {value: v" + i + "}}"),
                        WriteOptions.defaults());
                long answered = System.nanoTime();
                await(10, () -> {
                    synchronized (seenAt) {
                        return seenAt[0] != 0;
                    }
                });
                synchronized (seenAt) {
                    micros.add((seenAt[0] - answered) / 1000);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        micros.sort(null);
        figure("drift seen after the change was answered (us): median, 95 %", List.of(micros.get(20), micros.get(37)));
        assertThat(micros.get(20)).isLessThan(50_000);
    }

    @Test
    void tenThousandObjectsWatched_fitIntoThreeHundredMegabytes() throws Exception {
        KubernetesCluster cluster = open(RealCluster.named("cluster-a").kubeconfig());
        int count = Integer.getInteger("gitops4j.watched", 2000);
        String namespace = namespace(cluster);
        CallPool pool = later(new CallPool(16));
        List<Supplier<JsonObject>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonObject map = yaml(map("w" + i, namespace, i));
            calls.add(() -> cluster.create(map, WriteOptions.defaults()));
        }
        pool.run(calls);
        calls.clear();
        long before = heap();
        io.gitops4j.sync.ResourceIndex index =
                new io.gitops4j.sync.ResourceIndex(io.gitops4j.sync.ResourceTracking.byAnnotation());
        try (Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).in(namespace))) {
            for (Optional<WatchEvent> e = watch.poll(); e.isPresent(); e = watch.poll()) {
                index.accept(e.get());
            }
            long used = heap() - before;
            figure("heap of " + index.all().size() + " objects watched and indexed (MiB)", List.of(used >> 20));
            assertThat(index.all().size()).isGreaterThanOrEqualTo(count);
            assertThat(used).isLessThan(300L << 20);
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    // ---- faults

    @Test
    void apiServerKilledAndRestarted_inTheMiddleOfASync_losesAndDoublesNothing() throws Exception {
        RealCluster real = RealCluster.named("cluster-b");
        KubernetesCluster cluster = open(real.kubeconfig());
        String namespace = namespace(cluster);
        Map<String, String> history = history(cluster, namespace);
        Application application = application("restart", namespace, maps(300, namespace), "Validate=true");
        GitOps gitops = gitops(cluster, later(new CallPool(8)));
        CompletableFuture<SyncOutcome> running = CompletableFuture.supplyAsync(() -> gitops.sync(application));
        await(120, () -> count(cluster, namespace) >= 30 || running.isDone());
        List<String> command = real.kill();
        TimeUnit.SECONDS.sleep(1);
        real.restart(command);
        SyncOutcome outcome = running.get(180, TimeUnit.SECONDS);
        await(60, () -> answers(cluster));
        for (int i = 0; i < 5 && !outcome.succeeded(); i++) {
            outcome = gitops.sync(application);
        }
        assertThat(outcome.succeeded()).as(outcome.message()).isTrue();
        assertWrittenOnce(cluster, namespace, 300, history);
    }

    @Test
    void processKilled_inTheMiddleOfASync_isResumedByTheNext_andTheAuditShowsOneWriteAnObject() throws Exception {
        RealCluster real = RealCluster.audited("cluster-audit");
        KubernetesCluster cluster = open(real.kubeconfig());
        String namespace = namespace(cluster);
        Map<String, String> history = history(cluster, namespace);
        application("killed", namespace, maps(400, namespace), "Validate=true");
        String[] sync = {
            "sync",
            "killed",
            "--repo",
            folder.resolve("killed.git").toString(),
            "--map",
            "https://git.example.com/killed=" + folder.resolve("killed.git"),
            "--kubeconfig",
            real.kubeconfig().toString(),
            "--state",
            folder.resolve("state").toString()
        };
        Process process = start(folder.resolve("killed.txt"), sync);
        await(120, () -> count(cluster, namespace) >= 30 || !process.isAlive());
        process.destroyForcibly().waitFor();
        int left = 400 - count(cluster, namespace);
        assertThat(left).as(read("killed.txt")).isPositive();
        Process polite = start(folder.resolve("polite.txt"), sync);
        await(120, () -> 400 - count(cluster, namespace) <= left - 30 || !polite.isAlive());
        polite.destroy();
        assertThat(polite.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(program(300, sync)).contains("killed: SUCCEEDED");
        assertWrittenOnce(cluster, namespace, 400, history);
        assertAuditedOnce(real, namespace, 400);
    }

    @Test
    void firstSync_asksOnceAnObject_asTheAuditSays() throws Exception {
        RealCluster real = RealCluster.audited("cluster-audit");
        KubernetesCluster cluster = open(real.kubeconfig());
        for (String option : List.of("Validate=true", "ServerSideApply=true")) {
            String namespace = namespace(cluster);
            GitOps gitops = gitops(cluster, later(new CallPool(8)));
            String name = "audited-" + namespace;
            firstSync(gitops, application(name, namespace, maps(250, namespace), option));
            assertAuditedOnce(real, namespace, 250);
            // Beside the writes: what is there, whether it has moved on, and what would stand in the way of the dry
            // runs.
            assertThat(real.audit("/api/v1/namespaces/" + namespace)).hasSizeLessThan(250 + 10);
        }
    }

    /** The server has written each object once, and answered no other question about a single one. */
    private static void assertAuditedOnce(RealCluster real, String namespace, int count) {
        Map<String, String> seen = new LinkedHashMap<>();
        for (JsonObject event : real.audit("/api/v1/namespaces/" + namespace + "/configmaps")) {
            String name = event.object("objectRef").text("name", "");
            String verb = event.text("verb", "");
            boolean dry = event.text("requestURI", "").contains("dryRun=All");
            if (!name.isEmpty() && !name.startsWith("kube-") && !dry) {
                seen.merge(name, verb + " " + event.object("responseStatus").get("code"), (a, b) -> a + ", " + b);
            }
        }
        assertThat(seen).hasSize(count);
        assertThat(seen.values()).allMatch(calls -> calls.equals("create 201") || calls.equals("patch 201"));
    }

    @Test
    void busySlowAndCutServer_costTheSyncNothingTwice() throws Exception {
        RealCluster real = RealCluster.named("cluster-a");
        KubernetesCluster direct = open(real.kubeconfig());
        String namespace = namespace(direct);
        Map<String, String> history = history(direct, namespace);
        FaultProxy proxy = later(FaultProxy.before(real));
        KubernetesCluster cluster = open(Files.writeString(folder.resolve("proxied"), proxy.kubeconfig("proxied")));
        Application application = application("faulty", namespace, maps(200, namespace), "Validate=true");
        AtomicInteger writes = new AtomicInteger();
        proxy.faults(request -> {
            if (!request.isWrite()) {
                return Fault.pass();
            }
            int number = writes.incrementAndGet();
            return number == 20
                    ? Fault.answer(429, "1")
                    : number == 60 ? Fault.cutAfter() : number == 100 ? Fault.late(1500) : Fault.pass();
        });
        SyncOutcome outcome = gitops(cluster, later(new CallPool(8))).sync(application);
        assertThat(outcome.succeeded()).as(outcome.message()).isTrue();
        assertThat(writes.get()).isBetween(200, 215);
        assertWrittenOnce(direct, namespace, 200, history);
    }

    /** Everything that happens to the ConfigMaps of a namespace from now on, by name. */
    private Map<String, String> history(KubernetesCluster cluster, String namespace) {
        Map<String, String> seen = new LinkedHashMap<>();
        Watch watch = later(cluster.watch(ListQuery.of(CONFIG_MAP).in(namespace)));
        watch.onAvailable(() -> {
            synchronized (seen) {
                for (Optional<WatchEvent> e = watch.poll(); e.isPresent(); e = watch.poll()) {
                    String name = e.get().object().object("metadata").text("name", "");
                    if (e.get().type() != WatchEvent.Type.BOOKMARK && !name.startsWith("kube-")) {
                        seen.merge(name, e.get().type().name(), (a, b) -> a + " " + b);
                    }
                }
            }
        });
        return seen;
    }

    /** Nothing is missing, and no object has been written again after it was created. */
    private static void assertWrittenOnce(
            KubernetesCluster cluster, String namespace, int count, Map<String, String> history) throws Exception {
        await(30, () -> {
            synchronized (history) {
                return history.size() == count;
            }
        });
        synchronized (history) {
            assertThat(history.values()).allMatch(events -> events.equals("ADDED"));
        }
        List<JsonObject> items = new ArrayList<>();
        String token = "";
        do {
            var page = cluster.list(ListQuery.of(CONFIG_MAP).in(namespace).page(500, token));
            items.addAll(page.items());
            token = page.continueToken();
        } while (!token.isEmpty());
        items.removeIf(item -> item.object("metadata").text("name", "").startsWith("kube-"));
        assertThat(items).hasSize(count);
        for (JsonObject item : items) {
            JsonObject metadata = item.object("metadata");
            assertThat(metadata.array("managedFields").size())
                    .as(metadata.text("name"))
                    .isEqualTo(1);
            JsonObject entry = (JsonObject) metadata.array("managedFields").get(0);
            // A second write by the same manager would carry a later time or version than the creation.
            assertThat(entry.text("time")).isEqualTo(metadata.text("creationTimestamp"));
        }
    }

    // ---- a canary

    @Test
    void canary_withPodsOfARealCluster_runsToItsEnd() throws Exception {
        KubernetesCluster cluster = open(RealCluster.named("cluster-a").kubeconfig());
        bootstrap(cluster, ExampleFiles.read().get("bootstrap/argocd.yaml").utf8());
        String namespace = namespace(cluster);
        String rollout = """
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: web, namespace: %s}
                spec:
                  replicas: 4
                  selector: {matchLabels: {app: web}}
                  strategy:
                    canary:
                      steps: [{setWeight: 25}, {pause: {duration: 1s}}, {setWeight: 50}, {pause: {duration: 1s}}]
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: "web:1"}]}
                """.formatted(namespace);
        ObjectRef ref = ObjectRef.of(yaml(rollout));
        cluster.apply(ref, yaml(rollout), WriteOptions.defaults());
        RolloutController controller = new RolloutController(cluster, event -> {});
        List<String> phases = new ArrayList<>();
        drive(controller, cluster, ref, phases);
        cluster.apply(ref, yaml(rollout.replace("web:1", "web:2")), WriteOptions.defaults());
        long start = System.nanoTime();
        drive(controller, cluster, ref, phases);
        figure("canary of 4 steps on a real cluster (s)", List.of(seconds(start)));
        JsonObject done = cluster.get(ref).orElseThrow();
        assertThat(done.object("status").text("phase")).isEqualTo("Healthy");
        assertThat(done.object("status").text("stableRS"))
                .isEqualTo(done.object("status").text("currentPodHash"));
        assertThat(phases).contains("Progressing", "Paused", "Healthy");
        List<JsonObject> pods = cluster.list(
                        ListQuery.of(new Gvk("", "v1", "Pod")).in(namespace))
                .items();
        await(
                60,
                () -> cluster.list(ListQuery.of(new Gvk("", "v1", "Pod")).in(namespace)).items().stream()
                        .allMatch(pod -> Json.of("web:2").equals(pod.find("spec", "containers", "0", "image"))));
        assertThat(pods).isNotEmpty();
    }

    private static void drive(
            RolloutController controller, KubernetesCluster cluster, ObjectRef ref, List<String> phases)
            throws Exception {
        String wanted = cluster.get(ref).orElseThrow().object("metadata").get("generation") + "";
        await(180, () -> {
            controller.reconcile(ref.namespace(), ref.name(), Instant.now());
            JsonObject status = cluster.get(ref).orElseThrow().object("status");
            String phase = status.text("phase", "");
            if (phases.isEmpty() || !phases.get(phases.size() - 1).equals(phase)) {
                phases.add(phase);
            }
            return phase.equals("Healthy") && wanted.equals(status.text("observedGeneration", ""));
        });
    }

    // ---- small things

    private KubernetesCluster open(Path kubeconfig) {
        return later(Kubeconfig.read(kubeconfig).orThrow().open("", CLIENT).orThrow());
    }

    private <T extends AutoCloseable> T later(T closed) {
        open.add(0, closed);
        return closed;
    }

    private String namespace(KubernetesCluster cluster) {
        String name = "real-" + Long.toString(System.nanoTime(), 36);
        cluster.create(
                yaml("{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}"), WriteOptions.defaults());
        cleanUp.add(
                () -> cluster.delete(ObjectRef.of(new Gvk("", "v1", "Namespace"), "", name), DeleteOptions.defaults()));
        return name;
    }

    private static void bootstrap(KubernetesCluster cluster, String text) throws Exception {
        List<Json> objects = YamlReader.kubectl().readAll("bootstrap", text).orThrow();
        for (Json object : objects) {
            JsonObject body = (JsonObject) object;
            ObjectRef ref = ObjectRef.of(body);
            await(30, () -> {
                if (cluster.resource(ref.gvk()).isEmpty()) {
                    cluster.refreshDiscovery();
                    return false;
                }
                try {
                    cluster.apply(
                            ref,
                            body,
                            WriteOptions.defaults()
                                    .withFieldManager("bootstrap")
                                    .withForce(true));
                    return true;
                } catch (io.gitops4j.cluster.ApiException notYet) {
                    return !notYet.isNotFound();
                }
            });
        }
        cluster.refreshDiscovery();
    }

    private static int count(KubernetesCluster cluster, String namespace) {
        try {
            return (int) cluster.list(ListQuery.of(CONFIG_MAP).in(namespace)).items().stream()
                    .filter(item -> !item.object("metadata").text("name", "").startsWith("kube-"))
                    .count();
        } catch (io.gitops4j.problem.GitOpsException down) {
            return 0;
        }
    }

    private static boolean answers(KubernetesCluster cluster) {
        try {
            return !cluster.version().isEmpty();
        } catch (io.gitops4j.problem.GitOpsException down) {
            return false;
        }
    }

    private GitOps gitops(KubernetesCluster cluster, CallPool pool) {
        return Engines.builder(
                        url -> JGitAccess.builder()
                                .build()
                                .openLocal(folder.resolve(url.substring(url.lastIndexOf('/') + 1) + ".git"))
                                .map(repository -> (GitRepository) repository),
                        InstantSource.system())
                .cluster(AliasedCluster.of(cluster, "https://kubernetes.default.svc"))
                .batch(pool::run)
                .build();
    }

    private Application application(String name, String namespace, String manifests, String option) throws Exception {
        String body = """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: %s, namespace: argocd}
                spec:
                  project: default
                  source: {repoURL: "https://git.example.com/%s", targetRevision: main, path: deploy}
                  destination: {server: "https://kubernetes.default.svc", namespace: %s}
                  syncPolicy: {automated: {selfHeal: true}, syncOptions: ["%s"]}
                """.formatted(name, name, namespace, option);
        repository(name, Map.of("app.yaml", body, "deploy/all.yaml", manifests));
        return Application.of(Manifest.trusted(yaml(body), Origin.memory())).orThrow();
    }

    private void repository(String name, Map<String, String> files) throws Exception {
        Path place = folder.resolve(name + ".git");
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(place.toFile()).setBare().build()) {
            repository.create(true);
            repository.updateRef("HEAD").link("refs/heads/main");
        }
        Map<String, Optional<Bytes>> content = new LinkedHashMap<>();
        files.forEach((path, text) -> content.put(path, Optional.of(Bytes.utf8(text))));
        try (JGitRepository opened =
                JGitAccess.builder().build().openLocal(place).orThrow()) {
            opened.commit(new GitWriter.Change(
                            "main", Optional.empty(), content, "Begin\n", "Test <test@example.com>", Instant.EPOCH))
                    .orThrow();
        }
    }

    private static String maps(int count, String namespace) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < count; i++) {
            out.append("---\n").append(map("m" + i, namespace, i)).append('\n');
        }
        return out.toString();
    }

    private static String map(String name, String namespace, int number) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: " + namespace
                + ", labels: {app: shop, tier: web}}, data: {value: v" + number
                + ", text: 'some lines of configuration, as they are usual'}}";
    }

    private Process start(Path output, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                GitOpsCli.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private String program(int seconds, String... arguments) throws Exception {
        Path output = Files.createTempFile(folder, "out", ".txt");
        Process process = start(output, arguments);
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (java.io.IOException e) {
            return "";
        }
    }

    private static void await(int seconds, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end)
                    .as("waited longer than " + seconds + " s")
                    .isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static double seconds(long start) {
        return Math.round((System.nanoTime() - start) / 1e6) / 1000.0;
    }

    private static boolean loaded() {
        return load() > 3;
    }

    private static double load() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void figure(String what, List<?> values) {
        System.out.println("figure: " + what + ": " + values + " at load " + Math.round(load()));
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
