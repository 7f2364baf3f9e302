package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Replaces {@code $(NAME)} by the values of vars in the fields that the table names. */
public final class VarReferences implements Transformer {
    private final Map<String, Node> values;
    private final FieldSpecs.ByKind specs;
    private final Set<String> used = new LinkedHashSet<>();

    /** Replaces by these scalars. */
    public VarReferences(Map<String, Node> values, FieldSpecs specs) {
        this.values = values;
        this.specs = specs.byKind();
    }

    /** The names that were met. */
    public Set<String> used() {
        return used;
    }

    @Override
    public void transform(ResMap map) {
        if (values.isEmpty()) {
            return;
        }
        for (Resource resource : map.resources()) {
            for (FieldSpec spec : specs.matching(resource.gvk())) {
                FieldWalk.apply(resource, spec, null, this::value);
            }
        }
    }

    private void value(Node node) {
        switch (node.kind()) {
            case SCALAR -> scalar(node);
            case MAP -> {
                for (Node item : node.items()) {
                    if (item.isScalar()) {
                        scalar(item);
                    }
                }
            }
            case SEQ -> {
                for (Node item : node.items()) {
                    if (!item.isScalar() || item.tag() != Tag.STR) {
                        throw new BuildFault("VAR", "invalid value type expect a string");
                    }
                    scalar(item);
                }
            }
        }
    }

    private void scalar(Node node) {
        String text = node.text();
        if (node.tag() != Tag.STR || text.indexOf('$') < 0) {
            return;
        }
        Node whole = whole(text);
        if (whole != null) {
            node.setScalar(whole.tag(), whole.text());
            return;
        }
        String expanded = expand(text);
        if (!expanded.equals(text)) {
            node.setScalar(Tag.STR, expanded);
        }
    }

    private @Nullable Node whole(String text) {
        if (!text.startsWith("$(") || text.indexOf(')') != text.length() - 1) {
            return null;
        }
        String name = text.substring(2, text.length() - 1);
        Node value = values.get(name);
        if (value == null || !value.isScalar()) {
            return null;
        }
        used.add(name);
        return value;
    }

    private String expand(String text) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int dollar = text.indexOf('$', from);
            if (dollar < 0 || dollar + 1 >= text.length()) {
                break;
            }
            out.append(text, from, dollar);
            char next = text.charAt(dollar + 1);
            int close = next == '(' ? text.indexOf(')', dollar) : -1;
            if (next == '$') {
                out.append('$');
                from = dollar + 2;
            } else if (close < 0) {
                out.append('$').append(next);
                from = dollar + 2;
            } else {
                String name = text.substring(dollar + 2, close);
                Node value = values.get(name);
                if (value == null || !value.isScalar()) {
                    out.append(text, dollar, close + 1);
                } else {
                    used.add(name);
                    out.append(value.text());
                }
                from = close + 1;
            }
        }
        return out.append(text, from, text.length()).toString();
    }
}
