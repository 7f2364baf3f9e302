package io.gitops4j.kustomize.internal.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A YAML node that can be changed in place. kustomize's rules speak of what JSON cannot hold: the type and text of a scalar
 * apart from each other, keys that are no strings, keys given twice. So resources live as nodes between reading and
 * printing; nothing outside this module sees them.
 */
public final class Node {
    private static final int SCAN = 8;

    /** Mapping, sequence or scalar. */
    public enum Kind {
        MAP("MappingNode"),
        SEQ("SequenceNode"),
        SCALAR("ScalarNode");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The word that messages use. */
        public String text() {
            return text;
        }
    }

    /** How a scalar or collection was written. */
    public enum Style {
        PLAIN,
        SINGLE,
        DOUBLE,
        LITERAL,
        FOLDED,
        FLOW
    }

    private Kind kind;
    private Tag tag = Tag.STR;
    private Style style = Style.PLAIN;
    private String text = "";
    private @Nullable ArrayList<Node> keys;
    private ArrayList<Node> items;
    private @Nullable Map<String, Integer> index;
    private boolean shared;
    private int line;
    private int column;

    private Node(Kind kind, ArrayList<Node> items) {
        this.kind = kind;
        this.items = items;
        if (kind == Kind.MAP) {
            keys = new ArrayList<>();
        }
    }

    private static ArrayList<Node> none() {
        return new ArrayList<>(0);
    }

    /** An empty mapping. */
    public static Node map() {
        return new Node(Kind.MAP, new ArrayList<>());
    }

    /** An empty sequence. */
    public static Node seq() {
        return new Node(Kind.SEQ, new ArrayList<>());
    }

    /** A scalar of a type. */
    public static Node scalar(Tag tag, String text) {
        Node node = new Node(Kind.SCALAR, none());
        node.tag = tag;
        node.text = text;
        return node;
    }

    /** A string. */
    public static Node str(String text) {
        return scalar(Tag.STR, text);
    }

    /** A null. */
    public static Node nul() {
        return scalar(Tag.NULL, "null");
    }

    public Kind kind() {
        return kind;
    }

    public boolean isMap() {
        return kind == Kind.MAP;
    }

    public boolean isSeq() {
        return kind == Kind.SEQ;
    }

    public boolean isScalar() {
        return kind == Kind.SCALAR;
    }

    /** Whether this is an explicit null. */
    public boolean isNull() {
        return kind == Kind.SCALAR && tag == Tag.NULL;
    }

    /** Null, an empty mapping or an empty sequence. */
    public boolean isNullOrEmpty() {
        return isNull() || (kind != Kind.SCALAR && items.isEmpty());
    }

    public Tag tag() {
        return tag;
    }

    public Style style() {
        return style;
    }

    /** Sets how it is written; says nothing about the value. */
    public Node styled(Style newStyle) {
        style = newStyle;
        return this;
    }

    /** The text of a scalar, {@code ""} for collections. */
    public String text() {
        return text;
    }

    /** Line in the file it came from, 1-based; 0 when made. */
    public int line() {
        return line;
    }

    /** Column in the file it came from, 1-based; 0 when made. */
    public int column() {
        return column;
    }

    /** Sets the place. */
    public Node at(int newLine, int newColumn) {
        line = newLine;
        column = newColumn;
        return this;
    }

    /** Changes the text of a scalar and keeps its type. */
    public void setText(String newText) {
        text = newText;
    }

    /** Makes this a scalar of another type and text. */
    public void setScalar(Tag newTag, String newText) {
        become(Kind.SCALAR);
        tag = newTag;
        text = newText;
    }

    /** Changes type and text of a scalar and keeps how it is written. */
    public void assign(Tag newTag, String newText) {
        tag = newTag;
        text = newText;
    }

    /** Makes this an empty collection, or a scalar that the next setter fills. */
    public void become(Kind newKind) {
        kind = newKind;
        items = new ArrayList<>();
        keys = newKind == Kind.MAP ? new ArrayList<>() : null;
        index = null;
        text = "";
        tag = newKind == Kind.SCALAR ? Tag.NONE : Tag.STR;
        style = Style.PLAIN;
    }

    /** Takes over kind and content of another node (which must not be used on). */
    public void take(Node other) {
        kind = other.kind;
        tag = other.tag;
        style = other.style;
        text = other.text;
        keys = other.keys;
        items = other.items;
        index = null;
    }

    // ---- collections

    /** Number of members or items. */
    public int size() {
        return items.size();
    }

