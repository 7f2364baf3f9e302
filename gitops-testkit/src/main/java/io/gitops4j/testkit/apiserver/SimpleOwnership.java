package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Keeps no owners; an applied configuration is merged over the object. */
final class SimpleOwnership implements Ownership {

    @Override
    public JsonObject created(WriteContext write, JsonObject object) {
        return object;
    }

    @Override
    public JsonObject updated(WriteContext write, JsonObject live, JsonObject object) {
        return object;
    }

    @Override
    public JsonObject applied(WriteContext write, @Nullable JsonObject live, JsonObject configuration) {
        return live == null ? configuration : (JsonObject) PatchFormats.apply(PatchType.MERGE, live, configuration);
    }
}
