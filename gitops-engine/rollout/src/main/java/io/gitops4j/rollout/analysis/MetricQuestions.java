package io.gitops4j.rollout.analysis;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.expr.Values;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.spi.MetricsProvider;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What providers are asked and what their answers mean: Prometheus and plain web requests in full; for the rest the question
 * holds the configuration and the answer is a JSON value.
 *
 * <p>Source: Rollouts §3.8.
 */
public final class MetricQuestions {
    private MetricQuestions() {}

    /** The question of a metric. */
    public static MetricsProvider.Request request(Metric metric, Instant now) {
        String provider = provider(metric);
        JsonObject config = config(metric, provider);
        return switch (provider) {
            case "prometheus" -> prometheus(config, now);
            case "web" -> web(config);
            default ->
                new MetricsProvider.Request(
                        provider, config, "GET", "", new LinkedHashMap<>(), "", Duration.ofSeconds(30));
        };
    }

    /** The provider of a metric; a plugin counts by its own name. */
    private static String provider(Metric metric) {
        String provider = metric.providers().isEmpty() ? "" : metric.providers().get(0);
        if (!provider.equals("plugin")) {
            return provider;
        }
        JsonObject plugins = metric.body().object("provider").object("plugin");
        return plugins.isEmpty() ? provider : plugins.keyAt(0);
    }

    private static JsonObject config(Metric metric, String provider) {
        JsonObject own = metric.body().object("provider");
        return own.has("plugin") ? own.object("plugin").object(provider) : own.object(provider);
    }

    private static MetricsProvider.Request prometheus(JsonObject config, Instant now) {
        String address = config.text("address", "");
        while (address.endsWith("/")) {
            address = address.substring(0, address.length() - 1);
        }
        JsonObject range = config.object("rangeQuery");
        String query = "query=" + encoded(config.text("query", ""));
        String url;
        if (range.isEmpty()) {
            url = address + "/api/v1/query?" + query + "&time=" + now.getEpochSecond();
        } else {
            url = address + "/api/v1/query_range?" + query + "&start=" + time(range.text("start", ""), now) + "&end="
                    + time(range.text("end", ""), now) + "&step=" + range.text("step", "1m");
        }
        Integer timeout = Fields.integer(config, "timeout");
        return new MetricsProvider.Request(
                "prometheus",
                config,
                "GET",
                url,
                headers(config),
                "",
                Duration.ofSeconds(timeout == null ? 30 : timeout));
    }

    private static String time(String expression, Instant now) {
        Object value = io.gitops4j.rollout.expr.Expression.compile(expression)
                .map(compiled -> compiled.evaluate(null, now).value())
                .orNull();
        return value instanceof Instant instant
                ? Long.toString(instant.getEpochSecond())
                : Long.toString(now.getEpochSecond());
    }

    private static MetricsProvider.Request web(JsonObject config) {
        Json json = config.get("jsonBody");
        String body = json == null ? config.text("body", "") : json.toJson();
        Map<String, String> headers = headers(config);
        if (json != null) {
            headers.putIfAbsent("Content-Type", "application/json");
        }
        Integer timeout = Fields.integer(config, "timeoutSeconds");
        return new MetricsProvider.Request(
                "web",
                config,
                config.text("method", "GET"),
                config.text("url", ""),
                headers,
                body,
                Duration.ofSeconds(timeout == null || timeout <= 0 ? 10 : timeout));
    }

    private static Map<String, String> headers(JsonObject config) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (JsonObject header : Fields.objects(config, "headers")) {
            headers.put(header.text("key", ""), header.text("value", ""));
        }
        return headers;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What an answer means for the metric. */
    public static MetricAnswer answer(Metric metric, MetricsProvider.Response response) {
        if (!response.error().isEmpty()) {
            return MetricAnswer.error(response.error());
        }
        String provider = provider(metric);
        JsonObject config = config(metric, provider);
        if (response.status() < 200 || response.status() > 299) {
            return MetricAnswer.error("received non 2xx response code: " + response.status());
        }
        Json json = JsonReader.parse(response.body()).orNull();
        return switch (provider) {
            case "prometheus" -> prometheus(json);
            case "web", "kubernetes" ->
                json == null ? MetricAnswer.value(response.body()) : webValue(json, config.text("jsonPath", "{$}"));
            default -> json == null ? MetricAnswer.value(response.body()) : MetricAnswer.value(Values.of(json));
        };
    }

    private static MetricAnswer webValue(Json json, String path) {
        Json found = JsonPath.first(json, path);
        return found == null
                ? MetricAnswer.error("Could not find JSONPath in body: " + path)
                : MetricAnswer.value(Values.of(found));
    }

    private static MetricAnswer prometheus(@Nullable Json json) {
        if (!(json instanceof JsonObject body)) {
            return MetricAnswer.error("the answer of Prometheus is not JSON");
        }
        if (!body.text("status", "").equals("success")) {
            return MetricAnswer.error(body.text("errorType", "error") + ": " + body.text("error", ""));
        }
        JsonObject data = body.object("data");
        JsonArray result = data.array("result");
        return switch (data.text("resultType", "")) {
            case "scalar" -> MetricAnswer.value(result.size() < 2 ? null : (Object) number(result.get(1)));
            case "vector" -> {
                List<Object> samples = new ArrayList<>();
                for (Json series : result) {
                    JsonArray sample = series instanceof JsonObject one ? one.array("value") : JsonArray.empty();
                    samples.add(sample.size() < 2 ? Double.NaN : number(sample.get(1)));
                }
                yield MetricAnswer.value(samples);
            }
            case "matrix" -> {
                List<Object> samples = new ArrayList<>();
                for (Json series : result) {
                    for (Json sample : series instanceof JsonObject one ? one.array("values") : JsonArray.empty()) {
                        JsonArray pair = sample instanceof JsonArray array ? array : JsonArray.empty();
                        samples.add(pair.size() < 2 ? Double.NaN : number(pair.get(1)));
                    }
                }
                yield MetricAnswer.value(samples);
            }
            default -> MetricAnswer.error("Prometheus metric type not supported");
        };
    }

    private static double number(Json value) {
        String text = value.textOrNull();
        if (text == null) {
            text = value.toJson();
        }
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    yield Double.NaN;
                }
            }
        };
    }
}
