package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.diff.ssa.ApplyRequest;
import io.gitops4j.diff.ssa.ApplyResult;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Ownership by the structured merge of {@link io.gitops4j.diff.ssa.ServerSideApply}. */
final class FieldOwnership implements Ownership {
    private final Schemas schemas;

    FieldOwnership(Schemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public JsonObject created(WriteContext write, JsonObject object) {
        return object(schemas.applier(write.type, write.subresource()).update(null, object, request(write, false)));
    }

    @Override
    public JsonObject updated(WriteContext write, JsonObject live, JsonObject object) {
        return object(schemas.applier(write.type, write.subresource()).update(live, object, request(write, false)));
    }

    @Override
    public JsonObject applied(WriteContext write, @Nullable JsonObject live, JsonObject configuration) {
        Boolean force = write.request.params().force();
        return object(schemas.applier(write.type, write.subresource())
                .apply(live, configuration, request(write, force != null && force)));
    }

    private static ApplyRequest request(WriteContext write, boolean force) {
        return new ApplyRequest(write.manager(), write.subresource(), force, write.now);
    }

    private static JsonObject object(ApplyResult result) {
        if (result instanceof ApplyResult.Applied applied) {
            return applied.object();
        }
        if (result instanceof ApplyResult.Conflicted conflicted) {
            throw new ApiException(conflicted.status());
        }
        throw new ApiException(((ApplyResult.Refused) result).status());
    }
}
