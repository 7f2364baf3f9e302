package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Applies patches to objects. */
final class PatchFormats {
    private PatchFormats() {}

    static Json apply(@Nullable PatchType type, JsonObject live, Json patch) {
        return merge(live, patch);
    }

    private static Json merge(@Nullable Json target, Json patch) {
        if (!(patch instanceof JsonObject changes)) {
            return patch;
        }
        JsonObject out = target instanceof JsonObject object ? object : JsonObject.empty();
        for (int i = 0; i < changes.size(); i++) {
            String key = changes.keyAt(i);
            Json value = changes.valueAt(i);
            out = value.isNull() ? out.without(key) : out.with(key, merge(out.get(key), value));
        }
        return out;
    }
}
