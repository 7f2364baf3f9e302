package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.ResId;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.manifest.Gvk;

/** Puts a prefix before, or a suffix after, names. */
public final class NameAffixTransformer implements Transformer {
    private final String affix;
    private final boolean prefix;
    private final FieldSpecs.ByKind specs;

    private NameAffixTransformer(String affix, boolean prefix, FieldSpecs specs) {
        this.affix = affix;
        this.prefix = prefix;
        this.specs = specs.byKind();
    }

    /** Puts {@code prefix} before the fields. */
    public static NameAffixTransformer prefix(String prefix, FieldSpecs specs) {
        return new NameAffixTransformer(prefix, true, specs);
    }

    /** Puts {@code suffix} after the fields. */
    public static NameAffixTransformer suffix(String suffix, FieldSpecs specs) {
        return new NameAffixTransformer(suffix, false, specs);
    }

    @Override
    public void transform(ResMap map) {
        if (affix.isEmpty()) {
            return;
        }
        for (Resource resource : map.resources()) {
            ResId original = resource.originalId();
            if (keepsName(original.gvk())) {
                continue;
            }
            for (FieldSpec spec : specs.matching(original.gvk())) {
                if ("metadata/name".equals(spec.path())) {
                    (prefix ? resource.prefixes() : resource.suffixes()).add(affix);
                    resource.pushId();
                }
                if (spec.matches(resource.gvk())) {
                    FieldWalk.apply(resource, spec, Node.Kind.SCALAR, this::set);
                    map.touched(resource);
                }
            }
        }
    }

    private void set(Node node) {
        FieldWalk.demand(node, Node.Kind.SCALAR);
        String text = node.isNull() ? "" : node.text();
        Node.Style style = node.style();
        node.setScalar(io.gitops4j.kustomize.internal.tree.Tag.STR, prefix ? affix + text : text + affix);
        node.styled(style);
    }

    /** Names of these kinds are fixed by what they define. */
    private static boolean keepsName(Gvk gvk) {
        return switch (gvk.kind()) {
            case "CustomResourceDefinition", "Namespace" -> true;
            case "APIService" -> "apiregistration.k8s.io".equals(gvk.group());
            default -> false;
        };
    }
}
