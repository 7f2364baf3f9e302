package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.EventSink;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.http.FakeClusterServer;
import io.gitops4j.testkit.real.FaultProxy;
import io.gitops4j.testkit.real.FaultProxy.Fault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter when the server or the way to it fails, with the in-memory API server behind a proxy that makes faults. */
class FaultsTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final WriteOptions OPTIONS = WriteOptions.defaults();

    @TempDir
    Path folder;

    private FakeClusterServer server;
    private FaultProxy proxy;
    private KubernetesCluster cluster;

    @BeforeEach
    void start() throws Exception {
        server = FakeClusterServer.start(
                FakeCluster.builder().name("fake").namespaces("app").build(), 0);
        proxy = FaultProxy.before(server.url());
        cluster = open(ClientOptions.defaults().withTimeout(Duration.ofSeconds(60)));
        cluster.resources();
    }

    private KubernetesCluster open(ClientOptions options) throws Exception {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), proxy.kubeconfig("fake"));
        return Kubeconfig.read(kubeconfig).orThrow().open("", options).orThrow();
    }

    @AfterEach
    void stop() {
        cluster.close();
        proxy.close();
        server.close();
    }

    @Test
    void create_whoseAnswerIsLost_isFoundAndDoneOnce() {
        AtomicInteger lost = new AtomicInteger();
        proxy.faults(request ->
                request.method().equals("POST") && lost.getAndIncrement() == 0 ? Fault.cutAfter() : Fault.pass());

        JsonObject created = cluster.create(map("a", "1"), OPTIONS);

        assertThat(created.object("metadata").text("uid", "")).isNotEmpty();
        assertThat(proxy.requests().stream().filter(r -> r.method().equals("POST")))
                .hasSize(1);
    }

    @Test
    void create_whoseAnswerIsLost_butTheObjectIsSomebodyElses_fails() {
        cluster.create(map("a", "theirs"), OPTIONS.withFieldManager("them"));
        proxy.faults(request -> request.method().equals("POST") ? Fault.cutBefore() : Fault.pass());

        assertThatThrownBy(() -> cluster.create(map("a", "ours"), OPTIONS))
                .isInstanceOfSatisfying(
                        GitOpsException.class, e -> assertThat(e.code()).isEqualTo("CLUSTER_UNREACHABLE"));
    }

    @Test
    void apply_whoseAnswerIsLost_isRepeatedAndChangesNothingTwice() {
        AtomicInteger calls = new AtomicInteger();
        proxy.faults(request ->
                request.method().equals("PATCH") && calls.getAndIncrement() == 0 ? Fault.cutAfter() : Fault.pass());
        JsonObject applied = cluster.apply(ref("a"), map("a", "1"), OPTIONS);

        proxy.faults(request -> Fault.pass());
        assertThat(calls).hasValue(2);
        assertThat(cluster.apply(ref("a"), map("a", "1"), OPTIONS)
                        .object("metadata")
                        .text("resourceVersion"))
                .isEqualTo(applied.object("metadata").text("resourceVersion"));
    }

    @Test
    void write_whoseAnswerIsLost_isNotRepeated() {
        cluster.create(map("a", "1"), OPTIONS);
        proxy.faults(request -> request.method().equals("PATCH") ? Fault.cutAfter() : Fault.pass());
        assertThatThrownBy(() -> cluster.patch(ref("a"), PatchType.MERGE, yaml("{data: {k: '2'}}"), OPTIONS))
                .isInstanceOf(GitOpsException.class);
        assertThat(proxy.requests().stream().filter(r -> r.method().equals("PATCH")))
                .hasSize(1);
    }

    @Test
    void burstOfTooManyRequests_costsFewMoreCallsThanAreNeeded() throws Exception {
        long[] busyUntil = {System.nanoTime() + 900_000_000L};
        proxy.faults(request -> System.nanoTime() - busyUntil[0] < 0 ? Fault.answer(429, "1") : Fault.pass());
        int before = proxy.requests().size();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<JsonObject>> done = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String name = "m" + i;
            done.add(threads.submit(() -> cluster.apply(ref(name), map(name, "1"), OPTIONS)));
        }
        for (Future<JsonObject> each : done) {
            each.get(120, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(proxy.requests().size() - before).isBetween(200, 220);
    }

    @Test
    void slowServer_isGivenUpInTime_andOpensTheBreaker() throws Exception {
        KubernetesCluster hasty = open(ClientOptions.defaults().withTimeout(Duration.ofSeconds(2)));
        hasty.resources();
        AtomicInteger asked = new AtomicInteger();
        proxy.faults(request -> {
            asked.incrementAndGet();
            return Fault.late(4000);
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> hasty.get(ref("a")))
                    .isInstanceOfSatisfying(
                            GitOpsException.class, e -> assertThat(e.code()).isEqualTo("TIMEOUT"));
        }
        // the JDK's client itself may send a read once more when its connection goes; ours does not
        assertThat(asked).hasValueLessThanOrEqualTo(4);
        KubernetesCluster none = open(ClientOptions.defaults().withRetries(0));
        none.close();
        hasty.close();
    }

    @Test
    void watch_cutAgainAndAgain_givesEveryEventOnce() throws Exception {
        List<String> seen = new ArrayList<>();
        try (Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).in("app"))) {
            Semaphore news = new Semaphore(0);
            watch.onAvailable(news::release);
            for (int i = 0; i < 5; i++) {
                await(() -> proxy.cutWatches() > 0);
                cluster.create(map("m" + i, "1"), OPTIONS);
                cluster.patch(ref("m" + i), PatchType.MERGE, yaml("{data: {k: '2'}}"), OPTIONS);
            }
            while (seen.size() < 10 && news.tryAcquire(60, TimeUnit.SECONDS)) {
                for (Optional<WatchEvent> e = watch.poll(); e.isPresent(); e = watch.poll()) {
                    JsonObject metadata = e.get().object().object("metadata");
                    if (e.get().type() != WatchEvent.Type.BOOKMARK
                            && !metadata.text("name", "").startsWith("kube-")) {
                        seen.add(e.get().type() + " " + metadata.text("name"));
                    }
                }
            }
        }
        assertThat(seen)
                .containsExactly(
                        "ADDED m0",
                        "MODIFIED m0",
                        "ADDED m1",
                        "MODIFIED m1",
                        "ADDED m2",
                        "MODIFIED m2",
                        "ADDED m3",
                        "MODIFIED m3",
                        "ADDED m4",
                        "MODIFIED m4");
    }

    @Test
    void watch_thatTheServerEnds_goesOn() throws Exception {
        KubernetesCluster brief = open(ClientOptions.defaults().withWatchTime(Duration.ofSeconds(1)));
        try (Watch watch = brief.watch(ListQuery.of(CONFIG_MAP).in("app").labels("x"))) {
            Semaphore news = new Semaphore(0);
            watch.onAvailable(news::release);
            await(() -> proxy.requests().stream()
                            .filter(FaultProxy.Request::isWatch)
                            .count()
                    >= 2);
            assertThat(proxy.requests().stream()
                            .filter(FaultProxy.Request::isWatch)
                            .findFirst()
                            .orElseThrow()
                            .query())
                    .contains("timeoutSeconds=1", "allowWatchBookmarks=true");
            assertThat(watch.ended()).isFalse();
        }
        brief.close();
    }

    @Test
    void deadCluster_costsTheOthersNothing() throws Exception {
        try (ServerSocket hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Path file = Files.writeString(
                    folder.resolve("hole"),
                    proxy.kubeconfig("hole").replace(proxy.url(), "http://127.0.0.1:" + hole.getLocalPort()));
            KubernetesCluster dead = Kubeconfig.read(file)
                    .orThrow()
                    .open("", ClientOptions.defaults().withTimeout(Duration.ofSeconds(60)))
                    .orThrow();
            try (ClusterFleet fleet =
                    ClusterFleet.of(List.<Cluster>of(dead, cluster)).orThrow()) {
                Map<String, Outcome<String>> versions = fleet.each(Duration.ofSeconds(3), Cluster::version);
                assertThat(versions.get("fake").orThrow()).startsWith("v1.");
                assertThat(versions.get("hole").problems())
                        .singleElement()
                        .satisfies(p -> assertThat(p.code()).isEqualTo("TIMEOUT"));
            }
        }
    }

    @Test
    void fleet_twoClustersOfOneServer_areRefused() {
        assertThat(ClusterFleet.of(List.<Cluster>of(cluster, cluster)).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("DUPLICATE_CLUSTER"));
    }

    @Test
    void fullBulkhead_holdsTheRest() throws Exception {
        KubernetesCluster narrow = open(ClientOptions.defaults().withInFlight(2));
        narrow.resources();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        proxy.faults(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                Thread.sleep(30);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            now.decrementAndGet();
            return Fault.pass();
        });
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            done.add(threads.submit(() -> narrow.get(ref("a"))));
        }
        for (Future<?> each : done) {
            each.get(120, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(most.get()).isBetween(1, 2);
        narrow.close();
    }

    @Test
    void redirect_isRefused_andTheLoginGoesNowhere() throws Exception {
        ConcurrentLinkedQueue<String> stolen = new ConcurrentLinkedQueue<>();
        HttpServer thief = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        thief.createContext("/", exchange -> {
            stolen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        thief.start();
        HttpServer front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", "http://localhost:" + thief.getAddress().getPort() + "/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        front.start();
        Path file = Files.writeString(
                folder.resolve("redirect"),
                proxy.kubeconfig("r")
                        .replace(
                                proxy.url(),
                                "http://127.0.0.1:" + front.getAddress().getPort())
                        .replace("user: {}", "user: {token: CANARY}"));
        try (KubernetesCluster redirected = Kubeconfig.read(file)
                .orThrow()
                .open("", ClientOptions.defaults().withRetries(0))
                .orThrow()) {
            assertThatThrownBy(redirected::version).isInstanceOfSatisfying(GitOpsException.class, e -> {
                assertThat(e.code()).isEqualTo("REDIRECT");
                assertThat(e).hasMessageNotContaining("CANARY");
            });
        } finally {
            front.stop(0);
            thief.stop(0);
        }
        assertThat(stolen).isEmpty();
    }

    @Test
    void impersonation_isSentWithEveryVerb() throws Exception {
        HttpServer probe = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        probe.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = switch (path) {
                case "/api" -> "{\"versions\":[\"v1\"]}";
                case "/apis" -> "{\"groups\":[]}";
                case "/api/v1" ->
                    "{\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"configmaps\",\"namespaced\":true,"
                            + "\"kind\":\"ConfigMap\",\"verbs\":[]}]}";
                default -> "{}";
            };
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Impersonate-User") + " "
                    + exchange.getRequestHeaders().get("Impersonate-Group") + " "
                    + exchange.getRequestHeaders().getFirst("Impersonate-Extra-team"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length());
            exchange.getResponseBody().write(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.close();
        });
        probe.start();
        Path file = Files.writeString(
                folder.resolve("probe"),
                proxy.kubeconfig("p")
                        .replace(
                                proxy.url(),
                                "http://127.0.0.1:" + probe.getAddress().getPort()));
        try (KubernetesCluster as = Kubeconfig.read(file)
                .orThrow()
                .open(
                        "",
                        ClientOptions.defaults()
                                .withImpersonation("alice", List.of("dev", "ops"), Map.of("team", List.of("a"))))
                .orThrow()) {
            as.get(ref("a"));
            as.list(ListQuery.of(CONFIG_MAP));
            as.create(map("a", "1"), OPTIONS);
            as.replace(ref("a"), map("a", "1"), OPTIONS);
            as.apply(ref("a"), map("a", "1"), OPTIONS);
            as.delete(ref("a"), DeleteOptions.defaults());
            as.schema(CONFIG_MAP);
            as.watch(ListQuery.of(CONFIG_MAP).after("1")).close();
            await(() -> asked.size() >= 10);
        } finally {
            probe.stop(0);
        }
        assertThat(asked).allMatch(call -> call.endsWith(" alice [dev, ops] a"));
        assertThat(asked.stream()
                        .map(call -> call.substring(0, call.indexOf(' ')))
                        .distinct())
                .contains("GET", "POST", "PUT", "PATCH", "DELETE");
    }

    @Test
    void impersonator_givesTheSameClusterToAnotherUser() {
        server.close();
        FakeCluster guarded = FakeCluster.builder()
                .name("guarded")
                .namespaces("app")
                .rbac(true)
                .build();
        try (FakeClusterServer other = FakeClusterServer.start(guarded, 0);
                KubernetesCluster admin = Kubeconfig.read(
                                Files.writeString(folder.resolve("guarded"), other.kubeconfig()))
                        .orThrow()
                        .open("", ClientOptions.defaults())
                        .orThrow()) {
            admin.create(map("a", "1"), OPTIONS);
            Cluster nobody = KubernetesCluster.impersonator().as(admin, "system:serviceaccount:app:nobody");
            assertThatThrownBy(() -> nobody.get(ref("a")))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> assertThat(e.status().code()).isEqualTo(403));
            assertThatThrownBy(() -> nobody.delete(ref("a"), DeleteOptions.defaults()))
                    .isInstanceOf(ApiException.class);
            assertThat(admin.get(ref("a"))).isPresent();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void events_areWrittenOnce_andRefusalsAreSwallowed() {
        KubernetesEvents events = new KubernetesEvents(cluster, ref("a"), "", "gitops4j");
        EventSink.Event event = new EventSink.Event(
                Instant.parse("2026-01-01T00:00:00Z"),
                "OperationFailed",
                "argocd/app",
                JsonObject.of("message", Json.of("it broke")));
        events.accept(event);
        events.accept(event);
        List<JsonObject> stored =
                cluster.list(ListQuery.of(new Gvk("", "v1", "Event")).in("app")).items();
        assertThat(stored).singleElement().satisfies(e -> {
            assertThat(e.text("reason")).isEqualTo("OperationFailed");
            assertThat(e.text("message")).isEqualTo("it broke");
            assertThat(e.text("type")).isEqualTo("Warning");
            assertThat(e.object("involvedObject").text("name")).isEqualTo("a");
        });
    }

    @Test
    void warnings_reachTheSink() throws Exception {
        List<String> warnings = new ArrayList<>();
        KubernetesCluster told = open(ClientOptions.defaults().withWarnings(warnings::add));
        told.create(map("w", "1").with("nope", Json.of(1)), OPTIONS);
        assertThat(warnings).containsExactly("unknown field \"nope\"");
        assertThat(Warnings.of(List.of("299 - \"a \\\"b\\\"\", 299 x \"c\u001b[1m\"")))
                .containsExactly("a \"b\"", "c?[1m");
        told.close();
    }

    @Test
    void schema_isReadOncePerGroup() {
        assertThat(cluster.schema(CONFIG_MAP)).isPresent();
        long before = proxy.requests().stream()
                .filter(r -> r.path().startsWith("/openapi"))
                .count();
        assertThat(cluster.schema(new Gvk("", "v1", "Secret"))).isPresent();
        assertThat(cluster.schema(CONFIG_MAP)).isPresent();
        cluster.refreshDiscovery();
        assertThat(cluster.schema(CONFIG_MAP)).isPresent();
        assertThat(proxy.requests().stream().filter(r -> r.path().startsWith("/openapi")))
                .hasSize((int) before + 1);
    }

    @Test
    void eviction_thatABudgetForbids_isRefusedAtOnce() {
        cluster.create(
                yaml("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: all, namespace: app},"
                        + " spec: {minAvailable: 1, selector: {matchLabels: {app: a}}}}"),
                OPTIONS);
        JsonObject pod = yaml("{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: app, labels: {app: a}},"
                + " spec: {containers: [{name: a, image: a}]}}");
        cluster.create(pod, OPTIONS);
        cluster.patch(
                ObjectRef.of(pod).sub("status"),
                PatchType.MERGE,
                yaml("{status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}"),
                OPTIONS);
        int before = proxy.requests().size();
        assertThatThrownBy(() -> cluster.evict(ObjectRef.of(pod), DeleteOptions.defaults()))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.status().code()).isEqualTo(429);
                    assertThat(e.status().causes())
                            .extracting(io.gitops4j.cluster.ApiStatus.Cause::message)
                            .containsExactly("The disruption budget all needs 1 healthy pods and has 1 currently");
                });
        assertThat(proxy.requests().size() - before).isEqualTo(1);
        cluster.delete(
                ObjectRef.of(new Gvk("policy", "v1", "PodDisruptionBudget"), "app", "all"), DeleteOptions.defaults());
        cluster.evict(ObjectRef.of(pod), DeleteOptions.defaults());
        assertThat(cluster.get(ObjectRef.of(pod))).isEmpty();
    }

    @Test
    void refusal_keepsReasonAndCauses_throughTheWire() {
        JsonObject bad = yaml("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: app}, spec: {}}");
        assertThatThrownBy(() -> cluster.create(bad, OPTIONS)).isInstanceOfSatisfying(ApiException.class, e -> {
            assertThat(e.status().code()).isEqualTo(422);
            assertThat(e.code()).isEqualTo("Invalid");
            assertThat(e.status().causes()).extracting(c -> c.field()).contains("spec.selector");
        });
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.sleep(10);
        }
    }

    private static ObjectRef ref(String name) {
        return ObjectRef.of(CONFIG_MAP, "app", name);
    }

    private static JsonObject map(String name, String value) {
        return yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: app}, data: {k: '"
                + value + "'}}");
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
