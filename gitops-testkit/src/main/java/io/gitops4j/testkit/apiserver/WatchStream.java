package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.Watch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A watch: a place in the log of a kind. Events are made while they are polled, so a slow reader loses nothing and costs a
 * writer nothing. An object that begins to match comes as ADDED, one that ceases to as DELETED with its former content.
 */
final class WatchStream implements Watch {
    private final BiPredicate<ObjectKey, JsonObject> filter;
    private final UnaryOperator<JsonObject> view;
    private final LongSupplier visibleUntil;
    private final Runnable onClose;
    private final Deque<WatchEvent> pending = new ArrayDeque<>();
    private @Nullable Change at;
    private @Nullable WatchEvent last;
    private volatile @Nullable Runnable wakeUp;
    private volatile boolean closed;

    /**
     * A watch after {@code at}.
     *
     * @param filter what the watch asked for, of the object as it is shown
     * @param view how a stored object is shown
     * @param visibleUntil time in milliseconds up to which changes may be seen
     */
    WatchStream(
            Change at,
            BiPredicate<ObjectKey, JsonObject> filter,
            UnaryOperator<JsonObject> view,
            LongSupplier visibleUntil,
            Runnable onClose) {
        this.at = at;
        this.filter = filter;
        this.view = view;
        this.visibleUntil = visibleUntil;
        this.onClose = onClose;
    }

    /** Lets an event come before everything from the log. */
    synchronized void first(WatchEvent event) {
        pending.addLast(event);
    }

    /** Ends the stream after what has been queued; {@code event} is the last one, {@code null} for a silent end. */
    void end(@Nullable WatchEvent event) {
        synchronized (this) {
            if (event != null) {
                last = event;
            }
            at = null;
        }
        closed = true;
        onClose.run();
        signal();
    }

    /** Whether a change may give an event; the reader is woken only then. */
    boolean concerns(Change change) {
        JsonObject before = change.before;
        JsonObject after = change.after;
        return (before != null && filter.test(change.key, before)) || (after != null && filter.test(change.key, after));
    }

    /** Whether somebody asked to be woken. */
    boolean wantsSignals() {
        return wakeUp != null;
    }

    void signal() {
        Runnable action = wakeUp;
        if (action != null) {
            action.run();
        }
    }

    @Override
    public synchronized Optional<WatchEvent> poll() {
        WatchEvent early = pending.pollFirst();
        if (early != null) {
            return Optional.of(early);
        }
        Change current = at;
        while (current != null) {
            Change next = current.next;
            if (next == null || next.timeMillis > visibleUntil.getAsLong()) {
                break;
            }
            at = next;
            current = next;
            WatchEvent event = event(next);
            if (event != null) {
                return Optional.of(event);
            }
        }
        WatchEvent end = last;
        last = null;
        return Optional.ofNullable(end);
    }

    private @Nullable WatchEvent event(Change change) {
        JsonObject before = change.before;
        JsonObject after = change.after;
        boolean was = before != null && filter.test(change.key, before);
        boolean is = after != null && filter.test(change.key, after);
        if (is && after != null) {
            return new WatchEvent(was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, view.apply(after));
        }
        if (was && before != null) {
            return new WatchEvent(
                    WatchEvent.Type.DELETED, view.apply(ObjectStore.withVersion(before, change.revision)));
        }
        return null;
    }

    /** The event that tells how far the log has been read. */
    synchronized WatchEvent bookmark(String apiVersion, String kind, boolean endOfInitialEvents, long now) {
        Change current = at;
        long revision = current == null || current.next == null ? now : current.revision;
        JsonObject.Builder metadata = JsonObject.builder().put("resourceVersion", Long.toString(revision));
        if (endOfInitialEvents) {
            metadata.put("annotations", JsonObject.of("k8s.io/initial-events-end", Json.of("true")));
        }
        return new WatchEvent(
                WatchEvent.Type.BOOKMARK,
                JsonObject.builder()
                        .put("kind", kind)
                        .put("apiVersion", apiVersion)
                        .put("metadata", metadata.build())
                        .build());
    }

    @Override
    public synchronized boolean ended() {
        return closed && pending.isEmpty() && at == null && last == null;
    }

    @Override
    public void onAvailable(Runnable newWakeUp) {
        wakeUp = newWakeUp;
    }

    @Override
    public void close() {
        synchronized (this) {
            pending.clear();
            at = null;
            last = null;
        }
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }
}
