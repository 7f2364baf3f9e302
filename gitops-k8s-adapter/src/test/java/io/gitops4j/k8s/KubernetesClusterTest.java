package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.spi.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubernetesClusterTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final String MAPS = "/api/v1/namespaces/app/configmaps";
    private static final ObjectRef REF = ObjectRef.of(CONFIG_MAP, "app", "one");

    private ScriptedApiServer server;
    private KubernetesCluster cluster;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedApiServer();
        cluster = server.cluster(ClientOptions.defaults().withTimeout(Duration.ofSeconds(60)));
    }

    @AfterEach
    void stop() {
        cluster.close();
        server.close();
    }

    @Test
    void discovery_groupByGroup_leavesSubresourcesOut() {
        assertThat(cluster.resources()).singleElement().satisfies(r -> {
            assertThat(r.gvk()).isEqualTo(CONFIG_MAP);
            assertThat(r.plural()).isEqualTo("configmaps");
            assertThat(r.namespaced()).isTrue();
            assertThat(r.shortNames()).containsExactly("cm");
        });
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(new Gvk("x.io", "v1", "X"), "", "a")))
                .hasMessage("no matches for kind \"X\" in version \"x.io/v1\"");
    }

    @Test
    void get_missing_isEmptyAndRefusedKeepsStatus() {
        assertThat(cluster.get(REF)).isEmpty();
        server.answer(MAPS + "/two", 403, Map.of(), """
                {"kind":"Status","status":"Failure","reason":"Forbidden","message":"configmaps \\"two\\" is forbidden",
                "details":{"causes":[{"reason":"x","message":"m","field":"f"}]},"code":403}""");
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(CONFIG_MAP, "app", "two")))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.status().code()).isEqualTo(403);
                    assertThat(e.code()).isEqualTo("Forbidden");
                    assertThat(e.status().causes())
                            .singleElement()
                            .satisfies(c -> assertThat(c.field()).isEqualTo("f"));
                });
    }

    @Test
    void write_optionsAndPreconditions_travel() {
        server.json(MAPS + "/one", map("one", "7"));
        server.json(MAPS, map("one", "7"));
        JsonObject body = json(map("one", ""));
        WriteOptions options = WriteOptions.defaults()
                .withFieldManager("me")
                .withForce(true)
                .withDryRun(true)
                .withFieldValidation("Strict")
                .withUid("u1")
                .withResourceVersion("6");
        cluster.apply(REF, body, options);
        cluster.patch(REF, PatchType.JSON, JsonReader.parse("[]").orThrow(), WriteOptions.defaults());
        cluster.create(body, WriteOptions.defaults());
        cluster.delete(REF, DeleteOptions.defaults().withUid("u1").with(DeleteOptions.Propagation.FOREGROUND));
        List<ScriptedApiServer.Asked> asked = server.asked(MAPS);
        assertThat(asked.get(0).uri()).endsWith("/one?fieldManager=me&force=true&dryRun=All&fieldValidation=Strict");
        assertThat(asked.get(0).headers()).containsEntry("Content-type", "application/apply-patch+yaml");
        assertThat(json(asked.get(0).body()).object("metadata").text("uid")).isEqualTo("u1");
        assertThat(json(asked.get(0).body()).object("metadata").text("resourceVersion"))
                .isEqualTo("6");
        assertThat(asked.get(1).headers()).containsEntry("Content-type", "application/json-patch+json");
        assertThat(asked.get(2).method()).isEqualTo("POST");
        assertThat(json(asked.get(3).body()).text("propagationPolicy")).isEqualTo("Foreground");
        assertThat(json(asked.get(3).body()).object("preconditions").text("uid"))
                .isEqualTo("u1");
    }

    @Test
    void call_tooManyRequests_waitsAsTold() {
        server.answer(MAPS + "/one", 429, Map.of("Retry-After", "0"), "");
        server.json(MAPS + "/one", map("one", "7"));
        assertThat(cluster.get(REF)).isPresent();
        assertThat(server.asked(MAPS + "/one")).hasSize(2);
        server.answer(MAPS + "/late", 429, Map.of("Retry-After", "86400"), "");
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(CONFIG_MAP, "app", "late")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().code()).isEqualTo(429));
    }

    @Test
    void call_withALoginThatIsRefusedForever_isNotRepeated() {
        String path = "/api/v1/namespaces/app/configmaps/one";
        server.answer(
                path,
                401,
                Map.of("Content-Type", "application/json"),
                "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Unauthorized\",\"message\":\"Unauthorized\",\"code\":401}");
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(new Gvk("", "v1", "ConfigMap"), "app", "one")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo("Unauthorized"));
        assertThat(server.asked(path)).as("the client may renew its login once").hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void call_htmlOrTruncatedAnswer_isTypedAndShort() {
        server.answer(MAPS + "/html", 502, Map.of(), "<html>" + "x".repeat(5000) + "</html>");
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(CONFIG_MAP, "app", "html")))
                .hasMessage("HTTP 502");
        server.json(MAPS + "/cut", "{\"kind\":\"ConfigMap\"");
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(CONFIG_MAP, "app", "cut")))
                .isInstanceOfSatisfying(
                        GitOpsException.class, e -> assertThat(e.code()).isEqualTo("BAD_RESPONSE"));
        server.json(MAPS + "/failure", "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Gone\",\"code\":410}");
        assertThatThrownBy(() -> cluster.get(ObjectRef.of(CONFIG_MAP, "app", "failure")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().code()).isEqualTo(410));
    }

    @Test
    void list_pages_carryTokenAndKind() {
        server.json(MAPS, """
                {"kind":"ConfigMapList","metadata":{"resourceVersion":"9","continue":"t","remainingItemCount":4},
                "items":[{"metadata":{"name":"a"}}]}""");
        ListPage page = cluster.list(
                ListQuery.of(CONFIG_MAP).in("app").labels("a in (b,c)").page(1, "s"));
        assertThat(page.items().get(0).text("kind")).isEqualTo("ConfigMap");
        assertThat(page.continueToken()).isEqualTo("t");
        assertThat(page.remaining()).isEqualTo(4);
        assertThat(server.asked(MAPS).get(0).uri()).contains("labelSelector=a+in+%28b%2Cc%29", "limit=1", "continue=s");
    }

    @Test
    void impersonation_isSent() {
        server.json(MAPS + "/one", map("one", "7"));
        KubernetesCluster other = server.cluster(ClientOptions.defaults().withImpersonation("alice", List.of("dev")));
        other.get(REF);
        assertThat(server.asked(MAPS + "/one").get(0).headers())
                .containsEntry("Impersonate-user", "alice")
                .containsEntry("Impersonate-group", "dev");
        other.close();
    }

    @Test
    void watch_cutAndExpired_losesNoDelete() throws Exception {
        server.json(MAPS, list("10", map("a", "1"), map("b", "2")));
        server.json(MAPS, list("20", map("a", "15"), map("c", "18")));
        String modified = "{\"type\":\"MODIFIED\",\"object\":" + map("a", "11").replace("\n", "") + "}\n";
        server.answer(MAPS + "?watch", 200, Map.of(), modified.substring(0, 30), modified.substring(30));
        server.answer(
                MAPS + "?watch",
                200,
                Map.of(),
                "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}\n");
        server.answer(MAPS + "?watch", 403, Map.of(), "{}");
        List<String> seen = new ArrayList<>();
        try (Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).in("app"))) {
            CountDownLatch ended = new CountDownLatch(1);
            watch.onAvailable(() -> {
                synchronized (seen) {
                    for (WatchEvent event = watch.poll().orElse(null);
                            event != null;
                            event = watch.poll().orElse(null)) {
                        seen.add(event.type() + " "
                                + event.object().object("metadata").text("name", "-"));
                    }
                    if (watch.ended()) {
                        ended.countDown();
                    }
                }
            });
            assertThat(ended.await(90, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(seen)
                .containsExactly("ADDED a", "ADDED b", "MODIFIED a", "MODIFIED a", "ADDED c", "DELETED b", "ERROR -");
    }

    @Test
    void call_serverGone_failsFastAfterAWhile() {
        server.close();
        KubernetesCluster dead = server.cluster(
                ClientOptions.defaults().withTimeout(Duration.ofSeconds(2)).withRetries(0));
        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(() -> dead.get(REF)).isInstanceOf(GitOpsException.class);
        }
        assertThatThrownBy(() -> dead.get(REF)).hasMessageContaining("has not answered lately");
        dead.close();
    }

    private static String map(String name, String version) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"app\",\"resourceVersion\":\"" + version + "\"}}";
    }

    private static String list(String version, String... items) {
        return "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":["
                + String.join(",", items) + "]}";
    }

    private static JsonObject json(String text) {
        return (JsonObject) JsonReader.parse(text).orThrow();
    }
}
