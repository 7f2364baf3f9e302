package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;
import java.time.Instant;

/** Receives what the engines report: typed events, in order. */
public interface EventSink {

    /** One event. */
    void accept(Event event);

    /**
     * An event.
     *
     * @param time when, in the engine's time
     * @param type stable name, {@code OperationStarted}
     * @param subject what it is about, {@code argocd/myapp}
     * @param data the particulars; never holds a secret
     */
    record Event(Instant time, String type, String subject, JsonObject data) {}
}
