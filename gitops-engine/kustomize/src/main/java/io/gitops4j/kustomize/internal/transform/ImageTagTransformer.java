package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes names, tags and digests of images, entry by entry: first in every list called {@code containers} or
 * {@code initContainers} at any depth, then at the field specs, so that a place which both reach is changed twice. The places
 * are found once for all entries, since no entry makes or moves one.
 */
public final class ImageTagTransformer implements Transformer {
    private static final String CRD = "CustomResourceDefinition";

    private final List<ImageChange> changes = new ArrayList<>();
    private final FieldSpecs.ByKind specs;

    /** A transformer of {@code images} entries, in their order. */
    public ImageTagTransformer(List<JsonObject> images, FieldSpecs specs) {
        for (JsonObject image : images) {
            changes.add(new ImageChange(image));
        }
        this.specs = specs.byKind();
    }

    @Override
    public void transform(ResMap map) {
        for (Resource resource : map.resources()) {
            if (CRD.equals(resource.kind())) {
                continue;
            }
            List<Node> listed = new ArrayList<>(2);
            containers(resource.root(), listed);
            List<Node> specified = new ArrayList<>(2);
            for (FieldSpec spec : specs.matching(resource.gvk())) {
                FieldWalk.apply(resource, spec, null, node -> {
                    FieldWalk.demand(node, Node.Kind.SCALAR);
                    specified.add(node);
                });
            }
            for (ImageChange change : changes) {
                listed.forEach(node -> set(node, change));
                specified.forEach(node -> set(node, change));
            }
        }
    }

    private static void containers(Node node, List<Node> found) {
        boolean map = node.isMap();
        for (int i = 0; i < node.size(); i++) {
            Node item = node.item(i);
            if (map && isContainers(node.key(i))) {
                if (item.isNull()) {
                    item.become(Node.Kind.SEQ);
                } else if (item.isSeq()) {
                    images(item, found);
                }
            }
            if (!item.isScalar()) {
                containers(item, found);
            }
        }
    }

    private static void images(Node containers, List<Node> found) {
        for (Node container : containers.items()) {
            Node image = container.value("image");
            if (image != null && image.isScalar()) {
                found.add(image);
            }
        }
    }

    private static boolean isContainers(String key) {
        return "containers".equals(key) || "initContainers".equals(key);
    }

    private static void set(Node node, ImageChange change) {
        if (!node.isNull()) {
            String next = change.apply(node.text());
            if (!next.equals(node.text())) {
                node.setScalar(Tag.STR, next);
            }
        }
    }
}
