package io.gitops4j.testkit.http;

import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.apiserver.ApiRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Streams a watch, one JSON line an event, until the client goes, the time is over or the server ends it. */
final class WatchReply {
    private static final long BOOKMARK_MILLIS = 60_000;
    private static final long IDLE_MILLIS = 1_000;

    private final FakeCluster cluster;
    private final ApiRequest request;
    private final Options options;
    private final UnaryOperator<JsonObject> shown;

    /**
     * What the client asked for.
     *
     * @param bookmarks whether it takes bookmarks
     * @param initialEvents whether the end of the present objects is to be marked
     * @param timeoutSeconds when to end
     */
    record Options(boolean bookmarks, boolean initialEvents, int timeoutSeconds) {}

    WatchReply(FakeCluster cluster, ApiRequest request, Options options, UnaryOperator<JsonObject> shown) {
        this.cluster = cluster;
        this.request = request;
        this.options = options;
        this.shown = shown;
    }

    void stream(Reply reply) throws IOException {
        Semaphore news = new Semaphore(0);
        try (Watch watch = cluster.open(request, options.initialEvents())) {
            watch.onAvailable(news::release);
            OutputStream out = reply.stream();
            out.flush();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.timeoutSeconds());
            long bookmark = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BOOKMARK_MILLIS);
            while (!watch.ended()
                    && System.nanoTime() < end
                    && !Thread.currentThread().isInterrupted()) {
                drain(watch, out);
                long wait = Math.min(IDLE_MILLIS, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()) + 1);
                if (news.tryAcquire(Math.max(wait, 1), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
                if (options.bookmarks() && System.nanoTime() > bookmark) {
                    write(out, cluster.api().bookmark(watch, request));
                    bookmark += TimeUnit.MILLISECONDS.toNanos(BOOKMARK_MILLIS);
                }
            }
            drain(watch, out);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(Watch watch, OutputStream out) throws IOException {
        boolean any = false;
        for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
            write(out, event.get());
            any = true;
        }
        if (any) {
            out.flush();
        }
    }

    private void write(OutputStream out, WatchEvent event) throws IOException {
        boolean plain = event.type() == WatchEvent.Type.ERROR || event.type() == WatchEvent.Type.BOOKMARK;
        JsonObject object = plain ? event.object() : shown.apply(event.object());
        JsonObject line = JsonObject.builder()
                .put("type", event.type().name())
                .put("object", object)
                .build();
        out.write((line.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
