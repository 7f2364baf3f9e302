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
import io.gitops4j.k8s.RetryRules.Call;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One API server: makes calls with a rate limit, a bound of calls at a time, timeouts, retries and a circuit breaker, each of
 * this server alone, and puts failures into our codes.
 */
final class ApiClient implements AutoCloseable {
    private static final Limits RESPONSE =
            Limits.builder().documentBytes(256L << 20).depth(1000).build();

    private final KubernetesClient client;
    private final boolean owner;
    private final HttpClient http;
    private final String base;
    private final ClientOptions options;
    private final RateLimit rate;
    private final Semaphore places;
    private final CircuitBreaker breaker = new CircuitBreaker(System::nanoTime);
    private final RetryBudget budget = new RetryBudget();
    /** Until when, in {@link System#nanoTime}, the server has asked not to be called. */
    private final AtomicLong busyUntil = new AtomicLong(System.nanoTime());

    ApiClient(KubernetesClient client, ClientOptions options) {
        this(client, options, true);
    }

    private ApiClient(KubernetesClient client, ClientOptions options, boolean owner) {
        this.client = client;
        this.owner = owner;
        this.http = client.getHttpClient();
        String url = client.getMasterUrl().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.options = options;
        this.rate = new RateLimit(options.callsPerSecond(), options.burst(), System::nanoTime);
        this.places = new Semaphore(Math.max(1, options.inFlight()), true);
    }

    String base() {
        return base;
    }

    ClientOptions options() {
        return options;
    }

    JsonObject get(String path) {
        return get(path, "application/json");
    }

    JsonObject get(String path, String accept) {
        return object(call(new Question("GET", path, "application/json", "", accept, 1)));
    }

    /** A read of many objects, which may take twice as long. */
    JsonObject list(String path, String accept) {
        return object(call(new Question("GET", path, "application/json", "", accept, 2)));
    }

    JsonObject send(String method, String path, String contentType, Json body) {
        return send(method, path, contentType, body.toJson());
    }

    JsonObject send(String method, String path, String contentType, String body) {
        return send(method, path, contentType, body, "application/json");
    }

    JsonObject send(String method, String path, String contentType, String body, String accept) {
        return object(call(new Question(method, path, contentType, body, accept, 1)));
    }

    private record Question(String method, String path, String type, String body, String accept, int patience) {}

    private record Answer(int code, @Nullable String retryAfter, List<String> warnings, byte[] body) {}

    /** The bytes of a successful answer; refusals are {@link ApiException}s, failures to reach {@link GitOpsException}s. */
    private byte[] call(Question question) {
        Call kind = Call.of(question.method(), question.type());
        budget.called();
        for (int attempt = 0; ; attempt++) {
            boolean more = attempt < options.retries();
            Answer answer;
            try {
                answer = exchange(question);
            } catch (GitOpsException e) {
                boolean passes =
                        e.code().equals("CLUSTER_UNREACHABLE") || e.code().equals("CLUSTER_DOWN");
                if (!more
                        || !passes
                        || !RetryRules.afterBreak(kind, e.code().equals("CLUSTER_DOWN") || ApiFailure.neverSent(e))
                        || !budget.take()) {
                    throw e.code().equals("CLUSTER_DOWN") ? down() : e;
                }
                pause(RetryRules.backoffNanos(
                        attempt, ThreadLocalRandom.current().nextDouble()));
                continue;
            }
            answer.warnings().forEach(options.warnings());
            if (answer.code() >= 200 && answer.code() < 300) {
                return answer.body();
            }
            if (answer.code() >= 300 && answer.code() < 400) {
                throw new GitOpsException(
                        "REDIRECT", base + " answered with a redirect, which is not followed: HTTP " + answer.code());
            }
            ApiStatus status = status(answer.code(), answer.body());
            int told = RetryRules.retryAfterSeconds(answer.retryAfter(), status.retryAfterSeconds(), Instant.now());
            if (!more
                    || RetryRules.isAnswer(status)
                    || told > RetryRules.LONGEST_WAIT_SECONDS
                    || !RetryRules.afterStatus(kind, answer.code(), told >= 0)
                    || !budget.take()) {
                throw new ApiException(status);
            }
            if (told > 0 && answer.code() == 429) {
                // The server is busy for everybody, so nobody calls before that time.
                long until = System.nanoTime() + told * 1_000_000_000L;
                busyUntil.accumulateAndGet(until, (a, b) -> a - b > 0 ? a : b);
            } else {
                pause(
                        told > 0
                                ? told * 1_000_000_000L
                                : RetryRules.backoffNanos(
                                        attempt, ThreadLocalRandom.current().nextDouble()));
            }
        }
    }

    private GitOpsException down() {
        return new GitOpsException("CLUSTER_UNREACHABLE", "the API server " + base + " has not answered lately");
    }

