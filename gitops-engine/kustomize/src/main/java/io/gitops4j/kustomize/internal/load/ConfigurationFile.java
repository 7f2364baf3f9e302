package io.gitops4j.kustomize.internal.load;

import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeReader;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.problem.Limits;
import java.util.ArrayList;
import java.util.List;

/** Reads a file of {@code configurations}: unknown fields, fields of other types and equal keys are refused. */
public final class ConfigurationFile {
    private static final String CONVERTING = "error converting YAML to JSON: ";
    private static final String DECODING = "error unmarshaling JSON: while decoding JSON: ";

    private ConfigurationFile() {}

    /** The lists of a file. */
    public static JsonObject read(String path, String text, Limits limits) {
        Node node;
        try {
            node = NodeReader.readOld(text.replace("\r\n", "\n"), limits);
        } catch (YamlFault e) {
            throw new BuildFault("YAML_SYNTAX_CONFIG", CONVERTING + e.text()).at(path, e.line(), e.column());
        }
        if (node == null || node.isNull()) {
            return JsonObject.empty();
        }
        List<Node> repeated = new ArrayList<>();
        repeated(node, repeated);
        if (!repeated.isEmpty()) {
            StringBuilder lines = new StringBuilder(CONVERTING + "yaml: unmarshal errors:");
            for (Node key : repeated) {
                lines.append("\n  line " + key.line() + ": key \"" + key.text() + "\" already set in map");
            }
            throw new BuildFault("DUPLICATE_KEY", lines.toString()).at(path, repeated.get(0));
        }
        try {
            return new StrictDecoder(path).decode(node, Shapes.CONFIGURATION);
        } catch (BuildFault e) {
            throw e.within(DECODING);
        }
    }

    private static void repeated(Node node, List<Node> found) {
        for (int i = 0; i < node.size(); i++) {
            if (node.isMap() && node.indexOf(node.key(i)) != i) {
                found.add(node.keyNode(i));
            }
            repeated(node.item(i), found);
        }
    }
}
