package io.gitops4j.recovery.snapshot;

import io.gitops4j.source.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A store in memory, for tests, drills and experiments. */
public final class MemorySnapshotStore implements SnapshotStore {
    private final TreeMap<String, Bytes> content = new TreeMap<>();
    private Optional<String> head = Optional.empty();

    @Override
    public Optional<Bytes> get(String key) {
        return Optional.ofNullable(content.get(key));
    }

    @Override
    public boolean has(String key) {
        return content.containsKey(key);
    }

    @Override
    public void put(String key, Bytes bytes) {
        content.put(key, bytes);
    }

    /** Forgets the content under a key, as a damaged store would. */
    public void remove(String key) {
        content.remove(key);
    }

    @Override
    public List<String> list(String prefix) {
        return content.tailMap(prefix, true).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    public Optional<String> head() {
        return head;
    }

    @Override
    public boolean cas(Optional<String> expected, String next) {
        if (!head.equals(expected)) {
            return false;
        }
        head = Optional.of(next);
        return true;
    }
}
