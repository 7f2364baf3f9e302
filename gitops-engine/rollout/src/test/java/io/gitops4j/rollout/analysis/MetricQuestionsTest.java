package io.gitops4j.rollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.MetricsProvider.Request;
import io.gitops4j.spi.MetricsProvider.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricQuestionsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1000);

    private static Metric metric(String provider) {
        return Metric.of((JsonObject) JsonReader.parse("{\"name\":\"m\",\"provider\":" + provider + "}")
                .orThrow());
    }

    private static final Metric PROMETHEUS =
            metric("{\"prometheus\":{\"address\":\"http://p:9090/\",\"query\":\"up{a=\\\"b\\\"}\"}}");

    private static Object prometheus(String data) {
        return MetricQuestions.answer(PROMETHEUS, Response.ok("{\"status\":\"success\",\"data\":" + data + "}"))
                .value();
    }

    @Test
    void prometheus_isAskedWithAnEncodedQuery() {
        Request request = MetricQuestions.request(PROMETHEUS, NOW);
        assertThat(request.url()).isEqualTo("http://p:9090/api/v1/query?query=up%7Ba%3D%22b%22%7D&time=1000");
        assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void prometheusRange_resolvesItsBounds() {
        Request request = MetricQuestions.request(
                metric("{\"prometheus\":{\"address\":\"http://p\",\"query\":\"up\",\"rangeQuery\":{\"start\":"
                        + "\"now() - duration('5m')\",\"end\":\"now()\",\"step\":\"30s\"}}}"),
                NOW);
        assertThat(request.url()).isEqualTo("http://p/api/v1/query_range?query=up&start=700&end=1000&step=30s");
    }

    @Test
    void prometheusAnswers_becomeNumbers() {
        assertThat(prometheus("{\"resultType\":\"scalar\",\"result\":[1,\"0.5\"]}"))
                .isEqualTo(0.5);
        assertThat(prometheus(
                        "{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"NaN\"]},{\"value\":[1,\"+Inf\"]}]}"))
                .isEqualTo(List.of(Double.NaN, Double.POSITIVE_INFINITY));
        assertThat(prometheus("{\"resultType\":\"vector\",\"result\":[]}")).isEqualTo(List.of());
        assertThat(prometheus("{\"resultType\":\"matrix\",\"result\":[{\"values\":[[1,\"1\"],[2,\"2\"]]}]}"))
                .isEqualTo(List.of(1.0, 2.0));
        assertThat(MetricQuestions.answer(
                                PROMETHEUS,
                                Response.ok("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"x\"}"))
                        .error())
                .isEqualTo("bad_data: x");
    }

    @Test
    void web_takesTheFirstMatchOfItsPath() {
        Metric web = metric(
                "{\"web\":{\"url\":\"http://w\",\"jsonPath\":\"{$.data['a b'][0].ok}\",\"headers\":[{\"key\":\"K\","
                        + "\"value\":\"secret\"}]}}");
        assertThat(MetricQuestions.answer(web, Response.ok("{\"data\":{\"a b\":[{\"ok\":true}]}}"))
                        .value())
                .isEqualTo(true);
        assertThat(MetricQuestions.answer(web, Response.ok("{\"data\":{}}")).error())
                .contains("JSONPath");
        assertThat(MetricQuestions.answer(web, Response.ok("plain")).value()).isEqualTo("plain");
        assertThat(MetricQuestions.answer(web, new Response(503, "", "")).error())
                .isEqualTo("received non 2xx response code: 503");
        assertThat(MetricQuestions.answer(web, Response.failed("timeout")).error())
                .isEqualTo("timeout");
        Request request = MetricQuestions.request(web, NOW);
        assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(request.toString()).doesNotContain("secret");
    }

    @Test
    void webBodies_areSentAsJson() {
        Request request = MetricQuestions.request(
                metric("{\"web\":{\"url\":\"http://w\",\"method\":\"POST\",\"jsonBody\":{\"a\":1}}}"), NOW);
        assertThat(request.body()).isEqualTo("{\"a\":1}");
        assertThat(request.headers()).containsEntry("Content-Type", "application/json");
    }

    @Test
    void severalTemplates_becomeOneRun() {
        JsonObject a = (JsonObject) JsonReader.parse(
                        "{\"spec\":{\"args\":[{\"name\":\"x\",\"value\":\"1\"}],\"metrics\":[{\"name\":\"a\"}]}}")
                .orThrow();
        JsonObject b = (JsonObject) JsonReader.parse(
                        "{\"spec\":{\"args\":[{\"name\":\"x\",\"value\":\"2\"}],\"metrics\":[{\"name\":\"b\"}]}}")
                .orThrow();
        assertThat(AnalysisRunPlan.spec(JsonObject.empty(), List.of(a, b), JsonObject.empty(), "s", "l")
                        .problems()
                        .get(0)
                        .text())
                .isEqualTo("Argument `x` specified multiple times with different values: '1', '2'");
        assertThat(AnalysisRunPlan.spec(JsonObject.empty(), List.of(a, a), JsonObject.empty(), "s", "l")
                        .problems()
                        .get(0)
                        .text())
                .isEqualTo("two metrics have the same name 'a'");
    }

    @Test
    void arguments_comeFromHashesAndFields() {
        JsonObject analysis = (JsonObject) JsonReader.parse(
                        "{\"args\":[{\"name\":\"h\",\"valueFrom\":{\"podTemplateHashValue\":\"Latest\"}},{\"name\":\"n\","
                                + "\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.labels['app']\"}}}]}")
                .orThrow();
        JsonObject template = (JsonObject) JsonReader.parse(
                        "{\"spec\":{\"args\":[{\"name\":\"h\"},{\"name\":\"n\"}],\"metrics\":[{\"name\":\"a\",\"provider\":{\"web\":"
                                + "{\"url\":\"{{args.n}}/{{args.h}}\"}}}]}}")
                .orThrow();
        JsonObject rollout = (JsonObject) JsonReader.parse("{\"metadata\":{\"labels\":{\"app\":\"shop\"}}}")
                .orThrow();
        AnalysisSpec spec = AnalysisRunPlan.of(analysis, List.of(template), rollout, "old", "new")
                .orThrow();
        assertThat(spec.metrics().get(0).body().toJson()).contains("shop/new");
    }
}
