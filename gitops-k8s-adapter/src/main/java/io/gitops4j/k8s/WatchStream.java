package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.spi.Watch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A watch that outlives its connections: it goes on after the last version it saw; where the server no longer knows that
 * version, it lists again and gives the differences as events, so that no delete is lost.
 */
final class WatchStream implements Watch {
    private static final Limits EVENT =
            Limits.builder().depth(1000).documentBytes(64L << 20).build();
    private static final int GRACE_SECONDS = 10;
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final ApiClient client;
    private final String path;
    private final ListQuery query;
    private final String accept;
    private final UnaryOperator<JsonObject> shape;
    private final Supplier<ListPage> lister;
    private final ArrayDeque<WatchEvent> events = new ArrayDeque<>();
    private final Map<String, JsonObject> seen = new LinkedHashMap<>();
    private String version;
    private Runnable wakeUp = () -> {};
    private boolean closed;
    private boolean ended;
    private boolean expired;
    private int failures;
    private int connections;
    private @Nullable AsyncBody body;

    /**
     * A watch.
     *
     * @param accept in which form objects are asked for
     * @param shape makes an object of an event what those of {@code lister} are
     */
    WatchStream(
            ApiClient client,
            String path,
            ListQuery query,
            String accept,
            UnaryOperator<JsonObject> shape,
            Supplier<ListPage> lister) {
        this.client = client;
        this.path = path;
        this.query = query;
        this.accept = accept;
        this.shape = shape;
        this.lister = lister;
        this.version = query.resourceVersion();
        if (version.isEmpty()) {
            relist();
        }
        connect();
    }

    @Override
    public synchronized Optional<WatchEvent> poll() {
        return Optional.ofNullable(events.poll());
    }

    @Override
    public synchronized boolean ended() {
        return ended && events.isEmpty();
    }

    @Override
    public void onAvailable(Runnable newWakeUp) {
        boolean waiting;
        synchronized (this) {
            wakeUp = newWakeUp;
            waiting = !events.isEmpty() || ended;
        }
        if (waiting) {
            newWakeUp.run();
        }
    }

    @Override
    public void close() {
        AsyncBody open;
        synchronized (this) {
            closed = true;
            ended = true;
            events.clear();
            open = body;
        }
        if (open != null) {
            open.cancel();
        }
    }