    private Answer exchange(Question question) {
        pause(busyUntil.get() - System.nanoTime());
        pause(rate.take());
        if (!breaker.permits()) {
            throw new GitOpsException("CLUSTER_DOWN", base);
        }
        long millis = options.timeout().toMillis() * question.patience();
        takePlace(millis, question.path());
        try {
            Answer answer = await(question, millis);
            breaker.succeeded();
            return answer;
        } catch (GitOpsException e) {
            if (!e.code().equals("INTERRUPTED") && !e.code().equals("BAD_RESPONSE")) {
                breaker.failed(e.code().equals("TIMEOUT"));
            }
            throw e;
        } finally {
            places.release();
        }
    }

    private void takePlace(long millis, String path) {
        try {
            if (!places.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                throw new GitOpsException(
                        "TIMEOUT", base + pathOnly(path) + ": too many calls are waiting for this server");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Answer await(Question question, long millis) {
        Gathered gathered = new Gathered(RESPONSE.documentBytes());
        long end = System.nanoTime() + millis * 1_000_000;
        CompletableFuture<HttpResponse<AsyncBody>> head = http.consumeBytes(request(question, millis), gathered);
        CompletableFuture<HttpResponse<AsyncBody>> whole = head.thenCompose(response -> {
            response.body().consume();
            return response.body().done().thenApply(nothing -> response);
        });
        try {
            HttpResponse<AsyncBody> response = whole.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return new Answer(
                    response.code(),
                    response.header("Retry-After"),
                    Warnings.of(response.headers("Warning")),
                    gathered.bytes());
        } catch (TimeoutException e) {
            giveUp(head, whole);
            throw late(question, millis, e);
        } catch (InterruptedException e) {
            giveUp(head, whole);
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (gathered.tooMuch()) {
                throw new GitOpsException(
                        "BAD_RESPONSE",
                        base + pathOnly(question.path()) + " answered with more than "
                                + (RESPONSE.documentBytes() >> 20) + " MiB",
                        e);
            }
            Throwable cause = ApiFailure.root(e);
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted(interrupted);
            }
            if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
                throw late(question, millis, e);
            }
            throw ApiFailure.of(e.getCause() == null ? e : e.getCause(), base);
        }
    }

    private GitOpsException late(Question question, long millis, Exception cause) {
        return new GitOpsException(
                "TIMEOUT",
                base + pathOnly(question.path()) + " has not answered within " + millis / 1000.0 + " s",
                cause);
    }

    private static void giveUp(
            CompletableFuture<HttpResponse<AsyncBody>> head, CompletableFuture<HttpResponse<AsyncBody>> whole) {
        head.thenAccept(response -> response.body().cancel());
        head.cancel(true);
        whole.cancel(true);
    }

    private GitOpsException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new GitOpsException("INTERRUPTED", "interrupted while waiting for " + base, e);
    }

    private HttpRequest request(Question question, long millis) {
        HttpRequest.Builder request = as(http.newHttpRequestBuilder()
                .uri(base + question.path())
                .header("Accept", question.accept())
                .timeout(millis, TimeUnit.MILLISECONDS));
        return question.method().equals("GET")
                ? request.build()
                : request.method(question.method(), question.type(), question.body())
                        .build();
    }

    private HttpRequest.Builder as(HttpRequest.Builder request) {
        if (!options.impersonate().isEmpty()) {
            request.header("Impersonate-User", options.impersonate());
            options.impersonateGroups().forEach(group -> request.header("Impersonate-Group", group));
            options.impersonateExtra()
                    .forEach((key, values) ->
                            values.forEach(value -> request.header("Impersonate-Extra-" + key, value)));
        }
        return request;
    }

    /** Starts a streaming GET; the consumer gets the bytes as they come. */
    CompletableFuture<HttpResponse<AsyncBody>> stream(
            String path, String accept, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(base + path)
                .header("Accept", accept)
                .forStreaming();
        return http.consumeBytes(as(request).build(), consumer);
    }

    private static String pathOnly(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private void pause(long nanos) {
        if (nanos <= 0) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static JsonObject object(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (JsonReader.parse("", text, RESPONSE).orNull() instanceof JsonObject object) {
            if ("Status".equals(object.text("kind")) && "Failure".equals(object.text("status"))) {
                throw new ApiException(ApiStatus.from(object));
            }
            return object;
        }
        throw new GitOpsException("BAD_RESPONSE", "the API server answered with something that is no JSON object");
    }

    private static ApiStatus status(int code, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.startsWith("{")
                && JsonReader.parse("", text, RESPONSE).orNull() instanceof JsonObject object
                && "Status".equals(object.text("kind"))) {
            return ApiStatus.from(object.with("code", Json.of(code)));
        }
        String shown = text.startsWith("<")
                ? ""
                : text.substring(0, Math.min(text.length(), 1024)).trim();
        return ApiStatus.of(code, "", shown.isEmpty() ? "HTTP " + code : shown);
    }

    /** The same server for another user, over the same connections. */
    ApiClient as(String user, List<String> groups) {
        return new ApiClient(client, options.withImpersonation(user, groups), false);
    }

    @Override
    public void close() {
        if (owner) {
            client.close();
        }
    }
}
