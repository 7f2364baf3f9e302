package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes to the places of a {@link FieldSpec} in an object; lists on the way are crossed. */
public final class FieldWalk {
    private final FieldSpec spec;
    private final Node.@Nullable Kind made;
    private final Setter setter;

    /** Changes what stands at a place. */
    public interface Setter {
        /** Changes the node in place. */
        void set(Node node);
    }

    private FieldWalk(FieldSpec spec, Node.@Nullable Kind made, Setter setter) {
        this.spec = spec;
        this.made = made;
        this.setter = setter;
    }

    /**
     * Calls the setter at each place.
     *
     * @param made what is made at a missing place when the spec says create; {@code null} makes nothing
     */
    public static void apply(Resource resource, FieldSpec spec, Node.@Nullable Kind made, Setter setter) {
        try {
            new FieldWalk(spec, made, setter).walk(resource.root(), 0);
        } catch (BuildFault e) {
            BuildFault shown = "Secret".equals(resource.kind()) ? e.masked() : e;
            throw shown.within("considering field '" + spec.path() + "' of object "
                    + resource.currentId().text() + ": ");
        }
    }

    private void walk(Node node, int depth) {
        List<String> steps = spec.steps();
        if (depth == steps.size()) {
            setter.set(node);
            return;
        }
        if (node.isNull()) {
            return;
        }
        if (node.isSeq()) {
            for (Node item : node.items()) {
                try {
                    walk(item, depth);
                } catch (BuildFault e) {
                    throw e.within("visit traversal on path: [" + String.join(" ", steps.subList(depth, steps.size()))
                            + "]: ");
                }
            }
        } else if (node.isMap()) {
            member(node, steps.get(depth), depth);
        } else {
            throw new BuildFault("FIELD_PATH", "expected sequence or mapping node");
        }
    }

    private void member(Node map, String step, int depth) {
        boolean list = step.endsWith("[]");
        String name = list ? step.substring(0, step.length() - 2) : step;
        if (name.isEmpty()) {
            throw new BuildFault("FIELD_PATH", "cannot set or create an empty field name");
        }
        Node found = map.get(name);
        boolean missing = found == null || found.isNull();
        if (missing && (list || !spec.create() || made == null)) {
            return;
        }
        if (found == null || missing) {
            Node.Kind kind = depth == spec.steps().size() - 1 && made != null ? made : Node.Kind.MAP;
            found = kind == Node.Kind.MAP ? Node.map() : kind == Node.Kind.SEQ ? Node.seq() : Node.str("");
            map.put(name, found);
        }
        walk(found, depth + 1);
    }

    /** Refuses a node of another kind in the reference's words. */
    public static void demand(Node node, Node.Kind kind) {
        if (node.kind() != kind) {
            throw wrongKind(node, kind);
        }
    }

    /** The refusal of a node of another kind. */
    public static BuildFault wrongKind(Node node, Node.Kind expected) {
        return new BuildFault(
                "WRONG_NODE_KIND",
                "wrong node kind: expected " + expected.text() + " but got "
                        + node.kind().text() + ": " + BuildFault.CONTENTS
                        + node.toString().stripTrailing());
    }
}
