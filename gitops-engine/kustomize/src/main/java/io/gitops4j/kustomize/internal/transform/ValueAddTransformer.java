package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.config.FieldSpec;
import io.gitops4j.kustomize.internal.resource.ResMap;
import io.gitops4j.kustomize.internal.resource.Resource;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.ArrayList;
import java.util.List;

/** Sets a value, or inserts it as one element of a slash-separated path, in the fields of selected resources. */
public final class ValueAddTransformer implements Transformer {
    private final String value;
    private final List<JsonObject> targets = new ArrayList<>();

    /** A transformer of a plugin configuration. */
    public ValueAddTransformer(JsonObject config, TransformContext context) {
        String given = config.text("value", "");
        value = given.isEmpty() ? context.directoryName() : given;
        for (Json target : config.array("targets")) {
            if (target instanceof JsonObject object) {
                targets.add(object);
            }
        }
    }

    @Override
    public void transform(ResMap map) {
        for (JsonObject target : targets) {
            String path = target.text("fieldPath", "");
            FieldSpec spec = FieldSpec.of("", "", "", path, true);
            int position = target.get("filePathPosition") instanceof JsonNumber n ? n.intValueOr(0) : 0;
            for (Resource resource : new TargetSelector(target.object("selector")).select(map)) {
                FieldWalk.apply(resource, spec, Node.Kind.SCALAR, node -> set(node, position));
                map.touchedAll(resource);
            }
        }
    }

    private void set(Node node, int position) {
        FieldWalk.demand(node, Node.Kind.SCALAR);
        if (position <= 0) {
            node.setScalar(Tag.STR, value);
            return;
        }
        List<String> parts = new ArrayList<>(List.of(node.text().split("/", -1)));
        int at = Math.min(position - (node.text().startsWith("/") ? 0 : 1), parts.size());
        parts.add(at, value);
        node.setScalar(Tag.STR, String.join("/", parts));
    }
}
