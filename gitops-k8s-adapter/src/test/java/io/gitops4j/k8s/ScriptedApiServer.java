package io.gitops4j.k8s;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** Answers as a test says, in order for each path, and records what was asked. The last answer of a path stays. */
final class ScriptedApiServer implements AutoCloseable {

    /** One answer. A body of several parts is sent part by part and the connection is closed after them. */
    record Answer(int status, Map<String, String> headers, List<String> body) {}

    /** One call as it came in. */
    record Asked(String method, String uri, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final Map<String, ArrayDeque<Answer>> answers = new LinkedHashMap<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

    ScriptedApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
        json("/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
        json("/apis", "{\"kind\":\"APIGroupList\",\"groups\":[]}");
        json("/api/v1", """
                {"kind":"APIResourceList","groupVersion":"v1","resources":[
                {"name":"configmaps","singularName":"configmap","namespaced":true,"kind":"ConfigMap","shortNames":["cm"],
                "verbs":["get","list","watch"]},{"name":"configmaps/status","kind":"ConfigMap","namespaced":true,"verbs":[]}]}
                """);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    KubernetesCluster cluster(ClientOptions options) {
        Config config = Config.empty();
        config.setMasterUrl(url());
        config.setRequestRetryBackoffLimit(0);
        return KubernetesCluster.of(
                "test", new KubernetesClientBuilder().withConfig(config).build(), options);
    }

    void json(String path, String body) {
        answer(path, 200, Map.of("Content-Type", "application/json"), body);
    }

    void answer(String path, int status, Map<String, String> headers, String... body) {
        answers.computeIfAbsent(path, p -> new ArrayDeque<>()).add(new Answer(status, headers, List.of(body)));
    }

    List<Asked> asked(String path) {
        return asked.stream().filter(a -> a.uri().startsWith(path)).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Answer answer = next(
                exchange.getRequestURI().getPath(), exchange.getRequestURI().getQuery());
        try (exchange) {
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(answer.status(), answer.body().isEmpty() ? -1 : 0);
            for (String part : answer.body()) {
                exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        }
    }

    private synchronized Answer next(String path, String query) {
        boolean watch = query != null && query.contains("watch=true");
        ArrayDeque<Answer> known = answers.get(watch ? path + "?watch" : path);
        if (known == null) {
            return new Answer(
                    404,
                    Map.of(),
                    List.of("{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\","
                            + "\"message\":\"not found\",\"code\":404}"));
        }
        return known.size() > 1 ? known.poll() : known.peek();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
