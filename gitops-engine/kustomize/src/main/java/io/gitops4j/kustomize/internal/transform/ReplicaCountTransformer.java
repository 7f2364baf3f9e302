package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.Gvks;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.ArrayList;
import java.util.List;

/** Sets the replica count of the resources of one name. */
public final class ReplicaCountTransformer implements Transformer {
    private final String name;
    private final String count;
    private final FieldSpecs specs;

    /** Sets {@code count} on resources that have or had the name. */
    public ReplicaCountTransformer(String name, String count, FieldSpecs specs) {
        this.name = name;
        this.count = count;
        this.specs = specs;
    }

    @Override
    public void transform(ResMap map) {
        boolean found = false;
        List<Resource> named = map.anyName(name);
        for (FieldSpec spec : specs.all()) {
            for (Resource resource : named) {
                if (matches(resource, spec)) {
                    found = true;
                    if (spec.matches(resource.gvk())) {
                        FieldWalk.apply(resource, spec, Node.Kind.SCALAR, this::set);
                    }
                }
            }
        }
        if (!found) {
            List<String> kinds = new ArrayList<>();
            for (FieldSpec spec : specs.all()) {
                kinds.add(Gvks.text(spec.gvk()));
            }
            throw new BuildFault(
                            "NO_MATCH",
                            "resource with name " + name + " does not match a config with the following GVK ["
                                    + String.join(" ", kinds) + "]")
                    .hint("replicas are set on Deployments, StatefulSets, ReplicaSets and ReplicationControllers");
        }
    }

    private boolean matches(Resource resource, FieldSpec spec) {
        for (ResId id : resource.ids()) {
            if (id.name().equals(name) && spec.matches(id.gvk())) {
                return true;
            }
        }
        return false;
    }

    private void set(Node node) {
        FieldWalk.demand(node, Node.Kind.SCALAR);
        node.setScalar(Tag.INT, count);
    }
}
