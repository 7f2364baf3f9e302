package io.gitops4j.metrics;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.controller.StepGate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A gate that a web service keeps: {@code gate: {name: confirm, url: "http://…", metadata: {…}}} posts the rollout's name,
 * namespace, phase and the step's metadata there, as Flagger's webhooks do; any 2xx answer opens it. A gate without {@code url}
 * is another gate's business and open as far as this one is concerned.
 *
 * <p>Source: Rollouts §8.
 */
public final class WebhookGate implements StepGate {
    private static final int MAX_BYTES = 64 << 10;

    private final HttpExchange exchange;
    private final Duration timeout;

    /** A gate that is closed when no answer comes within {@code timeout}. */
    public WebhookGate(Duration timeout) {
        this.timeout = timeout;
        HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
        this.exchange = new HttpExchange(client, MAX_BYTES);
    }

    @Override
    public boolean open(JsonObject rollout, JsonObject gate) {
        String url = gate.text("url", "");
        if (url.isEmpty()) {
            return true;
        }
        JsonObject body = JsonObject.builder()
                .put("name", rollout.object("metadata").text("name", ""))
                .put("namespace", rollout.object("metadata").text("namespace", ""))
                .put("phase", rollout.object("status").text("phase", ""))
                .put("gate", gate.text("name", ""))
                .putIfPresent("metadata", gate.get("metadata"))
                .build();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        try {
            return exchange.send("POST", url, headers, ((Json) body).toJson(), timeout)
                                    .status()
                            / 100
                    == 2;
        } catch (IOException e) {
            return false;
        }
    }
}
