package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One API server: makes calls with rate limit, timeout, retries and circuit breaker, and puts failures into our codes. */
final class ApiClient implements AutoCloseable {
    private static final int LONGEST_WAIT_SECONDS = 300;
    private static final Limits RESPONSE =
            Limits.builder().documentBytes(256L << 20).depth(1000).build();

    private final KubernetesClient client;
    private final HttpClient http;
    private final String base;
    private final ClientOptions options;
    private final RateLimit rate;
    private final CircuitBreaker breaker = new CircuitBreaker(System::nanoTime);

    ApiClient(KubernetesClient client, ClientOptions options) {
        this.client = client;
        this.http = client.getHttpClient();
        String url = client.getMasterUrl().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.options = options;
        this.rate = new RateLimit(options.callsPerSecond(), options.burst(), System::nanoTime);
    }

    String base() {
        return base;
    }

    JsonObject get(String path) {
        return object(call("GET", path, null, null, "application/json"));
    }

    JsonObject get(String path, String accept) {
        return object(call("GET", path, null, null, accept));
    }

    JsonObject send(String method, String path, String contentType, Json body) {
        return object(call(method, path, contentType, body.toJson(), "application/json"));
    }

    /** The text of a successful answer; refusals are {@link ApiException}s, failures to reach {@link GitOpsException}s. */
    private String call(String method, String path, @Nullable String type, @Nullable String body, String accept) {
        for (int attempt = 0; ; attempt++) {
            pause(rate.take());
            if (!breaker.permits()) {
                throw new GitOpsException("CLUSTER_UNREACHABLE", "the API server " + base + " has not answered lately");
            }
            HttpResponse<String> response;
            try {
                response = await(http.sendAsync(request(method, path, type, body, accept), String.class), path);
            } catch (GitOpsException e) {
                breaker.failed();
                if (method.equals("GET") && e.code().equals("CLUSTER_UNREACHABLE") && attempt < options.retries()) {
                    pause(100_000_000L << attempt);
                    continue;
                }
                throw e;
            }
            breaker.succeeded();
            if (response.isSuccessful()) {
                String text = response.body();
                return text == null ? "" : text;
            }
            ApiStatus status = status(response);
            if ((status.code() == 429 || status.code() == 503) && attempt < options.retries()) {
                pause(retryAfterNanos(response, status, attempt));
                continue;
            }
            throw new ApiException(status);
        }
    }

    private static long retryAfterNanos(HttpResponse<String> response, ApiStatus status, int attempt) {
        String header = response.header("Retry-After");
        int seconds =
                header != null && header.matches("[0-9]{1,6}") ? Integer.parseInt(header) : status.retryAfterSeconds();
        if (seconds > LONGEST_WAIT_SECONDS) {
            throw new ApiException(status);
        }
        return seconds > 0 ? seconds * 1_000_000_000L : 200_000_000L << attempt;
    }

    private HttpRequest request(
            String method, String path, @Nullable String type, @Nullable String body, String accept) {
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(base + path)
                .header("Accept", accept)
                .timeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        if (!options.impersonate().isEmpty()) {
            request.header("Impersonate-User", options.impersonate());
            options.impersonateGroups().forEach(group -> request.header("Impersonate-Group", group));
        }
        if (method.equals("GET")) {
            return request.build();
        }
        return request.method(method, type == null ? "application/json" : type, body == null ? "" : body)
                .build();
    }

    /** Starts a streaming GET; the consumer gets the bytes as they come. */
    CompletableFuture<HttpResponse<AsyncBody>> stream(String path, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(base + path)
                .header("Accept", "application/json")
                .forStreaming();
        if (!options.impersonate().isEmpty()) {
            request.header("Impersonate-User", options.impersonate());
            options.impersonateGroups().forEach(group -> request.header("Impersonate-Group", group));
        }
        return http.consumeBytes(request.build(), consumer);
    }

    private <T> T await(CompletableFuture<T> future, String path) {
        try {
            return future.get(options.timeout().toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new GitOpsException(
                    "TIMEOUT",
                    base + pathOnly(path) + " has not answered within "
                            + options.timeout().toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.cancel(true);
            throw new GitOpsException("INTERRUPTED", "interrupted while waiting for " + base, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            boolean timeout = String.valueOf(cause).toLowerCase(Locale.ROOT).contains("timeout");
            throw new GitOpsException(
                    timeout ? "TIMEOUT" : "CLUSTER_UNREACHABLE", "cannot reach " + base + ": " + reason(cause), cause);
        }
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static String pathOnly(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static void pause(long nanos) {
        if (nanos <= 0) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitOpsException("INTERRUPTED", "interrupted while waiting for the rate limit", e);
        }
    }

    private static JsonObject object(String text) {
        if (JsonReader.parse("", text, RESPONSE).orNull() instanceof JsonObject object) {
            if ("Status".equals(object.text("kind")) && "Failure".equals(object.text("status"))) {
                throw new ApiException(ApiStatus.from(object));
            }
            return object;
        }
        throw new GitOpsException("BAD_RESPONSE", "the API server answered with something that is no JSON object");
    }

    static ApiStatus status(HttpResponse<?> response) {
        String text = response.body() instanceof String body ? body : "";
        if (text.startsWith("{")
                && JsonReader.parse("", text, RESPONSE).orNull() instanceof JsonObject object
                && "Status".equals(object.text("kind"))) {
            return ApiStatus.from(object.with("code", Json.of(response.code())));
        }
        String shown = text.startsWith("<")
                ? ""
                : text.substring(0, Math.min(text.length(), 1024)).trim();
        return ApiStatus.of(response.code(), "", shown.isEmpty() ? "HTTP " + response.code() : shown);
    }

    @Override
    public void close() {
        client.close();
    }
}
