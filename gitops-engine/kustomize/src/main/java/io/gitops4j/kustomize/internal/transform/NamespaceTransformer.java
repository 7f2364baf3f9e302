package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.ArrayList;
import java.util.List;

/** Puts every namespaced resource into one namespace, and what refers to namespaces by a known field too. */
public final class NamespaceTransformer implements Transformer {
    /** Which subjects of role bindings follow. */
    public enum Subjects {
        DEFAULT_ONLY,
        ALL_SERVICE_ACCOUNTS,
        NONE
    }

    private final String namespace;
    private final boolean unsetOnly;
    private final Subjects subjects;
    private final FieldSpecs.ByKind specs;

    /** A transformer of these settings. */
    public NamespaceTransformer(String namespace, boolean unsetOnly, Subjects subjects, FieldSpecs specs) {
        this.namespace = namespace;
        this.unsetOnly = unsetOnly;
        this.subjects = subjects;
        this.specs = specs.byKind();
    }

    @Override
    public void transform(ResMap map) {
        if (namespace.isEmpty()) {
            return;
        }
        for (Resource resource : map.resources()) {
            if (resource.root().isNullOrEmpty()) {
                continue;
            }
            resource.pushId();
            change(resource);
            map.touched(resource);
            List<Resource> same = map.allCurrent(resource.currentId().key());
            if (same.size() > 1) {
                throw conflict(same);
            }
        }
    }

    private void change(Resource resource) {
        if (!resource.clusterScoped()) {
            Node metadata = resource.metadata();
            Node old = metadata.value("namespace");
            if (!unsetOnly || old == null || old.text().isEmpty()) {
                metadata.put("namespace", Node.str(namespace));
            }
        }
        String kind = resource.kind();
        boolean binding = "RoleBinding".equals(kind) || "ClusterRoleBinding".equals(kind);
        if (binding) {
            subjects(resource);
        }
        for (FieldSpec spec : specs.matching(resource.gvk())) {
            if ("metadata/namespace".equals(spec.path()) || (binding && "subjects/namespace".equals(spec.path()))) {
                continue;
            }
            if ("metadata/name".equals(spec.path())
                    && "Namespace".equals(kind)
                    && !"v1".equals(resource.root().textOf("apiVersion"))) {
                continue;
            }
            try {
                FieldWalk.apply(resource, spec, Node.Kind.SCALAR, this::set);
            } catch (BuildFault e) {
                throw e.within("namespace field specs must target scalar nodes: ");
            }
        }
    }

    private void subjects(Resource resource) {
        Node list = resource.root().value("subjects");
        if (subjects == Subjects.NONE || list == null || !list.isSeq()) {
            return;
        }
        for (Node subject : list.items()) {
            if (!subject.isMap()) {
                continue;
            }
            boolean follows = subjects == Subjects.DEFAULT_ONLY
                    ? "default".equals(subject.textOf("name"))
                    : "ServiceAccount".equals(subject.textOf("kind"));
            Node old = subject.value("namespace");
            if (follows
                    && old != null
                    && old.tag() == Tag.STR
                    && (!unsetOnly || old.text().isEmpty())) {
                old.setText(namespace);
            } else if (follows && (!unsetOnly || old == null || old.text().isEmpty())) {
                subject.put("namespace", Node.str(namespace));
            }
        }
    }

    private void set(Node node) {
        FieldWalk.demand(node, Node.Kind.SCALAR);
        if (!unsetOnly || node.isNull() || node.text().isEmpty()) {
            node.setScalar(Tag.STR, namespace);
        }
    }

    private static BuildFault conflict(List<Resource> same) {
        List<String> shown = new ArrayList<>();
        for (Resource resource : same) {
            shown.add(withHistory(resource));
        }
        return new BuildFault(
                        "ID_CONFLICT",
                        "namespace transformation produces ID conflict: [" + String.join(" ", shown) + "]")
                .hint("two resources would become " + same.get(0).currentId().text() + "; rename one of them");
    }

    /** The object as the reference shows it, with its earlier ids among the annotations; secret values masked. */
    private static String withHistory(Resource resource) {
        JsonObject json = (JsonObject) NodeJson.toJson(annotated(resource));
        if ("Secret".equals(resource.kind())) {
            json = json.without("data").without("stringData");
        }
        return json.canonical();
    }

    /** A copy of the object with its earlier ids among the annotations. */
    public static Node annotated(Resource resource) {
        Node copy = resource.root().copy();
        Node metadata = copy.value("metadata");
        Node target = metadata == null ? Node.map() : metadata;
        Node annotations = target.value("annotations");
        Node all = annotations == null ? Node.map() : annotations;
        List<String> names = new ArrayList<>();
        List<String> namespaces = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        for (int i = 0; i < resource.previousCount(); i++) {
            names.add(resource.previousId(i).name());
            namespaces.add(resource.previousId(i).namespace());
            kinds.add(resource.previousId(i).gvk().kind());
        }
        if (!resource.prefixes().isEmpty()) {
            all.put("internal.config.kubernetes.io/prefixes", String.join(",", resource.prefixes()));
        }
        if (!resource.suffixes().isEmpty()) {
            all.put("internal.config.kubernetes.io/suffixes", String.join(",", resource.suffixes()));
        }
        if (!names.isEmpty()) {
            all.put("internal.config.kubernetes.io/previousKinds", String.join(",", kinds));
            all.put("internal.config.kubernetes.io/previousNames", String.join(",", names));
            all.put("internal.config.kubernetes.io/previousNamespaces", String.join(",", namespaces));
            target.put("annotations", all);
        }
        return copy;
    }
}
