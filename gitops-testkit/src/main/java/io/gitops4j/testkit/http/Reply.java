package io.gitops4j.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answer to one HTTP request. */
final class Reply {
    private final HttpExchange http;

    Reply(HttpExchange http) {
        this.http = http;
    }

    /** The {@code Accept} header, {@code ""} where there is none. */
    String accept() {
        String accept = http.getRequestHeaders().getFirst("Accept");
        return accept == null ? "" : accept;
    }

    /** Whether the first choice of the client is this transformation. */
    boolean asks(String as) {
        String accept = accept();
        int comma = accept.indexOf(',');
        String first = comma < 0 ? accept : accept.substring(0, comma);
        return (first + ";").contains("as=" + as + ";");
    }

    void warnings(List<String> texts) {
        for (String text : texts) {
            http.getResponseHeaders().add("Warning", "299 - " + Json.of(text).toJson());
        }
    }

    void text(String text) throws IOException {
        send(200, "text/plain", text);
    }

    void json(int code, JsonObject body) throws IOException {
        send(code, "application/json", body.toJson());
    }

    void typed(JsonObject body, String contentType) throws IOException {
        send(200, contentType, body.toJson());
    }

    void status(ApiStatus status) throws IOException {
        if (status.retryAfterSeconds() > 0) {
            http.getResponseHeaders().set("Retry-After", Integer.toString(status.retryAfterSeconds()));
        }
        json(status.code(), status.toJson());
    }

    /** Begins a chunked answer. */
    OutputStream stream() throws IOException {
        http.getResponseHeaders().set("Content-Type", "application/json");
        http.sendResponseHeaders(200, 0);
        return http.getResponseBody();
    }

    private void send(int code, String contentType, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", contentType);
        if (http.getRequestMethod().equals("HEAD")) {
            http.sendResponseHeaders(code, -1);
            return;
        }
        http.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = http.getResponseBody()) {
            out.write(bytes);
        }
    }
}
