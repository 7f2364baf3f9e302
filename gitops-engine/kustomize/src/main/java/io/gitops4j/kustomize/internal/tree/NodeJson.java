package io.gitops4j.kustomize.internal.tree;

import io.gitops4j.codec.Folding;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Nodes to JSON values (typed, numbers and times in their printed form) and back. */
public final class NodeJson {
    private static final char NEXT_LINE = '\u0085';

    private NodeJson() {}

    /** Between the steps a next-line character is a line break in a double-quoted text, and is folded as such. */
    private static String folded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int run = at;
            int breaks = 0;
            while (run < text.length() && (text.charAt(run) == NEXT_LINE || text.charAt(run) == ' ')) {
                breaks += text.charAt(run++) == NEXT_LINE ? 1 : 0;
            }
            if (breaks == 0) {
                run = Math.max(run, at + 1);
                out.append(text, at, run);
            } else {
                out.append(breaks == 1 ? " " : "\n".repeat(breaks - 1));
            }
            at = run;
        }
        return out.toString();
    }

    /** A value that JSON cannot hold: an infinity, a key given twice, a key that is no string. */
    public static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int line;
        private final int column;

        Unprintable(String message, Node at) {
            super(message, null, false, false);
            line = at.line();
            column = at.column();
        }

        /** Why. */
        public String text() {
            return String.valueOf(getMessage());
        }

        public int line() {
            return line;
        }

        public int column() {
            return column;
        }
    }

    /** The JSON value of a node as it is now. */
    public static Json raw(Node node) {
        return node.isScalar() && node.tag() == Tag.STR
                ? Json.of(node.text())
                : node.isMap() ? rawObject(node) : toJson(node);
    }

    private static JsonObject rawObject(Node node) {
        JsonObject.Builder object = JsonObject.builder(node.size());
        for (int i = 0; i < node.size(); i++) {
            object.put(node.key(i), raw(node.item(i)));
        }
        return object.build();
    }

    /** The JSON value that is printed of a node: what it is after the reference has printed and read it once more. */
    public static Json toJson(Node node) {
        return switch (node.kind()) {
            case SCALAR -> scalar(node);
            case SEQ -> {
                Json[] items = new Json[node.size()];
                for (int i = 0; i < items.length; i++) {
                    items[i] = toJson(node.item(i));
                }
                yield JsonArray.of(items);
            }
            case MAP -> object(node);
        };
    }

    private static JsonObject object(Node node) {
        JsonObject.Builder object = JsonObject.builder(node.size());
        for (int i = 0; i < node.size(); i++) {
            Node key = node.keyNode(i);
            if ("<<".equals(key.text())) {
                // Whatever the quotes around it were, this is a merge key once the text is read again, and it is lost.
                continue;
            }
            if (key.tag() != Tag.STR && key.tag() != Tag.NONE && key.tag() != Tag.MERGE) {
                throw new Unprintable("json: unsupported type: map[interface {}]interface {}", key);
            }
            object.put(key.text(), toJson(node.item(i)));
        }
        return object.build();
    }

    /**
     * Refuses keys that are given twice, or that are null.
     *
     * @param root whole object, whose printed text the lines of the message count in
     */
    public static void checkKeys(Node root) {
        Node bad = repeated(root);
        if (bad != null) {
            boolean isNull = bad.tag() == Tag.NULL;
            int line = NodeText.lineOf(root, bad);
            throw new Unprintable(
                    "yaml: unmarshal errors:\n  line " + (isNull ? line + 1 : line) + ": mapping key \"" + bad.text()
                            + "\" already defined at line " + (isNull ? line : NodeText.lineOf(root, first(root, bad))),
                    bad);
        }
    }

    /**
     * The reference writes the annotations of every object anew, their names without quotes: one that looks like a number, a
     * boolean or a null is one from then on, and cannot be printed.
     */
    public static void typeAnnotationKeys(Node root) {
        Node annotations = root.at("metadata", "annotations");
        if (annotations == null || !annotations.isMap()) {
            return;
        }
        for (int i = 0; i < annotations.size(); i++) {
            Node key = annotations.keyNode(i);
            Tag typed = Scalars.resolve(key.text());
            if (typed == Tag.INT || typed == Tag.FLOAT || typed == Tag.BOOL || typed == Tag.NULL) {
                key.setScalar(typed, key.text());
            }
        }
    }

    private static @Nullable Node repeated(Node node) {
        if (node.isScalar()) {
            return null;
        }
        for (int i = 0; i < node.size(); i++) {
            if (node.isMap()
                    && (node.indexOf(node.key(i)) != i || node.keyNode(i).tag() == Tag.NULL)) {
                return node.keyNode(i);
            }
            Node below = repeated(node.item(i));
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    private static Node first(Node node, Node key) {
        for (int i = 0; i < node.size(); i++) {
            if (node.isMap() && node.keyNode(i) == key) {
                return node.keyNode(node.indexOf(key.text()));
            }
            Node below = node.item(i).isScalar() ? key : first(node.item(i), key);
            if (below != key) {
                return below;
            }
        }
        return key;
    }

    private static Json scalar(Node node) {
        String text = node.text();
        return switch (node.tag()) {
            case STR, MERGE ->
                Json.of(
                        switch (node.style()) {
                            case FOLDED -> clean(Folding.reprinted(text));
                            default -> text.indexOf(NEXT_LINE) >= 0 ? folded(clean(text)) : clean(text);
                        });
            case NULL -> {
                Tag actual = Scalars.resolve(text);
                if (actual != Tag.NULL && node.style() == Node.Style.PLAIN) {
                    otherType(node, actual);
                }
                yield node.style() == Node.Style.FLOW ? Json.of("") : Json.nul();
            }
            case NONE ->
                node.style() == Node.Style.PLAIN ? typed(node, Scalars.resolve(text), text) : Json.of(clean(text));
            case BINARY -> Json.of(binary(node));
            case INT, FLOAT, BOOL, TIMESTAMP -> {
                if (node.style() != Node.Style.PLAIN) {
                    yield Json.of(clean(text));
                }
                Tag actual = Scalars.resolve(text);
                if (node.tag() == Tag.FLOAT && actual == Tag.INT) {
                    yield number(node, text);
                }
                yield typed(node, actual == node.tag() ? actual : otherType(node, actual), text);
            }
        };
    }

    /** A text that was put into a typed scalar must be of that type. */
    private static Tag otherType(Node node, Tag actual) {
        Tag shown = actual == Tag.TIMESTAMP || actual == Tag.MERGE ? Tag.STR : actual;
        throw new Unprintable(
                "yaml: cannot decode " + shown.text() + " `" + node.text() + "` as a "
                        + node.tag().text(),
                node);
    }

    private static Json typed(Node node, Tag tag, String text) {
        return switch (tag) {
            case NULL -> Json.nul();
            case BOOL -> Json.of("true".equalsIgnoreCase(text));
            case INT -> integer(text);
            case FLOAT -> number(node, text);
            case TIMESTAMP -> {
                String time = Scalars.time(text);
                yield Json.of(time == null ? text : time);
            }
            case STR, BINARY, MERGE, NONE -> Json.of(text.indexOf(NEXT_LINE) >= 0 ? folded(clean(text)) : clean(text));
        };
    }

    private static Json integer(String text) {
        int length = text.length();
        if (length < 18 && length > 0 && text.charAt(0) != '0') {
            boolean digits = true;
            for (int i = 0; i < length && digits; i++) {
                digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
            }
            if (digits) {
                return Json.of(Long.parseLong(text));
            }
        }
        BigInteger value = Scalars.integer(text.replace("_", ""));
        return value == null ? Json.of(text) : Json.of(value);
    }

    private static Json number(Node node, String text) {
        String special = Scalars.special(text);
        if (special != null) {
            throw new Unprintable("json: unsupported value: " + special, node);
        }
        Double value = Scalars.floating(text);
        if (value == null) {
            BigInteger whole = Scalars.integer(text.replace("_", ""));
            value = whole == null ? null : whole.doubleValue();
        }
        if (value == null) {
            return Json.of(text);
        }
        if (value.isInfinite()) {
            return Json.of(text);
        }
        return JsonNumber.parse(Scalars.printed(value));
    }

    private static String binary(Node node) {
        try {
            return new String(Base64.getMimeDecoder().decode(node.text()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unprintable("yaml: !!binary value contains invalid base64 data", node);
        }
    }

    /** Half a surrogate pair stands for no character. */
    private static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
            }
        }
        return text;
    }

    /** A node of a JSON value. */
    public static Node toNode(Json value) {
        return switch (value.kind()) {
            case NULL -> Node.nul();
            case BOOL -> Node.scalar(Tag.BOOL, ((JsonBool) value).value() ? "true" : "false");
            case NUMBER -> {
                String lexeme = ((JsonNumber) value).lexeme();
                yield Node.scalar(Scalars.resolve(lexeme), lexeme);
            }
            case STRING -> Node.str(((JsonString) value).value()).styled(Node.Style.DOUBLE);
            case ARRAY -> {
                Node node = Node.seq();
                for (Json item : (JsonArray) value) {
                    node.add(toNode(item));
                }
                yield node;
            }
            case OBJECT -> {
                Node node = Node.map();
                ((JsonObject) value).forEach((key, item) -> node.append(Node.str(key), toNode(item)));
                yield node;
            }
        };
    }

    /** Whether the text is a whole number as JSON writes it, short enough for a double. */
    private static boolean isShortDecimal(String text) {
        boolean plain = text.length() <= 14 && !text.isEmpty() && (text.length() == 1 || text.charAt(0) != '0');
        for (int i = 0; i < text.length() && plain; i++) {
            plain = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return plain;
    }

    /** What a number becomes when a program reads it as a double and writes it as JSON again. */
    public static void throughDouble(Node node) {
        if (!node.isScalar()) {
            node.items().forEach(NodeJson::throughDouble);
            return;
        }
        Tag tag = node.tag() == Tag.NONE ? Scalars.resolve(node.text()) : node.tag();
        if (tag == Tag.INT || tag == Tag.FLOAT) {
            Json value = scalar(node);
            if (value instanceof JsonNumber number && !isShortDecimal(node.text())) {
                double real = number.doubleValue();
                String printed = real == 0 && tag == Tag.INT ? "0" : Scalars.printed(real);
                node.setScalar(Scalars.resolve(printed), printed);
            }
        } else if (tag == Tag.NULL && node.style() != Node.Style.FLOW) {
            node.setScalar(Tag.NULL, "null");
        } else if (tag == Tag.TIMESTAMP || tag == Tag.BINARY) {
            node.setScalar(Tag.STR, String.valueOf(scalar(node).textOrNull()));
        }
    }
}
