package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import org.jspecify.annotations.Nullable;

/** One entry of {@code patchesJson6902}: operations for the resources that a target with a name selects. */
public final class PatchJson6902Transformer implements Transformer {
    private final JsonObject target;
    private final @Nullable JsonPatch operations;

    /** Reads the operations of an entry. */
    public PatchJson6902Transformer(JsonObject target, String path, String inline, TransformContext context) {
        this.target = target;
        if (target.text("name", "").isEmpty()) {
            throw new BuildFault("PATCH", "must specify the target name");
        }
        if (path.isEmpty() && inline.isEmpty()) {
            throw new BuildFault("PATCH", "empty file path and empty jsonOp");
        }
        if (!path.isEmpty() && !inline.isEmpty()) {
            throw new BuildFault("PATCH", "must specify a file path or jsonOp, not both");
        }
        String text = path.isEmpty() ? inline : context.text(path);
        if (text.isEmpty()) {
            throw new BuildFault("PATCH", "patch file empty");
        }
        try {
            operations = Patch.json(path.isEmpty() ? context.file() : context.pathOf(path), text, context.limits());
        } catch (BuildFault e) {
            throw e.within("decoding " + PatchTransformer.quoted(text) + ": ");
        }
    }

    @Override
    public void transform(ResMap map) {
        JsonPatch patch = operations;
        if (patch == null) {
            return;
        }
        for (Resource resource : new TargetSelector(target).select(map)) {
            PatchTransformer.apply(resource, patch);
            map.touchedAll(resource);
        }
    }
}
