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
        String op = operation.text("op", "unknown");
        String path = operation.text("path", "");
        demandPaths(operation, op);
        switch (op) {
            case "add" -> add(root, path, value(operation), "add");
            case "remove" -> remove(root, path);
            case "replace" -> replace(root, path, value(operation));
            case "move" -> move(root, operation.text("from", ""), path);
            case "copy" -> copy(root, operation.text("from", ""), path);
            case "test" -> test(root, path, operation);
            default -> throw new BuildFault("JSON_PATCH", "Unexpected kind: " + op);
        }
    }

    private static void demandPaths(JsonObject operation, String op) {
        boolean known =
                List.of("add", "remove", "replace", "move", "copy", "test").contains(op);
        boolean from = "move".equals(op) || "copy".equals(op);
        if (from && operation.get("from") == null) {
            throw missing(op + " operation failed to decode from: operation, missing from field: missing value");
        }
        if (known && operation.get("path") == null) {
            String reason = "replace".equals(op) ? "operation missing path field: " : "";
            throw missing(op + " operation failed to decode path: " + reason + "missing value");
        }
    }

    private static void move(Node root, String from, String path) {
        Node parent = parent(root, tokens(from));
        if (parent == null) {
            throw missing("move operation does not apply: doc is missing from path: " + from + ": missing value");
        }
        String last = last(from);
        Node moved;
        if (parent.isMap()) {
            Node found = parent.get(last);
            if (found == null) {
                throw missing("error in move for path: '" + last + "': " + nonexistent(last));
            }
            moved = found;
            parent.remove(last);
        } else {
            moved = parent.items().remove(index(parent, last, "error in move for path: '" + last + "': "));
        }
        add(root, path, moved, "move");
    }

    private static void copy(Node root, String from, String path) {
        Node parent = parent(root, tokens(from));
        if (parent == null) {
            throw missing("copy operation does not apply: doc is missing from path: " + from + ": missing value");
        }
        Node found = parent.isMap()
                ? parent.get(last(from))
                : parent.item(index(parent, last(from), "error in copy for from: '" + from + "': "));
        add(root, path, found == null ? Node.nul() : found.copy(), "copy");
    }

    private static String last(String path) {
        List<String> tokens = tokens(path);
        return tokens.get(tokens.size() - 1);
    }

    private static String nonexistent(String key) {
        return "Unable to remove nonexistent key: " + key + ": missing value";
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
            throw missing(op + " operation does not apply: doc is missing "
                    + ("add".equals(op) ? "path: \"" + path + "\"" : "destination path: " + path)
                    + ": missing value");
        }
        String last = tokens.get(tokens.size() - 1);
        if (parent.isMap()) {
            parent.put(last, value);
            return;
        }
        int size = parent.size();
        int index = "-".equals(last) ? size : number(last);
        String context = "copy".equals(op)
                ? "error while adding value during copy: "
                : "error in " + op + " for path: '" + path + "': ";
        if (index == Integer.MIN_VALUE) {
            throw missing(context + "value was not a proper array index: '" + last + "': " + noNumber(last));
        }
        int at = index < 0 ? index + size + 1 : index;
        if (at < 0 || at > size) {
            throw missing(context + "Unable to access invalid index: " + index + ": invalid index referenced");
        }
        parent.items().add(at, value);
    }

    private static void remove(Node root, String path) {
        List<String> tokens = tokens(path);
        Node parent = parent(root, tokens);
        if (parent == null) {
            throw missing("remove operation does not apply: doc is missing path: \"" + path + "\": missing value");
        }
        String last = tokens.get(tokens.size() - 1);
        if (parent.isMap()) {
            if (!parent.remove(last)) {
                throw missing("error in remove for path: '" + path + "': " + nonexistent(last));
            }
            return;
        }
        parent.items().remove(index(parent, last, "error in remove for path: '" + path + "': "));
    }

    private static int index(Node list, String token, String context) {
        int index = number(token);
        if (index == Integer.MIN_VALUE) {
            throw missing(context + noNumber(token));
        }
        int at = index < 0 ? index + list.size() : index;
        if (at < 0 || at >= list.size()) {
            throw missing(context + "Unable to access invalid index: " + token + ": invalid index referenced");
        }
        return at;
    }

    private static String noNumber(String token) {
        return "strconv.Atoi: parsing \"" + token + "\": invalid syntax";
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

    private static void test(Node root, String path, JsonObject operation) {
        Json expected = operation.get("value");
        List<String> tokens = tokens(path);
        Node parent = parent(root, tokens);
        if (parent == null && !tokens.isEmpty()) {
            throw missing("test operation does not apply: is missing path: " + path + ": missing value");
        }
        Node found = parent == null
                ? root
                : parent.isMap()
                        ? parent.get(last(path))
                        : parent.item(index(parent, last(path), "error in test for path: '" + path + "': "));
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
