package io.gitops4j.kustomize.internal.transform;

import com.google.re2j.Pattern;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.CommentedText;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.kustomize.internal.tree.YamlFault;
import io.gitops4j.problem.Limits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes to every place that a dotted path with wildcards and list selectors names, makes what is missing where that is asked
 * for, and enters YAML or JSON kept in a scalar.
 */
final class FieldPathSetter {
    private final Node.@Nullable Kind create;
    private final FieldWalk.Setter setter;
    private final Limits limits;
    private int count;

    /** @param create kind of the leaf that is made where it is missing; {@code null} makes nothing */
    FieldPathSetter(Node.@Nullable Kind create, Limits limits, FieldWalk.Setter setter) {
        this.create = create;
        this.limits = limits;
        this.setter = setter;
    }

    /** How many places were set. */
    int count() {
        return count;
    }

    void apply(Node root, List<String> parts) {
        visit(root, parts, 0);
    }

    private void visit(Node node, List<String> parts, int at) {
        if (at == parts.size()) {
            if (++count > limits.fieldMatches()) {
                throw new BuildFault(
                        "RESULT_LIMIT", "a replacement sets more than " + limits.fieldMatches() + " fields");
            }
            setter.set(node);
            return;
        }
        String part = parts.get(at);
        FieldPath.demandSelector(part);
        if (node.isScalar() && !node.isNull()) {
            inside(node, parts, at);
        } else if ("*".equals(part)) {
            if (!node.isNull()) {
                FieldWalk.demand(node, Node.Kind.SEQ);
            }
            for (Node item : List.copyOf(node.items())) {
                visit(item, parts, at + 1);
            }
        } else if (FieldPath.isSelector(part)) {
            selected(node, parts, at);
        } else if (node.isSeq() && FieldPath.index(part) >= 0) {
            indexed(node, parts, at, FieldPath.index(part));
        } else {
            member(node, parts, at);
        }
    }

    private void member(Node node, List<String> parts, int at) {
        if (node.isNull() && create == null) {
            return;
        }
        if (node.isNull()) {
            node.become(Node.Kind.MAP);
        }
        FieldWalk.demand(node, Node.Kind.MAP);
        Node found = node.get(parts.get(at));
        if (found == null || (found.isNull() && create != null)) {
            if (create == null) {
                return;
            }
            found = made(parts, at);
            node.put(parts.get(at), found);
        }
        visit(found, parts, at + 1);
    }

    /** What stands before the next part: a list before an index or a selector, else a mapping; at the end the leaf. */
    private Node made(List<String> parts, int at) {
        Node.Kind kind = create;
        if (at + 1 < parts.size()) {
            String next = parts.get(at + 1);
            kind = FieldPath.isSelector(next) || FieldPath.index(next) >= 0 ? Node.Kind.SEQ : Node.Kind.MAP;
        }
        Node made = Node.map();
        made.become(kind == null ? Node.Kind.MAP : kind);
        return made;
    }

    private void indexed(Node node, List<String> parts, int at, int index) {
        if (index == node.size() && create != null) {
            node.add(made(parts, at));
        }
        if (index >= node.size()) {
            throw new BuildFault(
                    "FIELD_PATH", "index " + index + " specified but only " + node.size() + " elements found");
        }
        visit(node.item(index), parts, at + 1);
    }

    private void selected(Node node, List<String> parts, int at) {
        String[] selector = FieldPath.selector(parts.get(at));
        if (node.isNull()) {
            if (create == null) {
                return;
            }
            node.become(Node.Kind.SEQ);
        }
        FieldWalk.demand(node, Node.Kind.SEQ);
        Pattern value = Patterns.compile(selector[1]);
        List<Node> matching = new ArrayList<>();
        for (Node item : node.items()) {
            Node field = selector[0].isEmpty() ? item : item.value(selector[0]);
            if (field != null && field.isScalar() && value.matcher(field.text()).find()) {
                matching.add(item);
            }
        }
        if (matching.isEmpty() && create != null) {
            Node item =
                    selector[0].isEmpty() ? Node.str(selector[1]) : Node.map().put(selector[0], selector[1]);
            node.add(item);
            matching.add(item);
        }
        for (Node item : matching) {
            visit(item, parts, at + 1);
        }
    }

    // ---- text that is YAML or JSON itself

    private void inside(Node scalar, List<String> parts, int at) {
        String text = scalar.text();
        CommentedText inner;
        try {
            inner = CommentedText.read(text, limits);
        } catch (YamlFault e) {
            throw new BuildFault("FIELD_PATH", e.text());
        }
        if (inner == null || inner.root().isScalar()) {
            throw FieldWalk.wrongKind(inner == null ? scalar : inner.root(), Node.Kind.MAP);
        }
        Node parsed = inner.root();
        int before = count;
        visit(parsed, parts, at);
        if (count > before) {
            scalar.setText(isJson(text) ? json(parsed, text) : inner.text());
        }
    }

    private static boolean isJson(String text) {
        String start = text.strip();
        return start.startsWith("{") || start.startsWith("[");
    }

    private static String json(Node parsed, String old) {
        StringBuilder out = new StringBuilder();
        boolean indented = old.indexOf('\n') >= 0 && old.contains("  ");
        write(NodeJson.toJson(parsed), out, indented ? "\n" : "");
        return out.toString();
    }

    private static void write(Json value, StringBuilder out, String newline) {
        String inner = newline.isEmpty() ? "" : newline + "  ";
        if (value instanceof JsonObject object && !object.isEmpty()) {
            JsonObject sorted = object.sorted();
            out.append('{');
            for (int i = 0; i < sorted.size(); i++) {
                out.append(i > 0 ? "," : "").append(inner);
                NameHash.write(Json.of(sorted.keyAt(i)), out);
                out.append(newline.isEmpty() ? ":" : ": ");
                write(sorted.valueAt(i), out, inner);
            }
            out.append(newline).append('}');
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            out.append('[');
            for (int i = 0; i < array.size(); i++) {
                out.append(i > 0 ? "," : "").append(inner);
                write(array.get(i), out, inner);
            }
            out.append(newline).append(']');
        } else {
            NameHash.write(value, out);
        }
    }
}