    /** The item of a sequence, the value of a mapping's member. */
    public Node item(int at) {
        return items.get(at);
    }

    /** The live list of items or values. */
    public List<Node> items() {
        return items;
    }

    /** Replaces an item or a member's value. */
    public void setItem(int at, Node value) {
        items.set(at, value);
    }

    /** Appends to a sequence. */
    public Node add(Node item) {
        items.add(item);
        return this;
    }

    /** Replaces the whole content of a sequence. */
    public void setItems(List<Node> newItems) {
        items = new ArrayList<>(newItems);
    }

    private ArrayList<Node> keyList() {
        ArrayList<Node> known = keys;
        if (known == null) {
            throw new IllegalStateException("not a mapping: " + kind);
        }
        return known;
    }

    /** The key text of the member at a position. */
    public String key(int at) {
        return keyList().get(at).text;
    }

    /** The key node of the member at a position. */
    public Node keyNode(int at) {
        return keyList().get(at);
    }

    /** All key texts in order. */
    public List<String> keyTexts() {
        List<String> texts = new ArrayList<>(size());
        for (Node key : keyList()) {
            texts.add(key.text);
        }
        return texts;
    }

    /** The position of the first member with this key text, or -1. */
    public int indexOf(String key) {
        ArrayList<Node> known = keys;
        if (known == null) {
            return -1;
        }
        if (known.size() <= SCAN) {
            for (int i = 0; i < known.size(); i++) {
                if (known.get(i).text.equals(key)) {
                    return i;
                }
            }
            return -1;
        }
        Map<String, Integer> slots = index;
        if (slots == null) {
            slots = new HashMap<>(known.size() * 2);
            for (int i = 0; i < known.size(); i++) {
                slots.putIfAbsent(known.get(i).text, i);
            }
            index = slots;
        }
        return slots.getOrDefault(key, -1);
    }

    /** The value of a member, be it null; {@code null} where there is none or this is no mapping. */
    public @Nullable Node get(String key) {
        int at = indexOf(key);
        return at < 0 ? null : items.get(at);
    }

    /** The value of a member that is there and not null. */
    public @Nullable Node value(String key) {
        Node found = get(key);
        return found == null || found.isNull() ? null : found;
    }

    /** The node at a path of keys, none of them null. */
    public @Nullable Node at(String... path) {
        Node node = this;
        for (String key : path) {
            node = node.value(key);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /** The text of a scalar member, {@code ""} where it is missing, null or no scalar. */
    public String textOf(String key) {
        Node found = value(key);
        return found == null || found.kind != Kind.SCALAR ? "" : found.text;
    }

    /** Sets a member; a new one goes last. */
    public Node put(String key, Node value) {
        int at = indexOf(key);
        if (at >= 0) {
            items.set(at, value);
        } else {
            append(str(key), value);
        }
        return this;
    }

    /** Sets a string member. */
    public Node put(String key, String value) {
        return put(key, str(value));
    }

    /** Adds a member at the end, even when there is one of that key. */
    public void append(Node key, Node value) {
        ArrayList<Node> known = keyList();
        known.add(key);
        items.add(value);
        if (index != null) {
            index.putIfAbsent(key.text, known.size() - 1);
        }
    }

    /** Removes the first member of this key; whether there was one. */
    public boolean remove(String key) {
        int at = indexOf(key);
        if (at < 0) {
            return false;
        }
        keyList().remove(at);
        items.remove(at);
        index = null;
        return true;
    }

    /** Marks a node that stands at several places of one object; a copy of the object keeps it one. */
    public Node shared() {
        shared = true;
        return this;
    }

    /** A deep copy. */
    public Node copy() {
        return copy(new IdentityHashMap<>(0));
    }

    private Node copy(Map<Node, Node> known) {
        if (shared) {
            Node same = known.get(this);
            if (same == null) {
                same = fresh(known);
                same.shared = true;
                known.put(this, same);
            }
            return same;
        }
        return fresh(known);
    }

    private Node fresh(Map<Node, Node> known) {
        Node node = new Node(kind, new ArrayList<>(items.size()));
        node.tag = tag;
        node.style = style;
        node.text = text;
        node.line = line;
        node.column = column;
        for (int i = 0; i < items.size(); i++) {
            if (keys != null) {
                node.keyList().add(keys.get(i));
            }
            node.items.add(items.get(i).copy(known));
        }
        return node;
    }

    @Override
    public String toString() {
        return NodeText.block(this);
    }
}
