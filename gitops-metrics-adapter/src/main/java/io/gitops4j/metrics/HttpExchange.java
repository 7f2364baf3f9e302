package io.gitops4j.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its answer, both bounded: the whole of it, the body included, within the timeout and the size. */
final class HttpExchange {
    private static final int MOST_REDIRECTS = 5;

    private final HttpClient client;
    private final int maxBytes;

    HttpExchange(HttpClient client, int maxBytes) {
        this.client = client;
        this.maxBytes = maxBytes;
    }

    /** An answer with its status and text, and where it sends to ({@code ""} for nowhere). */
    record Answer(int status, String body, String location) {}

    /**
     * Sends it and follows redirects, never from https to http, and with headers, which may be a login, to no other host. An
     * {@link IOException} says in one sentence why there is no answer.
     */
    Answer send(String method, String url, Map<String, String> headers, String body, Duration timeout)
            throws IOException {
        String verb = method;
        String to = url;
        String sent = body;
        for (int redirects = 0; ; redirects++) {
            Answer answer = once(verb, to, headers, sent, timeout);
            if (answer.status() / 100 != 3 || answer.location().isEmpty()) {
                return answer;
            }
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("redirected more than " + MOST_REDIRECTS + " times");
            }
            to = next(to, answer.location(), !headers.isEmpty());
            if (answer.status() < 307) {
                verb = verb.equals("HEAD") ? verb : "GET";
                sent = "";
            }
        }
    }

    private static String next(String from, String location, boolean withLogin) throws IOException {
        URI here = URI.create(from);
        URI there;
        try {
            there = here.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("redirected to what is no address", e);
        }
        boolean http = "http".equals(there.getScheme()) || "https".equals(there.getScheme());
        if (!http || ("https".equals(here.getScheme()) && "http".equals(there.getScheme()))) {
            throw new IOException("redirected away from https, which is not followed");
        }
        boolean sameHost = String.valueOf(here.getAuthority()).equalsIgnoreCase(there.getAuthority());
        if (withLogin && !sameHost) {
            throw new IOException("redirected to another host, where its headers are not sent");
        }
        return there.toString();
    }

    private Answer once(String method, String url, Map<String, String> headers, String body, Duration timeout)
            throws IOException {
        CompletableFuture<Answer> answer;
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(timeout)
                    .method(
                            method,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(request::header);
            answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                    .thenApplyAsync(this::read);
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot be asked: " + e.getMessage(), e);
        }
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + timeout.toSeconds() + "s", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause() == null ? e : e.getCause(), timeout), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String reason(Throwable cause, Duration timeout) {
        if (cause instanceof HttpTimeoutException) {
            return "no answer within " + timeout.toSeconds() + "s";
        }
        if (cause instanceof java.net.ConnectException) {
            return "connection refused";
        }
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }

    private Answer read(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IllegalStateException("the answer is longer than " + maxBytes + " bytes");
            }
            return new Answer(
                    response.statusCode(),
                    new String(bytes, StandardCharsets.UTF_8),
                    response.headers().firstValue("Location").orElse(""));
        } catch (IOException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }
}
