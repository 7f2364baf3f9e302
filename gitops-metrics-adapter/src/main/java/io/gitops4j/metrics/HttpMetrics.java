package io.gitops4j.metrics;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.MetricsProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prometheus and web metrics over {@code java.net.http}: headers, basic and OAuth2 client credentials, signatures for AWS,
 * timeouts, certificates that are not checked where the metric says so. Safe for use by several threads; holds no state but its connections.
 *
 * <p>Source: Rollouts §3.8.
 */
public final class HttpMetrics implements MetricsProvider {
    private static final int MAX_BYTES = 4 << 20;
    private static final String TOKEN_SERVICE = "https://sts.%s.amazonaws.com/";
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpExchange trusting;
    private final HttpExchange careless;
    private final String prometheusAddress;
    private final AwsLogin aws;

    private HttpMetrics(String prometheusAddress, AwsLogin aws) {
        this.prometheusAddress = prometheusAddress;
        this.aws = aws;
        this.trusting = new HttpExchange(client().build(), MAX_BYTES);
        this.careless =
                new HttpExchange(client().sslContext(AnyCertificate.context()).build(), MAX_BYTES);
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER);
    }

    /** Metrics that name their own addresses. */
    public static HttpMetrics create() {
        return new HttpMetrics("", new AwsLogin(null, InstantSource.system(), TOKEN_SERVICE));
    }

    /** Metrics of which those for Prometheus need not name an address: this one is asked. */
    public static HttpMetrics withPrometheus(String address) {
        return new HttpMetrics(
                address.endsWith("/") ? address.substring(0, address.length() - 1) : address, create().aws);
    }

    /** The same, with credentials for metrics of AWS that ask for {@code sigv4}. */
    public HttpMetrics withAws(AwsCredentials.Source credentials) {
        return withAws(credentials, InstantSource.system(), TOKEN_SERVICE);
    }

    HttpMetrics withAws(AwsCredentials.Source credentials, InstantSource clock, String tokenService) {
        return new HttpMetrics(prometheusAddress, new AwsLogin(credentials, clock, tokenService));
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Response ask(Request request) {
        String url = request.url();
        if (url.startsWith("/") && request.provider().equals("prometheus")) {
            url = prometheusAddress.isEmpty() ? "" : prometheusAddress + url;
        }
        if (url.isEmpty()) {
            return Response.failed(
                    request.provider().equals("prometheus")
                            ? "the metric names no address of Prometheus, and there is none by default"
                            : "the provider " + request.provider() + " needs a MetricsProvider of its own");
        }
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            return Response.failed("not an HTTP address: " + url);
        }
        HttpExchange exchange = request.config().bool("insecure", false) ? careless : trusting;
        try {
            Map<String, String> headers = new LinkedHashMap<>(request.headers());
            authenticate(exchange, request, headers);
            JsonObject sigv4 = request.config().object("authentication").object("sigv4");
            if (!sigv4.isEmpty()) {
                // a blank is written the way it is signed
                url = url.replace("+", "%20");
                aws.sign(
                        exchange, sigv4, request.method(), URI.create(url), headers, request.body(), request.timeout());
            }
            HttpExchange.Answer answer =
                    exchange.send(request.method(), url, headers, request.body(), request.timeout());
            return new Response(answer.status(), answer.body(), "");
        } catch (IOException | IllegalArgumentException e) {
            return Response.failed(request.provider() + ": " + e.getMessage());
        }
    }

    private static void authenticate(HttpExchange exchange, Request request, Map<String, String> headers)
            throws IOException {
        JsonObject authentication = request.config().object("authentication");
        JsonObject basic = authentication.object("basic");
        if (!basic.isEmpty()) {
            String pair = basic.text("username", "") + ":" + basic.text("password", "");
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        JsonObject oauth = authentication.object("oauth2");
        if (!oauth.text("tokenUrl", "").isEmpty()) {
            headers.put("Authorization", "Bearer " + token(exchange, oauth, request.timeout()));
        }
    }

    private static String token(HttpExchange exchange, JsonObject oauth, Duration timeout) throws IOException {
        List<String> scopes = new ArrayList<>();
        for (Json scope : oauth.array("scopes")) {
            String text = scope.textOrNull();
            if (text != null) {
                scopes.add(text);
            }
        }
        String form = "grant_type=client_credentials&client_id=" + encoded(oauth.text("clientId", ""))
                + "&client_secret=" + encoded(oauth.text("clientSecret", ""))
                + (scopes.isEmpty() ? "" : "&scope=" + encoded(String.join(" ", scopes)));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        HttpExchange.Answer answer = exchange.send("POST", oauth.text("tokenUrl", ""), headers, form, timeout);
        String token = JsonReader.parse(answer.body()).orNull() instanceof JsonObject body
                ? body.text("access_token", "")
                : "";
        if (answer.status() / 100 != 2 || token.isEmpty()) {
            throw new IOException("no OAuth2 token: HTTP " + answer.status());
        }
        return token;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
