package io.gitops4j.sync;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A three-way comparison by structure alone, without schemas: mappings merge by key, lists of named items by name, other
 * lists as a whole. Fields of the live object that neither the target nor the last applied state has are left alone.
 */
public final class StructuralComparer implements ResourceComparer {
    static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    @Override
    public Comparison compare(JsonObject target, JsonObject live) {
        JsonObject before = comparable(live);
        List<FieldChange> changes = new ArrayList<>();
        difference(before, comparable(merge(target, live)), JsonPointer.root(), changes);
        return new Comparison(!changes.isEmpty(), changes);
    }

    @Override
    public JsonObject merge(JsonObject target, JsonObject live) {
        JsonObject wanted = target.without("status");
        return (JsonObject) merge(lastApplied(live, wanted), wanted, live);
    }

    /** The state that was applied last, as the object itself records it; the target when it does not. */
    static JsonObject lastApplied(JsonObject live, JsonObject target) {
        String text = Hooks.annotation(live, LAST_APPLIED);
        Json last = text == null ? null : JsonReader.parse(text).orNull();
        return last instanceof JsonObject object ? object : target;
    }

    private static JsonObject comparable(JsonObject object) {
        JsonObject plain = ResourceTracking.without(object.without("status"), "annotations", LAST_APPLIED);
        JsonObject metadata = plain.object("metadata");
        for (String field :
                List.of("resourceVersion", "uid", "generation", "creationTimestamp", "managedFields", "selfLink")) {
            metadata = metadata.without(field);
        }
        return plain.with("metadata", metadata);
    }

    private static Json merge(@Nullable Json last, Json target, @Nullable Json live) {
        if (target instanceof JsonObject wanted && live instanceof JsonObject there) {
            return mergeObjects(last instanceof JsonObject o ? o : JsonObject.empty(), wanted, there);
        }
        if (target instanceof JsonArray wanted && live instanceof JsonArray there) {
            return mergeLists(last instanceof JsonArray a ? a : JsonArray.empty(), wanted, there);
        }
        return target;
    }

    private static JsonObject mergeObjects(JsonObject last, JsonObject target, JsonObject live) {
        JsonObject merged = live;
        for (String key : last.keys()) {
            if (!target.has(key)) {
                merged = merged.without(key);
            }
        }
        for (int i = 0; i < target.size(); i++) {
            String key = target.keyAt(i);
            Json wanted = target.valueAt(i);
            Json there = live.get(key);
            if (wanted.isNull()) {
                merged = merged.without(key);
            } else if (there == null && isEmpty(wanted)) {
                continue;
            } else {
                merged = merged.with(key, merge(last.get(key), wanted, there));
            }
        }
        return merged;
    }

    private static boolean isEmpty(Json value) {
        return value instanceof JsonObject object && object.isEmpty()
                || value instanceof JsonArray array && array.isEmpty();
    }

    private static Json mergeLists(JsonArray last, JsonArray target, JsonArray live) {
        Map<String, Json> liveByName = byName(live);
        Map<String, Json> targetByName = byName(target);
        boolean named = targetByName.size() == target.size() && liveByName.size() == live.size();
        Map<String, Json> lastByName = byName(last);
        JsonArray.Builder merged = JsonArray.builder();
        for (int i = 0; i < target.size(); i++) {
            Json item = target.get(i);
            Json there = null;
            Json before = null;
            if (named && item instanceof JsonObject object) {
                there = liveByName.get(object.text("name", ""));
                before = lastByName.get(object.text("name", ""));
            } else if (target.size() == live.size()) {
                there = live.get(i);
                before = i < last.size() ? last.get(i) : null;
            }
            merged.add(merge(before, item, there));
        }
        return merged.build();
    }

    private static Map<String, Json> byName(JsonArray array) {
        Map<String, Json> byName = new LinkedHashMap<>();
        for (Json item : array) {
            String name = item instanceof JsonObject object ? object.text("name") : null;
            if (name != null) {
                byName.put(name, item);
            }
        }
        return byName;
    }

    /** Adds the changes from {@code before} to {@code after}, fields in the order of their names. */
    static void difference(@Nullable Json before, @Nullable Json after, JsonPointer at, List<FieldChange> changes) {
        if (before == after || (before != null && before.equals(after))) {
            return;
        }
        if (before instanceof JsonObject old && after instanceof JsonObject now) {
            java.util.TreeSet<String> keys = new java.util.TreeSet<>(old.keys());
            keys.addAll(now.keys());
            for (String key : keys) {
                difference(old.get(key), now.get(key), at.child(key), changes);
            }
        } else if (before instanceof JsonArray old && after instanceof JsonArray now && old.size() == now.size()) {
            for (int i = 0; i < old.size(); i++) {
                difference(old.get(i), now.get(i), at.child(i), changes);
            }
        } else {
            changes.add(new FieldChange(at, before, after));
        }
    }
}
