package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects of one kind in key order, and the log of their changes. */
final class TypeStore {
    private final TreeMap<ObjectKey, JsonObject> objects = new TreeMap<>();
    private final List<WatchStream> watches = new ArrayList<>();
    private Change oldest = new Change(0, new ObjectKey("", ""), 0, null, null);
    private Change newest = oldest;

    @Nullable
    JsonObject get(ObjectKey key) {
        return objects.get(key);
    }

    NavigableMap<ObjectKey, JsonObject> objects() {
        return objects;
    }

    /** The link after which everything newer than {@code revision} lies; the caller has checked that it is still known. */
    Change after(long revision) {
        if (revision >= newest.revision) {
            return newest;
        }
        Change at = oldest;
        for (Change next = at.next; next != null && next.revision <= revision; next = at.next) {
            at = next;
        }
        return at;
    }

    /** The revision of the last change of this kind up to a time in milliseconds, as far as the log reaches back. */
    long revisionAt(long millis) {
        Change at = oldest;
        for (Change next = at.next; next != null && next.timeMillis <= millis; next = at.next) {
            at = next;
        }
        return at.revision;
    }

    Change newest() {
        return newest;
    }

    /** Stores a change and forgets links at or before {@code compacted}. */
    Change append(Change change, long compacted) {
        JsonObject after = change.after;
        if (after == null) {
            objects.remove(change.key);
        } else {
            objects.put(change.key, after);
        }
        newest.next = change;
        newest = change;
        for (Change next = oldest.next; next != null && next.revision <= compacted; next = oldest.next) {
            oldest = next;
        }
        return change;
    }

    /** The objects as they were at {@code revision}, from {@code start} on; the log must reach back that far. */
    NavigableMap<ObjectKey, JsonObject> at(long revision, @Nullable ObjectKey start) {
        NavigableMap<ObjectKey, JsonObject> now = start == null ? objects : objects.tailMap(start, true);
        Change at = after(revision);
        if (at.next == null) {
            return now;
        }
        Map<ObjectKey, Change> first = new LinkedHashMap<>();
        for (Change change = at.next; change != null; change = change.next) {
            first.putIfAbsent(change.key, change);
        }
        TreeMap<ObjectKey, JsonObject> then = new TreeMap<>(now);
        for (Change change : first.values()) {
            if (start != null && change.key.compareTo(start) < 0) {
                continue;
            }
            JsonObject before = change.before;
            if (before == null) {
                then.remove(change.key);
            } else {
                then.put(change.key, before);
            }
        }
        return then;
    }

    void add(WatchStream watch) {
        watches.add(watch);
    }

    void remove(WatchStream watch) {
        watches.remove(watch);
    }

    List<WatchStream> watches() {
        return watches;
    }
}
