package io.gitops4j.kustomize.internal.load;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.kustomize.internal.tree.NodeJson;
import io.gitops4j.kustomize.internal.tree.Scalars;
import io.gitops4j.kustomize.internal.tree.Tag;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Decodes nodes into JSON of a {@link Shape}: field names in any case become the field's own, nulls are left out, the last of
 * two equal keys wins, unknown fields and wrong types are refused in the words of Go's decoder.
 */
final class StrictDecoder {
    private final String file;

    StrictDecoder(String file) {
        this.file = file;
    }

    JsonObject decode(Node node, Shape shape) {
        refuseNotFinite(node);
        return (JsonObject) value(node, shape, shape.structName(), "");
    }

    private Json value(Node node, Shape shape, String struct, String path) {
        return switch (shape.kind()) {
            case ANY -> NodeJson.toJson(node);
            case STRING ->
                node.isScalar() && isText(node)
                        ? node.tag() == Tag.BINARY ? NodeJson.toJson(node) : Json.of(node.text())
                        : shape == Shape.LOOSE && node.isScalar()
                                ? Json.of(NodeJson.toJson(node).toJson())
                                : refuse(node, shape, struct, path);
            case BOOL ->
                node.isScalar() && node.tag() == Tag.BOOL
                        ? Json.of(isTrue(node.text()))
                        : refuse(node, shape, struct, path);
            case INT -> {
                boolean number = node.isScalar() && (node.tag() == Tag.INT || node.tag() == Tag.FLOAT);
                yield number && NodeJson.toJson(node) instanceof JsonNumber whole && whole.isLong()
                        ? whole
                        : refuse(node, shape, struct, path);
            }
            case LIST -> {
                if (!node.isSeq()) {
                    yield refuse(node, shape, struct, path);
                }
                JsonArray.Builder items = JsonArray.builder();
                for (Node item : node.items()) {
                    items.add(item.isNull() ? zero(shape.element()) : value(item, shape.element(), struct, path));
                }
                yield items.build();
            }
            case MAP -> {
                if (!node.isMap()) {
                    yield refuse(node, shape, struct, path);
                }
                JsonObject.Builder members = JsonObject.builder(node.size());
                for (int i : decoded(node)) {
                    Node item = node.item(i);
                    members.put(
                            keyText(node.keyNode(i)),
                            item.isNull() ? zero(shape.element()) : value(item, shape.element(), struct, path));
                }
                yield members.build();
            }
            case STRUCT -> struct(node, shape, struct, path);
        };
    }

    private Json struct(Node node, Shape shape, String struct, String path) {
        if (!node.isMap()) {
            return refuse(node, shape, struct, path);
        }
        JsonObject.Builder members = JsonObject.builder(node.size());
        for (int i : decoded(node)) {
            String key = keyText(node.keyNode(i));
            String name = shape.fieldName(key);
            if (name == null) {
                throw new BuildFault("UNKNOWN_FIELD", "json: unknown field \"" + key + "\"")
                        .at(file, node.keyNode(i))
                        .hint(nearest(key, shape));
            }
            if (!node.item(i).isNull()) {
                String at = path.isEmpty() ? shape.pathOf(name) : path + "." + shape.pathOf(name);
                members.put(name, value(node.item(i), shape.field(name), shape.structName(), at));
            }
        }
        return members.build();
    }

    /** The members in the order in which the reference meets them: sorted, of equal keys the last one. */
    private static Collection<Integer> decoded(Node node) {
        TreeMap<String, Integer> members = new TreeMap<>();
        for (int i = 0; i < node.size(); i++) {
            members.put(keyText(node.keyNode(i)), i);
        }
        return members.values();
    }

    /** Refuses numbers that JSON does not have. */
    private void refuseNotFinite(Node node) {
        if (node.isScalar()) {
            String special = node.tag() == Tag.FLOAT ? Scalars.special(node.text()) : null;
            if (special != null) {
                throw new BuildFault("NUMBER", "json: unsupported value: " + special).at(file, node);
            }
        } else if (node.isMap()) {
            decoded(node).forEach(i -> refuseNotFinite(node.item(i)));
        } else {
            node.items().forEach(this::refuseNotFinite);
        }
    }

    private static String keyText(Node key) {
        return key.tag() == Tag.BOOL ? String.valueOf(isTrue(key.text())) : key.text();
    }

    static boolean isTrue(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "on" -> true;
            default -> false;
        };
    }

    private static Json zero(Shape shape) {
        return switch (shape.kind()) {
            case STRING -> Json.of("");
            case BOOL -> Json.of(false);
            case INT -> Json.of(0);
            case ANY -> Json.nul();
            case LIST -> JsonArray.empty();
            case MAP, STRUCT -> JsonObject.empty();
        };
    }

    private static boolean isText(Node node) {
        return node.tag() == Tag.STR
                || node.tag() == Tag.TIMESTAMP
                || node.tag() == Tag.BINARY
                || node.tag() == Tag.MERGE;
    }

    private Json refuse(Node node, Shape shape, String struct, String path) {
        String got = switch (node.kind()) {
            case MAP -> "object";
            case SEQ -> "array";
            case SCALAR ->
                switch (node.tag()) {
                    case BOOL -> "bool";
                    case INT, FLOAT ->
                        shape.kind() == Shape.Kind.INT
                                ? "number " + NodeJson.toJson(node).toJson()
                                : "number";
                    default -> "string";
                };
        };
        String where = path.isEmpty() ? "value" : "struct field " + struct + "." + path;
        BuildFault fault = new BuildFault(
                        "WRONG_TYPE",
                        "json: cannot unmarshal " + got + " into Go " + where + " of type " + shape.goType())
                .at(file, node);
        throw shape.kind() == Shape.Kind.STRING && node.isScalar() ? fault.hint("put the value in quotes") : fault;
    }

    private static String nearest(String key, Shape shape) {
        String best = "";
        int least = 4;
        for (String name : shape.fieldNames()) {
            int distance = distance(key.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "remove the field" : "did you mean '" + best + "'?";
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int keep = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
                diagonal = keep;
            }
        }
        return row[b.length()];
    }
}