    private void connect() {
        Map<String, String> parameters = ApiPath.query();
        parameters.put("watch", "true");
        parameters.put("allowWatchBookmarks", "true");
        long seconds = Math.max(1, client.options().watchTime().toSeconds());
        parameters.put("timeoutSeconds", String.valueOf(seconds));
        int number;
        synchronized (this) {
            if (closed) {
                return;
            }
            parameters.put("resourceVersion", version);
            body = null;
            number = ++connections;
        }
        // The server ends the stream by itself; one that is still open after that has died unnoticed.
        CompletableFuture.delayedExecutor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)
                .execute(() -> giveUp(number));
        parameters.put("labelSelector", query.labelSelector());
        parameters.put("fieldSelector", query.fieldSelector());
        Lines lines = new Lines();
        client.stream(ApiPath.withQuery(path, parameters), accept, (buffers, open) -> {
                    for (ByteBuffer buffer : buffers) {
                        lines.add(buffer);
                    }
                    open.consume();
                })
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        reconnect(true);
                    } else if (!response.isSuccessful()) {
                        response.body().cancel();
                        refused(response.code());
                    } else {
                        opened(response.body());
                    }
                });
    }

    private void giveUp(int number) {
        AsyncBody open;
        synchronized (this) {
            if (closed || ended || number != connections) {
                return;
            }
            open = body;
        }
        if (open != null) {
            open.cancel();
        }
    }

    private void opened(AsyncBody open) {
        boolean cancel;
        synchronized (this) {
            body = open;
            cancel = closed;
        }
        open.done().whenComplete((nothing, failure) -> {
            if (takeExpired()) {
                restart();
            } else {
                reconnect(failure != null);
            }
        });
        if (cancel) {
            open.cancel();
        } else {
            open.consume();
        }
    }

    /** The version is no longer known: the connection is given up, and its end starts the list. */
    private void expire() {
        AsyncBody open;
        synchronized (this) {
            expired = true;
            open = body;
        }
        if (open != null) {
            open.cancel();
        }
    }

    private synchronized boolean takeExpired() {
        boolean was = expired;
        expired = false;
        return was;
    }

    private void refused(int code) {
        if (code == 410) {
            restart();
        } else if (code == 401 || code == 403 || code == 404 || code == 400) {
            end(ApiStatus.of(code, "", "the server refused the watch with HTTP " + code));
        } else {
            reconnect(true);
        }
    }

    private void end(ApiStatus status) {
        synchronized (this) {
            if (!closed) {
                events.add(new WatchEvent(WatchEvent.Type.ERROR, status.toJson()));
            }
            ended = true;
        }
        wake();
    }

    private void restart() {
        try {
            relist();
        } catch (ApiException e) {
            end(e.status());
            return;
        } catch (GitOpsException e) {
            reconnect(true);
            return;
        }
        wake();
        reconnect(false);
    }

    private void reconnect(boolean failed) {
        long delay;
        synchronized (this) {
            if (closed || ended) {
                return;
            }
            failures = failed ? failures + 1 : 0;
            delay = failed ? Math.min(30_000, 50L << Math.min(failures, 9)) : 5;
        }
        CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(this::connect);
    }

    /** Lists and gives what differs from what was seen. */
    private void relist() {
        ListPage page = lister.get();
        synchronized (this) {
            Map<String, JsonObject> gone = new LinkedHashMap<>(seen);
            for (JsonObject item : page.items()) {
                String key = key(item);
                JsonObject before = gone.remove(key);
                if (before == null) {
                    add(WatchEvent.Type.ADDED, item);
                } else if (!versionOf(before).equals(versionOf(item))) {
                    add(WatchEvent.Type.MODIFIED, item);
                }
            }
            gone.values().forEach(item -> add(WatchEvent.Type.DELETED, item));
            version = page.resourceVersion();
        }
    }

    private void add(WatchEvent.Type type, JsonObject object) {
        if (type == WatchEvent.Type.DELETED) {
            seen.remove(key(object));
        } else {
            seen.put(key(object), reduced(object));
        }
        events.add(new WatchEvent(type, object));
    }

    /** What must be kept of an object to tell later that it is gone. */
    private static JsonObject reduced(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        JsonObject.Builder kept = JsonObject.builder();
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "labels")) {
            kept.putIfPresent(field, metadata.get(field));
        }
        if (metadata.has("annotations")) {
            kept.put("annotations", metadata.object("annotations").without(LAST_APPLIED));
        }
        return JsonObject.builder()
                .putIfPresent("apiVersion", object.get("apiVersion"))
                .putIfPresent("kind", object.get("kind"))
                .put("metadata", kept.build())
                .build();
    }

    private static String key(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        return metadata.text("namespace", "") + "/" + metadata.text("name", "") + "/" + metadata.text("uid", "");
    }

    private static String versionOf(JsonObject object) {
        return object.object("metadata").text("resourceVersion", "");
    }

    private void accept(String line) {
        if (line.isBlank()) {
            return;
        }
        Json parsed = JsonReader.parse("", line, EVENT).orNull();
        if (!(parsed instanceof JsonObject event) || !(event.get("object") instanceof JsonObject object)) {
            return;
        }
        String type = event.text("type", "").toUpperCase(Locale.ROOT);
        switch (type) {
            case "ADDED", "MODIFIED", "DELETED" -> {
                synchronized (this) {
                    failures = 0;
                    version = versionOf(object);
                    add(WatchEvent.Type.valueOf(type), shape.apply(object));
                }
                wake();
            }
            case "BOOKMARK" -> {
                synchronized (this) {
                    version = versionOf(object);
                    events.add(new WatchEvent(WatchEvent.Type.BOOKMARK, object));
                }
                wake();
            }
            case "ERROR" -> {
                ApiStatus status = ApiStatus.from(object);
                if (status.code() == 410) {
                    expire();
                }
            }
            default -> {
                return;
            }
        }
    }

    private void wake() {
        Runnable action;
        synchronized (this) {
            action = wakeUp;
        }
        action.run();
    }

    /** Cuts the stream into lines. Bytes of one connection come one after the other. */
    private final class Lines {
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

        void add(ByteBuffer buffer) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    accept(pending.toString(StandardCharsets.UTF_8));
                    pending.reset();
                } else {
                    pending.write(next);
                }
            }
        }
    }
}
