package io.gitops4j.spi;

import io.gitops4j.cluster.WatchEvent;
import java.util.Optional;

/** An open watch. Events come in the order of their versions, none twice, none left out. */
public interface Watch extends AutoCloseable {

    /** The next event, or empty when there is none yet; never waits. */
    Optional<WatchEvent> poll();

    /** Whether the server has ended the stream and every event has been polled. */
    boolean ended();

    /** Calls {@code wakeUp}, on any thread, whenever events arrive; replaces the one before. */
    void onAvailable(Runnable wakeUp);

    @Override
    void close();
}
