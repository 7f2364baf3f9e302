package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry of {@code patches}: a strategic merge or a JSON patch, for one resource or for all that a target selects. */
public final class PatchTransformer implements Transformer {
    private final TransformContext context;
    private final JsonObject target;
    private final boolean hasTarget;
    private final boolean nameChange;
    private final boolean kindChange;
    private final String description;
    private List<ResourceFile.Document> strategic = List.of();
    private @Nullable JsonPatch json;

    /** Reads the patch of an entry. */
    public PatchTransformer(JsonObject entry, TransformContext context) {
        this.context = context;
        target = entry.object("target");
        hasTarget = entry.has("target");
        nameChange = entry.object("options").bool("allowNameChange", false);
        kindChange = entry.object("options").bool("allowKindChange", false);
        String path = entry.text("path", "");
        String inline = entry.text("patch", "").strip();
        if (inline.isEmpty() && path.isEmpty()) {
            throw new BuildFault(
                    "PATCH",
                    "must specify one of patch and path in\n"
                            + context.yaml(entry).strip());
        }
        if (!inline.isEmpty() && !path.isEmpty()) {
            throw new BuildFault(
                    "PATCH",
                    "patch and path can't be set at the same time\n"
                            + context.yaml(entry).strip());
        }
        description = path.isEmpty()
                ? "[patch: " + quoted(inline.contains("Secret") ? "***" : inline) + "]"
                : "[path: " + quoted(path) + "]";
        String text = inline;
        if (!path.isEmpty()) {
            try {
                text = context.text(path);
            } catch (BuildFault e) {
                throw e.within("failed to get the patch file from path(" + path + "): ");
            }
        }
        read(path.isEmpty() ? context.file() : context.pathOf(path), text);
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        JsonString.quote(text, out);
        return out.toString();
    }

    private void read(String name, String text) {
        BuildFault notStrategic = null;
        try {
            strategic = Patch.strategic(name, name, text, context.limits());
        } catch (BuildFault e) {
            notStrategic = e;
        }
        BuildFault notJson = null;
        try {
            json = Patch.json(name, text, context.limits());
        } catch (BuildFault e) {
            notJson = e;
        }
        if (notStrategic != null && (notJson != null || json == null)) {
            throw new BuildFault("PATCH", "unable to parse SM or JSON patch from " + description)
                    .at(notStrategic.file(), notStrategic.line(), notStrategic.column())
                    .hint("a strategic merge patch has kind and metadata.name, a JSON patch is a list of operations; "
                            + notStrategic.text());
        }
    }

    @Override
    public void transform(ResMap map) {
        JsonPatch operations = json;
        if (operations != null && strategic.isEmpty()) {
            operations(map, operations);
        } else if (!hasTarget) {
            for (ResourceFile.Document patch : strategic) {
                one(map, patch.node());
            }
        } else if (strategic.size() > 1) {
            throw new BuildFault(
                    "PATCH",
                    "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: "
                            + description);
        } else if (!strategic.isEmpty()) {
            many(map, strategic.get(0).node());
        }
    }

    private void one(ResMap map, Node patch) {
        ResId id = context.idOf(patch);
        Resource resource;
        try {
            resource = Patch.target(map, id);
        } catch (BuildFault e) {
            throw e.within("no resource matches strategic merge patch \"" + id.text() + "\": ");
        }
        Patch.merge(resource, patch.copy(), nameChange, kindChange, context.schemas());
        map.touchedAll(resource);
    }

    private void many(ResMap map, Node patch) {
        for (Resource resource : new TargetSelector(target).select(map)) {
            Node copy = patch.copy();
            copy.put("apiVersion", Node.scalar(Tag.NONE, resource.root().textOf("apiVersion")));
            Patch.metadataTexts(copy);
            Patch.merge(resource, copy, nameChange, kindChange, context.schemas());
            map.touchedAll(resource);
        }
    }

    private void operations(ResMap map, JsonPatch operations) {
        if (!hasTarget) {
            throw new BuildFault("PATCH", "must specify a target for JSON patch " + description)
                    .hint("add target: with kind and name of the resources to patch");
        }
        for (Resource resource : new TargetSelector(target).select(map)) {
            resource.pushId();
            apply(resource, operations);
            map.touchedAll(resource);
        }
    }

    /** Where bookkeeping exists, the reference's object has annotations by now, so a path below them leads somewhere. */
    static void apply(Resource resource, JsonPatch operations) {
        Node metadata = resource.root().value("metadata");
        if (resource.hasBookkeeping()
                && metadata != null
                && metadata.isMap()
                && metadata.value("annotations") == null) {
            metadata.put("annotations", Node.map());
        }
        operations.apply(resource.root());
        resource.forget();
        Node patched = resource.root();
        Node patchedMetadata = patched.isMap() ? patched.value("metadata") : null;
        if (!patched.isMap() || (patchedMetadata != null && !patchedMetadata.isMap())) {
            ResourceFile.check(resource.source().file(), patched);
        }
    }
}
