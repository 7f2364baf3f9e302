package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
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
    private @Nullable JsonObject last;

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

    /** The same object, sharing memory with the one stored before it where they are alike, as objects of a kind mostly are. */
    JsonObject shared(JsonObject object) {
        JsonObject before = last;
        JsonObject shared = before != null && alike(object, before) instanceof JsonObject same ? same : object;
        last = shared;
        return shared;
    }

    /** What {@code json} says, made of parts of {@code model} where they say the same. */
    private static Json alike(Json json, Json model) {
        if (json == model) {
            return json;
        }
        if (json instanceof JsonObject object && model instanceof JsonObject other) {
            return alike(object.sharingKeysOf(other), other);
        }
        if (json instanceof JsonArray array && model instanceof JsonArray other && array.size() == other.size()) {
            boolean same = true;
            for (int i = 0; i < array.size() && same; i++) {
                same = alike(array.get(i), other.get(i)) == other.get(i);
            }
            return same ? other : json;
        }
        return json instanceof JsonString && json.equals(model) ? model : json;
    }

    private static Json alike(JsonObject object, JsonObject model) {
        if (object.size() != model.size()) {
            return object;
        }
        Json[] parts = new Json[object.size()];
        boolean same = true;
        boolean changed = false;
        for (int i = 0; i < parts.length; i++) {
            if (!object.keyAt(i).equals(model.keyAt(i))) {
                return object;
            }
            parts[i] = alike(object.valueAt(i), model.valueAt(i));
            same &= parts[i] == model.valueAt(i);
            changed |= parts[i] != object.valueAt(i);
        }
        return same ? model : changed ? object.withValues(parts) : object;
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
