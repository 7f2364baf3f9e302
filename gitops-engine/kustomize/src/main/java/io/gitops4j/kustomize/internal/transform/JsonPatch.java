package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6902 over nodes, with the ways of the library that kustomize uses: {@code replace} of a missing member adds it,
 * negative indices count from the end, no parent is ever made.
 *
 * <p>Source: kustomize §11.
 */
final class JsonPatch {
    private final List<JsonObject> operations;

    private JsonPatch(List<JsonObject> operations) {
        this.operations = operations;
    }

    /** The operations of a list. */
    static JsonPatch of(JsonArray list) {
        List<JsonObject> operations = new ArrayList<>();
        for (Json item : list) {
            if (!(item instanceof JsonObject object)) {
                throw new BuildFault("JSON_PATCH", "a JSON patch is a list of operations");
            }
            operations.add(object);
        }
        return new JsonPatch(operations);
    }

    /** Applies all operations in place. */
    void apply(Node root) {
        NodeJson.throughDouble(root);
        for (JsonObject operation : operations) {
            apply(root, operation);
        }
    }

    private static void apply(Node root, JsonObject operation) {
        String op = operation.text("op", "");
        String path = operation.text("path", "");
        switch (op) {
            case "add" -> add(root, path, value(operation), "add");
            case "remove" -> remove(root, path, "remove");
            case "replace" -> replace(root, path, value(operation));
            case "move" -> {
                String from = operation.text("from", "");
                Node moved = get(root, from, "move");
                remove(root, from, "move");
                add(root, path, moved, "move");
            }
            case "copy" ->
                add(root, path, get(root, operation.text("from", ""), "copy").copy(), "copy");
            case "test" -> test(root, path, operation);
            default -> throw new BuildFault("JSON_PATCH", "Unexpected kind: " + op);
        }
    }

    private static Node value(JsonObject operation) {
        Json value = operation.get("value");
        return value == null ? Node.nul() : NodeJson.toNode(value);
    }

    private static List<String> tokens(String path) {
        List<String> tokens = new ArrayList<>();
        int from = path.indexOf('/') + 1;
        if (from == 0) {
            return tokens;
        }
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            tokens.add(path.substring(from, end).replace("~1", "/").replace("~0", "~"));
            from = end + 1;
        }
        return tokens;
    }

    private static @Nullable Node parent(Node root, List<String> tokens) {
        if (tokens.isEmpty()) {
            return null;
        }
        Node at = root;
        for (String token : tokens.subList(0, tokens.size() - 1)) {
            Node next = child(at, token);
            if (next == null || next.isScalar()) {
                return null;
            }
            at = next;
        }
        return at.isScalar() ? null : at;
    }

    private static @Nullable Node child(Node node, String token) {
        if (node.isMap()) {
            return node.get(token);
        }
        int index = node.isSeq() ? number(token) : -1;
        return index >= 0 && index < node.size() ? node.item(index) : null;
    }

    private static int number(String token) {
        try {
            return Integer.parseInt(token);
        } catch (NumberFormatException e) {
            return Integer.MIN_VALUE;
        }
    }

    private static void add(Node root, String path, Node value, String op) {
        List<String> tokens = tokens(path);
        Node parent = parent(root, tokens);
        if (parent == null) {
            throw missing(op + " operation does not apply: doc is missing path: \"" + path + "\": missing value");
        }
        String last = tokens.get(tokens.size() - 1);
        if (parent.isMap()) {
            parent.put(last, value);
            return;
        }
        int size = parent.size();
        int index = "-".equals(last) ? size : number(last);
        if (index == Integer.MIN_VALUE) {
            throw missing("error in " + op + " for path: '" + path + "': strconv.Atoi: parsing \"" + last
                    + "\": invalid syntax");
        }
        int at = index < 0 ? index + size + 1 : index;
        if (at < 0 || at > size) {
            throw missing("error in " + op + " for path: '" + path + "': Unable to access invalid index: " + index
                    + ": invalid index referenced");
        }
        parent.items().add(at, value);
    }

    private static void remove(Node root, String path, String op) {
        List<String> tokens = tokens(path);
        Node parent = parent(root, tokens);
        if (parent == null) {
            throw missing(op + " operation does not apply: doc is missing path: \"" + path + "\": missing value");
        }
        String last = tokens.get(tokens.size() - 1);
        if (parent.isMap()) {
            if (!parent.remove(last)) {
                throw missing("error in " + op + " for path: '" + path + "': Unable to remove nonexistent key: " + last
                        + ": missing value");
            }
            return;
        }
        parent.items().remove(index(parent, last, path, op));
    }

    private static int index(Node list, String token, String path, String op) {
        int index = number(token);
        int at = index < 0 && index != Integer.MIN_VALUE ? index + list.size() : index;
        if (at < 0 || at >= list.size()) {
            throw missing("error in " + op + " for path: '" + path + "': Unable to access invalid index: " + token
                    + ": invalid index referenced");
        }
        return at;
    }

    private static void replace(Node root, String path, Node value) {
        List<String> tokens = tokens(path);
        if (tokens.isEmpty()) {
            if (value.isScalar()) {
                throw new BuildFault("JSON_PATCH", "replace operation value must be object or array: %!w(<nil>)");
            }
            root.take(value);
            return;
        }
        Node parent = parent(root, tokens);
        if (parent == null) {
            throw missing("replace operation does not apply: doc is missing path: " + path + ": missing value");
        }
        String last = tokens.get(tokens.size() - 1);
        if (parent.isMap()) {
            parent.put(last, value);
        } else {
            int index = number(last);
            int at = index < 0 && index != Integer.MIN_VALUE ? index + parent.size() : index;
            if (at < 0 || at >= parent.size()) {
                throw missing("replace operation does not apply: doc is missing key: " + path + ": missing value");
            }
            parent.setItem(at, value);
        }
    }

    private static Node get(Node root, String path, String op) {
        List<String> tokens = tokens(path);
        Node parent = parent(root, tokens);
        Node found = parent == null
                ? tokens.isEmpty() ? root : null
                : parent.isSeq()
                        ? parent.item(index(parent, tokens.get(tokens.size() - 1), path, op))
                        : parent.get(tokens.get(tokens.size() - 1));
        if (found == null && parent != null && "copy".equals(op)) {
            return Node.nul();
        }
        if (found == null) {
            throw missing(op + " operation does not apply: doc is missing from path: " + path + ": missing value");
        }
        return found;
    }

    private static void test(Node root, String path, JsonObject operation) {
        Json expected = operation.get("value");
        List<String> tokens = tokens(path);
        Node parent = parent(root, tokens);
        Node found = tokens.isEmpty() ? root : parent == null ? null : child(parent, tokens.get(tokens.size() - 1));
        Json actual = found == null ? null : NodeJson.toJson(found);
        boolean same = actual == null || actual.isNull()
                ? expected == null || expected.isNull()
                : expected != null && actual.equals(expected);
        if (!same) {
            throw new BuildFault("JSON_PATCH", "testing value " + path + " failed: test failed")
                    .hint("the object has another value there than the patch expects");
        }
    }

    private static BuildFault missing(String text) {
        return new BuildFault("JSON_PATCH", text).hint("parents are never made; an earlier operation must add them");
    }
}
