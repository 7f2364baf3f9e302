package io.gitops4j.engine;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whole objects within a budget of bytes; where they do not fit, those go that were asked for the longest ago. Sizes are
 * estimated from what an object holds, so that the same calls keep the same objects on every machine.
 */
final class ManifestCache {
    private final long budget;
    private final Map<ResourceKey, JsonObject> byUse = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * An empty cache.
     *
     * @param budget most bytes that are kept; with 0 nothing is
     */
    ManifestCache(long budget) {
        this.budget = budget;
    }

    /** The object of a key; asking for it counts as its use. */
    @Nullable
    JsonObject get(ResourceKey key) {
        return byUse.get(key);
    }

    /** Whether an object is kept; asking does not count as its use. */
    boolean has(ResourceKey key) {
        return byUse.containsKey(key);
    }

    void put(ResourceKey key, JsonObject object) {
        remove(key);
        long size = size(object);
        if (size > budget) {
            return;
        }
        byUse.put(key, object);
        bytes += size;
        Iterator<JsonObject> oldest = byUse.values().iterator();
        while (bytes > budget) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    void remove(ResourceKey key) {
        JsonObject held = byUse.remove(key);
        if (held != null) {
            bytes -= size(held);
        }
    }

    /** Bytes that are kept, as estimated. */
    long bytes() {
        return bytes;
    }

    /** Objects that are kept. */
    int size() {
        return byUse.size();
    }

    /** About the bytes that a tree takes up: nodes and texts of values; the names of fields are few and shared. */
    static long size(Json json) {
        return switch (json.kind()) {
            case OBJECT -> {
                JsonObject object = (JsonObject) json;
                long size = 64 + 8L * object.size();
                for (int i = 0; i < object.size(); i++) {
                    size += size(object.valueAt(i));
                }
                yield size;
            }
            case ARRAY -> {
                JsonArray array = (JsonArray) json;
                long size = 48 + 4L * array.size();
                for (Json item : array) {
                    size += size(item);
                }
                yield size;
            }
            case STRING -> {
                String text = json.textOrNull();
                yield 64L + (text == null ? 0 : text.length());
            }
            case NUMBER -> 48;
            case BOOL, NULL -> 0;
        };
    }
}
