package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.manifest.Gvk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code target} of a patch: regular expressions over an id, selectors over labels and annotations. */
final class TargetSelector {
    private final Patterns group;
    private final Patterns version;
    private final Patterns kind;
    private final Patterns name;
    private final Patterns namespace;
    private final Labels labels;
    private final Labels annotations;

    TargetSelector(JsonObject target) {
        group = Patterns.anchored(target.text("group", ""));
        version = Patterns.anchored(target.text("version", ""));
        kind = Patterns.anchored(target.text("kind", ""));
        name = Patterns.anchored(target.text("name", ""));
        namespace = Patterns.anchored(target.text("namespace", ""));
        labels = Labels.parse(target.text("labelSelector", ""));
        annotations = Labels.parse(target.text("annotationSelector", ""));
    }

    /** The resources selected, in order. */
    List<Resource> select(ResMap map) {
        List<Resource> candidates = !name.only().isEmpty()
                ? map.anyName(name.only())
                : !kind.only().isEmpty() ? map.anyKind(kind.only()) : map.resources();
        List<Resource> selected = new ArrayList<>();
        for (Resource resource : candidates) {
            if (matches(resource)) {
                selected.add(resource);
            }
        }
        return selected;
    }

    private boolean matches(Resource resource) {
        ResId current = resource.currentId();
        ResId original = resource.originalId();
        return (namespace.matches(original.effectiveNamespace()) || namespace.matches(current.effectiveNamespace()))
                && (name.matches(original.name()) || name.matches(current.name()))
                && matchesGvk(resource.gvk())
                && labels.matches(metadata(resource, "labels"))
                && annotations.matches(metadata(resource, "annotations"));
    }

    boolean matchesGvk(Gvk gvk) {
        return group.matches(gvk.group()) && version.matches(gvk.version()) && kind.matches(gvk.kind());
    }

    /** Whether the parts of an id match, the namespace as it is written. */
    boolean matchesId(ResId id) {
        return matchesGvk(id.gvk()) && name.matches(id.name()) && namespace.matches(id.namespace());
    }

    boolean matchesLabels(Resource resource) {
        return labels.matches(metadata(resource, "labels")) && annotations.matches(metadata(resource, "annotations"));
    }

    Labels labels() {
        return labels;
    }

    Labels annotations() {
        return annotations;
    }

    /** The one name that matches, {@code ""} when many may. */
    String onlyName() {
        return name.only();
    }

    /** The one kind that matches, {@code ""} when many may. */
    String onlyKind() {
        return kind.only();
    }

    static @Nullable Node metadata(Resource resource, String field) {
        return resource.root().at("metadata", field);
    }
}
