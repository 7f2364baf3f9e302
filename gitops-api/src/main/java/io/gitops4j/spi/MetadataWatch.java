package io.gitops4j.spi;

import io.gitops4j.cluster.PartialMetadata;
import io.gitops4j.cluster.WatchEvent;
import java.util.Optional;

/** A watch of whole objects that hands on their metadata. */
final class MetadataWatch implements Watch {
    private final Watch whole;

    MetadataWatch(Watch whole) {
        this.whole = whole;
    }

    @Override
    public Optional<WatchEvent> poll() {
        return whole.poll().map(event -> switch (event.type()) {
            case ADDED, MODIFIED, DELETED -> new WatchEvent(event.type(), PartialMetadata.of(event.object()));
            case BOOKMARK, ERROR -> event;
        });
    }

    @Override
    public boolean ended() {
        return whole.ended();
    }

    @Override
    public void onAvailable(Runnable wakeUp) {
        whole.onAvailable(wakeUp);
    }

    @Override
    public void close() {
        whole.close();
    }
}
