package io.gitops4j.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunMachine;
import io.gitops4j.rollout.analysis.AnalysisRunStatus;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.Measurement;
import io.gitops4j.rollout.analysis.MetricAnswer;
import io.gitops4j.rollout.analysis.MetricQuestions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metrics of a real HTTP server, judged as §3.2 says: every oddity that an answer can have. */
class HttpMetricsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final HttpMetrics metrics = HttpMetrics.create();
    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final Map<String, Integer> statuses = new LinkedHashMap<>();
    private final List<String> seen = new ArrayList<>();
    private final CountDownLatch slow = new CountDownLatch(1);
    private HttpServer server;
    private String base = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            synchronized (seen) {
                seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()) + " " + body);
            }
            if (path.equals("/slow")) {
                try {
                    slow.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            byte[] answer = bodies.getOrDefault(path, "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(statuses.getOrDefault(path, 200), answer.length == 0 ? -1 : answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        slow.countDown();
        server.stop(0);
    }

    private static JsonObject json(String text) {
        return (JsonObject) JsonReader.parse(text).orThrow();
    }

    /** The first measurement of a metric, asked for and judged. */
    private Measurement measure(String metric) {
        AnalysisSpec spec = AnalysisSpec.of(json("{\"metrics\":[" + metric.replace("BASE", base) + "]}"));
        assertThat(spec.invalid()).isNull();
        AnalysisRunStatus asked = AnalysisRunMachine.step(spec, AnalysisRunStatus.fresh(), new LinkedHashMap<>(), NOW)
                .status();
        MetricAnswer answer = MetricQuestions.answer(
                spec.metrics().get(0),
                metrics.ask(MetricQuestions.request(spec.metrics().get(0), NOW)));
        Map<String, MetricAnswer> answers = new LinkedHashMap<>();
        answers.put("m", answer);
        AnalysisRunStatus judged =
                AnalysisRunMachine.step(spec, asked, answers, NOW).status();
        return judged.results().get(0).last();
    }

    private Measurement prometheus(String resultType, String result, String condition) {
        bodies.put(
                "/api/v1/query",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"" + resultType + "\",\"result\":" + result + "}}");
        return measure("{\"name\":\"m\",\"successCondition\":\"" + condition
                + "\",\"provider\":{\"prometheus\":{\"address\":\"BASE/\",\"query\":\"up{a=\\\"b\\\"}\"}}}");
    }

    @Test
    void prometheusVector_isAListOfNumbers() {
        Measurement m = prometheus("vector", "[{\"value\":[1,\"0.99\"]},{\"value\":[1,\"0.5\"]}]", "result[0] >= 0.99");
        assertThat(m.phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
        assertThat(m.value()).isEqualTo("[0.99,0.5]");
        assertThat(seen.get(0)).contains("query=up%7Ba%3D%22b%22%7D");
    }

    @Test
    void prometheusNan_isFailedUnlessGuarded() {
        String nan = "[{\"value\":[1,\"NaN\"]}]";
        assertThat(prometheus("vector", nan, "result[0] >= 0.99").phase()).isEqualTo(AnalysisPhase.FAILED);
        assertThat(prometheus("vector", nan, "isNaN(result[0]) || result[0] >= 0.99")
                        .phase())
                .isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void prometheusNothing_isAnErrorUnlessGuarded() {
        Measurement empty = prometheus("vector", "[]", "result[0] >= 0.99");
        assertThat(empty.phase()).isEqualTo(AnalysisPhase.ERROR);
        assertThat(empty.message())
                .isEqualTo(
                        "could not evaluate successCondition \"result[0] >= 0.99\": metric result is nil or empty: no data"
                                + " returned from the metric provider");
        assertThat(prometheus("vector", "[]", "len(result) == 0 || result[0] >= 0.99")
                        .phase())
                .isEqualTo(AnalysisPhase.SUCCESSFUL);
        assertThat(prometheus("vector", "[]", "all(result, # >= 0.99)").phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void prometheusScalar_cannotBeIndexed() {
        assertThat(prometheus("scalar", "[1,\"0.99\"]", "result[0] >= 0.99").phase())
                .isEqualTo(AnalysisPhase.ERROR);
        assertThat(prometheus("scalar", "[1,\"0.99\"]", "result >= 0.99").phase())
                .isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void prometheusInfinity_comparesAsANumber() {
        assertThat(prometheus("vector", "[{\"value\":[1,\"+Inf\"]}]", "result[0] > 1 && isInf(result[0])")
                        .phase())
                .isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void prometheusRange_isAskedWithTimesAndFlattened() {
        bodies.put(
                "/api/v1/query_range",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"values\":[[1,\"1\"],[2,\"2\"]]},"
                        + "{\"values\":[[1,\"3\"]]}]}}");
        Measurement m = measure(
                "{\"name\":\"m\",\"successCondition\":\"len(result) == 3\",\"provider\":{\"prometheus\":{\"address\":"
                        + "\"BASE\",\"query\":\"up\",\"rangeQuery\":{\"start\":\"now() - duration('5m')\",\"end\":\"now()\",\"step\":\"1m\"}}}}");
        assertThat(m.phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
        assertThat(seen.get(0)).contains("start=1767225300&end=1767225600&step=1m");
    }

    @Test
    void prometheusError_isAnErrorWithItsText() {
        bodies.put("/api/v1/query", "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}");
        Measurement m =
                measure("{\"name\":\"m\",\"provider\":{\"prometheus\":{\"address\":\"BASE\",\"query\":\"up(\"}}}");
        assertThat(m.phase()).isEqualTo(AnalysisPhase.ERROR);
        assertThat(m.message()).isEqualTo("bad_data: parse error");
    }

    @Test
    void missingAddress_isTheDefaultOneOrAnError() {
        String metric = "{\"name\":\"m\",\"provider\":{\"prometheus\":{\"query\":\"up\"}}}";
        assertThat(measure(metric).message()).contains("names no address of Prometheus");
        AnalysisSpec spec = AnalysisSpec.of(json("{\"metrics\":[" + metric + "]}"));
        assertThat(HttpMetrics.withPrometheus(base + "/")
                        .ask(MetricQuestions.request(spec.metrics().get(0), NOW))
                        .status())
                .isEqualTo(200);
    }

    private Measurement web(String path, String condition, String more) {
        return measure("{\"name\":\"m\",\"successCondition\":\"" + condition
                + "\",\"provider\":{\"web\":{\"url\":\"BASE" + path + "\"" + more + "}}}");
    }

    @Test
    void web_readsAJsonPath() {
        bodies.put("/web", "{\"data\":{\"rates\":[0.9,1]}}");
        assertThat(web("/web", "result > 0.5", ",\"jsonPath\":\"{$.data.rates[0]}\"")
                        .phase())
                .isEqualTo(AnalysisPhase.SUCCESSFUL);
        assertThat(web("/web", "result.data.rates[1] == 1", "").phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void webArray_isNoNumber() {
        bodies.put("/web", "[1,2]");
        Measurement m = web("/web", "result > 0.5", "");
        assertThat(m.phase()).isEqualTo(AnalysisPhase.ERROR);
        assertThat(web("/web", "result[1] == 2", "").phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void webText_isAString() {
        bodies.put("/web", "fine, thanks");
        assertThat(web("/web", "result contains 'fine'", "").phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
    }

    @Test
    void webConditionThatIsNoBoolean_isAnError() {
        bodies.put("/web", "5");
        assertThat(web("/web", "result + 1", "").message()).contains("expected bool, but got");
    }

    @Test
    void webPost_sendsBodyAndHeaders() {
        bodies.put("/web", "1");
        web(
                "/web",
                "true",
                ",\"method\":\"POST\",\"jsonBody\":{\"q\":1},\"headers\":[{\"key\":\"Authorization\",\"value\":\"Bearer x\"}]");
        assertThat(seen.get(0)).isEqualTo("POST /web [Bearer x] {\"q\":1}");
    }

    @Test
    void badStatus_isAnError() {
        statuses.put("/web", 503);
        assertThat(web("/web", "true", "").message()).isEqualTo("received non 2xx response code: 503");
    }

    @Test
    void answerAfterTheTimeout_isAnError() {
        Measurement m = web("/slow", "true", ",\"timeoutSeconds\":1");
        assertThat(m.phase()).isEqualTo(AnalysisPhase.ERROR);
        assertThat(m.message()).isEqualTo("web: no answer within 1s");
    }

    @Test
    void nobodyThere_isAnError() {
        server.stop(0);
        assertThat(web("/web", "true", "").message()).contains("connection refused");
    }

    @Test
    void oauth2AndBasic_authenticate() {
        bodies.put("/token", "{\"access_token\":\"t0k\"}");
        bodies.put("/web", "1");
        web(
                "/web",
                "true",
                ",\"authentication\":{\"oauth2\":{\"tokenUrl\":\"BASE/token\",\"clientId\":\"me\",\"clientSecret\":\"s\",\"scopes\":[\"a\",\"b\"]}}");
        assertThat(seen.get(0)).contains("client_id=me&client_secret=s&scope=a+b");
        assertThat(seen.get(1)).isEqualTo("GET /web [Bearer t0k] ");
        web("/web", "true", ",\"authentication\":{\"basic\":{\"username\":\"u\",\"password\":\"p\"}}");
        assertThat(seen.get(2)).contains("[Basic dTpw]");
    }

    @Test
    void unknownProvider_needsItsOwn() {
        assertThat(measure("{\"name\":\"m\",\"provider\":{\"datadog\":{\"query\":\"q\"}}}")
                        .message())
                .isEqualTo("the provider datadog needs a MetricsProvider of its own");
    }

    @Test
    void webhookGate_opensOnTwoHundredOnly() {
        WebhookGate gate = new WebhookGate(Duration.ofSeconds(60));
        JsonObject rollout = json(
                "{\"metadata\":{\"name\":\"shop\",\"namespace\":\"prod\"},\"status\":{\"phase\":\"Progressing\"}}");
        JsonObject step = json("{\"name\":\"confirm\",\"url\":\"" + base + "/gate\",\"metadata\":{\"a\":\"b\"}}");
        assertThat(gate.open(rollout, step)).isTrue();
        assertThat(seen.get(0))
                .contains(
                        "{\"name\":\"shop\",\"namespace\":\"prod\",\"phase\":\"Progressing\",\"gate\":\"confirm\",\"metadata\":{\"a\":\"b\"}}");
        statuses.put("/gate", 403);
        assertThat(gate.open(rollout, step)).isFalse();
        server.stop(0);
        assertThat(gate.open(rollout, step)).isFalse();
        assertThat(gate.open(rollout, json("{\"name\":\"other\"}"))).isTrue();
    }

    @Test
    void redirect_isFollowed_butNoLoginGoesToAnotherHost() throws IOException {
        List<String> stolen = new ArrayList<>();
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            synchronized (stolen) {
                stolen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            }
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("5".getBytes(StandardCharsets.UTF_8));
            }
        });
        other.start();
        try {
            bodies.put("/here", "4");
            server.createContext("/near", exchange -> answer(exchange, "/here"));
            server.createContext("/loop", exchange -> answer(exchange, "/loop"));
            String far = "http://127.0.0.1:" + other.getAddress().getPort() + "/";
            server.createContext("/far", exchange -> answer(exchange, far));
            assertThat(asked("/near", "{}").body()).isEqualTo("4");
            assertThat(asked("/loop", "{}").error()).isEqualTo("web: redirected more than 5 times");
            assertThat(asked("/far", "{}").body()).isEqualTo("5");
            assertThat(asked("/far", "{\"authentication\":{\"basic\":{\"username\":\"u\",\"password\":\"CANARY\"}}}")
                            .error())
                    .isEqualTo("web: redirected to another host, where its headers are not sent");
            assertThat(stolen).containsExactly("null");
        } finally {
            other.stop(0);
        }
    }

    private static void answer(com.sun.net.httpserver.HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private io.gitops4j.spi.MetricsProvider.Response asked(String path, String config) {
        return metrics.ask(new io.gitops4j.spi.MetricsProvider.Request(
                "web", json(config), "GET", base + path, new LinkedHashMap<>(), "", Duration.ofSeconds(30)));
    }
}
