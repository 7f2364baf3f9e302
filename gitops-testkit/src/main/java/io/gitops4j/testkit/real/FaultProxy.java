package io.gitops4j.testkit.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Stands between a client and an API server and does to each request what a test says: passes it on, answers it itself, holds it
 * up, or cuts the connection before or after the server has carried it out. Plain HTTP on loopback towards the client.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Set<String> OWN = Set.of(
            "connection",
            "content-length",
            "host",
            "upgrade",
            "transfer-encoding",
            "http2-settings",
            "expect",
            ":status");

    static {
        // As in FakeClusterServer: no 40 ms between the head of an answer and its body.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final HttpClient upstream;
    private final String target;
    private final String token;
    private final Set<HttpExchange> streams = new LinkedHashSet<>();
    private final List<Request> requests = new ArrayList<>();
    private volatile Function<Request, Fault> faults = request -> Fault.pass();

    /** A request as it came in. */
    public record Request(String method, String path, String query) {
        /** Whether it opens a watch. */
        public boolean isWatch() {
            return query.contains("watch=true");
        }

        /** Whether it could change something. */
        public boolean isWrite() {
            return !method.equals("GET") && !query.contains("dryRun");
        }
    }

    /**
     * What is done to a request.
     *
     * @param kind of fault
     * @param code HTTP status of an own answer
     * @param retryAfter seconds, or {@code ""} for no such header
     * @param millis how long the request is held up first
     */
    public record Fault(Kind kind, int code, String retryAfter, long millis) {
        /** Kinds of faults. */
        public enum Kind {
            /** Passed on. */
            PASS,
            /** Answered here. */
            ANSWER,
            /** The connection is cut, the server sees nothing. */
            CUT_BEFORE,
            /** The server carries it out, the answer is lost. */
            CUT_AFTER
        }

        /** No fault. */
        public static Fault pass() {
            return new Fault(Kind.PASS, 0, "", 0);
        }

        /** Passed on late. */
        public static Fault late(long millis) {
            return new Fault(Kind.PASS, 0, "", millis);
        }

        /** Answered by the proxy. */
        public static Fault answer(int code, String retryAfter) {
            return new Fault(Kind.ANSWER, code, retryAfter, 0);
        }

        /** Cut before the server sees it. */
        public static Fault cutBefore() {
            return new Fault(Kind.CUT_BEFORE, 0, "", 0);
        }

        /** Cut after the server has done it. */
        public static Fault cutAfter() {
            return new Fault(Kind.CUT_AFTER, 0, "", 0);
        }
    }

    private FaultProxy(HttpClient upstream, String target, String token) {
        this.upstream = upstream;
        this.target = target;
        this.token = token;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fault-proxy");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** A proxy before a plain HTTP server. */
    public static FaultProxy before(String url) {
        return new FaultProxy(HttpClient.newHttpClient(), url, "");
    }

    /** A proxy before a real cluster, as its administrator. */
    public static FaultProxy before(RealCluster cluster) {
        try {
            JsonObject config = (JsonObject) YamlReader.kubectl()
                    .read("", Files.readString(cluster.tokenKubeconfig()))
                    .orThrow();
            String url = text(config, "clusters", "cluster", "server");
            String token = text(config, "users", "user", "token");
            HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(cluster)).build();
            return new FaultProxy(client, url, token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonObject config, String list, String member, String field) {
        return ((JsonObject) config.array(list).get(0)).object(member).text(field, "");
    }

    private static SSLContext trusting(RealCluster cluster) throws IOException {
        try (InputStream in = Files.newInputStream(cluster.authority())) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does this to every request from now on. */
    public void faults(Function<Request, Fault> rule) {
        faults = rule;
    }

    /** The URL for clients. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A kubeconfig for clients, with one context of this name. */
    public String kubeconfig(String name) {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: NAME, cluster: {server: "URL"}}]
                users: [{name: admin, user: {}}]
                contexts: [{name: NAME, context: {cluster: NAME, user: admin}}]
                current-context: NAME
                """.replace("NAME", name).replace("URL", url());
    }

    /** Every request so far, in the order of arrival. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Cuts the watches that are open; answers how many. */
    public int cutWatches() {
        List<HttpExchange> open;
        synchronized (streams) {
            open = new ArrayList<>(streams);
            streams.clear();
        }
        open.forEach(HttpExchange::close);
        return open.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        Request request = new Request(
                exchange.getRequestMethod(), uri.getRawPath(), uri.getRawQuery() == null ? "" : uri.getRawQuery());
        byte[] body = exchange.getRequestBody().readAllBytes();
        synchronized (requests) {
            requests.add(request);
        }
        Fault fault = faults.apply(request);
        try (exchange) {
            if (fault.millis() > 0) {
                Thread.sleep(fault.millis());
            }
            switch (fault.kind()) {
                case CUT_BEFORE -> {}
                case ANSWER -> {
                    if (!fault.retryAfter().isEmpty()) {
                        exchange.getResponseHeaders().set("Retry-After", fault.retryAfter());
                    }
                    exchange.sendResponseHeaders(fault.code(), -1);
                }
                case CUT_AFTER -> {
                    try (InputStream answer = send(exchange, body).body()) {
                        answer.readAllBytes();
                    }
                }
                case PASS -> pass(exchange, request, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(HttpExchange exchange, Request request, byte[] body) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = send(exchange, body);
        answer.headers().map().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        try (InputStream in = answer.body()) {
            if (!request.isWatch()) {
                byte[] whole = in.readAllBytes();
                exchange.sendResponseHeaders(answer.statusCode(), whole.length == 0 ? -1 : whole.length);
                if (whole.length > 0) {
                    exchange.getResponseBody().write(whole);
                }
                return;
            }
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            synchronized (streams) {
                streams.add(exchange);
            }
            copy(in, exchange.getResponseBody());
        } finally {
            synchronized (streams) {
                streams.remove(exchange);
            }
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[65536];
        out.flush();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private HttpResponse<InputStream> send(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(target + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return upstream.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
