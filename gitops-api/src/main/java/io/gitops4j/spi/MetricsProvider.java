package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/**
 * Brings a metric's question to its provider and the answer back. What is asked and what the answer means is the engine's
 * business; this is the transport. It may throw nothing: what goes wrong is an answer with an error.
 */
public interface MetricsProvider {

    /** The provider it serves ({@code prometheus}, {@code datadog}, …), or {@code http} for every provider asked by HTTP. */
    String name();

    /** Asks. Called once a measurement; must come back within the request's timeout. */
    Response ask(Request request);

    /**
     * A question.
     *
     * @param provider the member of {@code provider} in the metric
     * @param config what the metric says of the provider, arguments put in
     * @param method HTTP method
     * @param url where to, {@code ""} when the engine does not know how this provider is asked
     * @param headers name → value, in order; may hold secrets
     * @param body {@code ""} for none
     * @param timeout after which the answer is an error
     */
    record Request(
            String provider,
            JsonObject config,
            String method,
            String url,
            Map<String, String> headers,
            String body,
            Duration timeout) {

        /** Everything but header values and the configuration, which may be secret. */
        @Override
        public String toString() {
            return provider + " " + method + " " + url + " headers " + headers.keySet();
        }
    }

    /**
     * An answer.
     *
     * @param status HTTP status, 0 when there was none
     * @param body what came back
     * @param error why nothing came back, {@code ""} when something did
     */
    record Response(int status, String body, String error) {

        /** An answer with status 200. */
        public static Response ok(String body) {
            return new Response(200, body, "");
        }

        /** No answer. */
        public static Response failed(String error) {
            return new Response(0, "", error);
        }
    }
}
