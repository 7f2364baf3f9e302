package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.load.ResourceFile;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.ArrayList;
import java.util.List;

/** {@code patchesStrategicMerge}: files or inline texts of patches, each for the one resource of its id. */
public final class PatchStrategicMergeTransformer implements Transformer {
    private final TransformContext context;
    private final List<Node> patches = new ArrayList<>();

    /**
     * Reads the patches.
     *
     * @param paths entries, each an inline patch or a path
     * @param inline text of further patches, {@code ""} for none
     */
    public PatchStrategicMergeTransformer(List<String> paths, String inline, TransformContext context) {
        this.context = context;
        if (paths.isEmpty() && inline.isEmpty()) {
            throw new BuildFault("PATCH", "empty file path and empty patch content");
        }
        for (String path : paths) {
            List<ResourceFile.Document> documents = inlineOrNull(path);
            if (documents == null) {
                String text = context.text(path);
                documents = Patch.strategic(context.pathOf(path), path, text, context.limits());
            }
            add(documents);
        }
        if (!inline.isEmpty()) {
            add(Patch.strategic(context.file(), context.file(), inline, context.limits()));
        }
        if (patches.isEmpty()) {
            throw new BuildFault(
                    "PATCH", "patch appears to be empty; files=[" + String.join(" ", paths) + "], Patch=" + inline);
        }
    }

    private void add(List<ResourceFile.Document> documents) {
        for (ResourceFile.Document document : documents) {
            patches.add(document.node());
        }
    }

    private java.util.@org.jspecify.annotations.Nullable List<ResourceFile.Document> inlineOrNull(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.indexOf('\n') < 0 && text.indexOf('{') < 0) {
            return null;
        }
        try {
            List<ResourceFile.Document> documents =
                    Patch.strategic(context.file(), context.file(), text, context.limits());
            return documents.isEmpty() ? null : documents;
        } catch (BuildFault e) {
            return null;
        }
    }

    @Override
    public void transform(ResMap map) {
        for (Node patch : patches) {
            Resource resource = Patch.target(map, context.idOf(patch));
            Node copy = patch.copy();
            Patch.metadataTexts(copy);
            Patch.merge(resource, copy, false, false, context.schemas());
            map.touchedAll(resource);
        }
    }
}
