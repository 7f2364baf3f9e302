package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Sets labels or annotations in the maps that its field specs name. */
public final class MapSetTransformer implements Transformer {
    private final Map<String, String> entries;
    private final FieldSpecs.ByKind specs;

    /** Sets these entries, in the order of their keys. */
    public MapSetTransformer(Map<String, String> entries, FieldSpecs specs) {
        this.entries = new TreeMap<>(entries);
        if (entries.containsKey("<<")) {
            throw new BuildFault(
                    "MERGE_KEY",
                    "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value");
        }
        this.specs = specs.byKind();
    }

    @Override
    public void transform(ResMap map) {
        if (entries.isEmpty()) {
            return;
        }
        for (Resource resource : map.resources()) {
            Map<String, Node> made = new LinkedHashMap<>();
            for (FieldSpec spec : specs.matching(resource.gvk())) {
                FieldWalk.apply(resource, spec, Node.Kind.MAP, node -> set(node, made));
            }
        }
    }

    /**
     * A value that is new in several maps of one object is one node in the reference, so that a later change of one of them
     * (an overlay's label, a patch) changes all.
     */
    private void set(Node node, Map<String, Node> made) {
        FieldWalk.demand(node, Node.Kind.MAP);
        entries.forEach((key, value) -> {
            Node old = node.get(key);
            if (old == null) {
                node.put(key, made.computeIfAbsent(key, k -> Node.str(value).shared()));
            } else {
                old.setScalar(Tag.STR, value);
            }
        });
    }
}
