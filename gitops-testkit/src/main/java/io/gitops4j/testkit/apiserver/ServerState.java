package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the parts of a server share: storage, served kinds, ids, time, and who listens to changes. */
final class ServerState {
    private static final String NAMESPACES = "namespaces";

    final ObjectStore store;
    final ResourceTypes types = new ResourceTypes();
    final Ids ids;
    final InstantSource time;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<WatchStream> toSignal = new ArrayList<>();

    /** Is told of each change, within the call that made it. */
    interface Listener {
        void changed(ResourceType type, ObjectKey key, @Nullable JsonObject before, @Nullable JsonObject after);
    }

    ServerState(ObjectStore store, Ids ids, InstantSource time) {
        this.store = store;
        this.ids = ids;
        this.time = time;
    }

    void listen(Listener listener) {
        listeners.add(listener);
    }

    JsonObject put(ResourceType type, ObjectKey key, @Nullable JsonObject before, JsonObject after) {
        JsonObject stored = store.put(type, key, before, after, time.millis());
        announce(type, key, before, stored);
        return stored;
    }

    JsonObject remove(ResourceType type, ObjectKey key, JsonObject last) {
        JsonObject gone = store.remove(type, key, last, time.millis());
        announce(type, key, last, null);
        return gone;
    }

    /** The watches that have something to read since this was asked last. */
    List<WatchStream> takeSignals() {
        if (toSignal.isEmpty()) {
            return List.of();
        }
        List<WatchStream> signals = new ArrayList<>(toSignal);
        toSignal.clear();
        return signals;
    }

    @Nullable
    JsonObject namespace(String name) {
        return store.get(namespaces(), "", name);
    }

    ResourceType namespaces() {
        ResourceType type = types.named("", NAMESPACES);
        if (type == null) {
            throw new IllegalStateException("namespaces are always served");
        }
        return type;
    }

    private void announce(ResourceType type, ObjectKey key, @Nullable JsonObject before, @Nullable JsonObject after) {
        TypeStore typeStore = store.of(type);
        for (WatchStream watch : typeStore.watches()) {
            if (watch.wantsSignals() && watch.concerns(typeStore.newest())) {
                toSignal.add(watch);
            }
        }
        for (Listener listener : listeners) {
            listener.changed(type, key, before, after);
        }
    }
}
