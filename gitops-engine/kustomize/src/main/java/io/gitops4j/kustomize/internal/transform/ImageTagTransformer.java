package io.gitops4j.kustomize.internal.transform;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.config.FieldSpecs;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes name, tag or digest of one image: first in every list called {@code containers} or {@code initContainers} at any
 * depth, then at the field specs, so that a place which both reach is changed twice.
 */
public final class ImageTagTransformer implements Transformer {
    private static final String CRD = "CustomResourceDefinition";

    private final String newName;
    private final String newTag;
    private final String digest;
    private final String tagSuffix;
    private final @Nullable Pattern pattern;
    private final FieldSpecs.ByKind specs;
    private final Map<String, String> changed = new HashMap<>();

    /** A transformer of one {@code images} entry. */
    public ImageTagTransformer(JsonObject image, FieldSpecs specs) {
        newName = image.text("newName", "");
        newTag = image.text("newTag", "");
        digest = image.text("digest", "");
        tagSuffix = image.text("tagSuffix", "");
        pattern = pattern(image.text("name", ""));
        this.specs = specs.byKind();
    }

    private static @Nullable Pattern pattern(String name) {
        try {
            return Pattern.compile(
                    "^" + name + "(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$");
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    @Override
    public void transform(ResMap map) {
        if (pattern == null) {
            return;
        }
        for (Resource resource : map.resources()) {
            if (!CRD.equals(resource.kind())) {
                containers(resource.root());
                for (FieldSpec spec : specs.matching(resource.gvk())) {
                    FieldWalk.apply(resource, spec, null, this::set);
                }
            }
        }
    }

    private void containers(Node node) {
        if (node.isScalar()) {
            return;
        }
        for (int i = 0; i < node.size(); i++) {
            Node item = node.item(i);
            if (node.isMap() && item.isNull() && isContainers(node.key(i))) {
                item.become(Node.Kind.SEQ);
            }
            if (node.isMap() && item.isSeq() && isContainers(node.key(i))) {
                for (Node container : item.items()) {
                    Node image = container.value("image");
                    if (image != null && image.isScalar()) {
                        set(image);
                    }
                }
            }
            if (!item.isScalar()) {
                containers(item);
            }
        }
    }

    private static boolean isContainers(String key) {
        return "containers".equals(key) || "initContainers".equals(key);
    }

    private void set(Node node) {
        FieldWalk.demand(node, Node.Kind.SCALAR);
        if (!node.isNull()) {
            String text = node.text();
            String next = changed.computeIfAbsent(text, this::change);
            if (!next.equals(text)) {
                node.setScalar(Tag.STR, next);
            }
        }
    }

    private String change(String image) {
        if (pattern == null || !pattern.matches(image)) {
            return image;
        }
        int slash = image.indexOf('/');
        int from = Math.max(slash, 0);
        int at = image.indexOf('@', from);
        int end = at < 0 ? image.length() : at;
        int colon = image.indexOf(':', from);
        colon = colon > end ? -1 : colon;
        String name = image.substring(0, colon < 0 ? end : colon);
        String tag = colon < 0 ? "" : image.substring(colon + 1, end);
        String oldDigest = at < 0 ? "" : image.substring(at + 1);
        if (!newName.isEmpty()) {
            name = newName;
        }
        if (!newTag.isEmpty() || !digest.isEmpty()) {
            tag = newTag;
            oldDigest = digest;
        } else if (!tagSuffix.isEmpty()) {
            tag = tag + tagSuffix;
            oldDigest = "";
        }
        return name + (tag.isEmpty() ? "" : ":" + tag) + (oldDigest.isEmpty() ? "" : "@" + oldDigest);
    }
}
