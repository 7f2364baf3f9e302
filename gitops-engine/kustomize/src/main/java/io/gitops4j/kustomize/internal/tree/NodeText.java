package io.gitops4j.kustomize.internal.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text of a node in the layout of Go's YAML writer (third major version, two spaces, sequences under their key): for
 * messages that show a node, for YAML kept inside a scalar, and for origin annotations. Built resources are printed by the
 * codec instead.
 */
public final class NodeText {
    private static final String INDICATORS = "#,[]{}&*!|>'\"%@`";
    private final StringBuilder out = new StringBuilder();
    private final Comments comments;
    private @Nullable Node wanted;
    private int wantedAt = -1;

    private NodeText(Comments comments) {
        this.comments = comments;
    }

    /** The line of a key in the text of a node, 1-based; 0 where it is not printed. */
    static int lineOf(Node node, Node key) {
        NodeText writer = new NodeText(new Comments());
        writer.wanted = key;
        writer.value(node, 0, false, true);
        int line = writer.wantedAt < 0 ? 0 : 1;
        for (int i = 0; i < writer.wantedAt; i++) {
            line += writer.out.charAt(i) == '\n' ? 1 : 0;
        }
        return line;
    }

    /** The node in its own styles, with a final newline. */
    public static String block(Node node) {
        return block(node, new Comments());
    }

    /** The node in its own styles, with comments and a final newline. */
    static String block(Node node, Comments comments) {
        NodeText writer = new NodeText(comments);
        writer.value(node, 0, false, true);
        if (writer.out.length() == 0 || writer.out.charAt(writer.out.length() - 1) != '\n') {
            writer.out.append('\n');
        }
        return writer.out.toString();
    }

    private void value(Node node, int indent, boolean inSequence, boolean top) {
        if (node.isScalar()) {
            scalar(node, indent);
            behind(node);
            out.append('\n');
        } else if (node.size() == 0 || node.style() == Node.Style.FLOW) {
            flow(node);
            behind(node);
            out.append('\n');
        } else if (node.isMap()) {
            mapping(node, indent, inSequence, top);
        } else {
            sequence(node, indent, inSequence, top);
        }
    }

    private void mapping(Node node, int indent, boolean inSequence, boolean top) {
        if (!inSequence && !top) {
            out.append('\n');
        }
        for (int i = 0; i < node.size(); i++) {
            lines(comments.before(node.keyNode(i)), indent);
            if (i > 0 || !inSequence) {
                pad(indent);
            }
            if (node.keyNode(i) == wanted) {
                wantedAt = out.length();
            }
            scalar(node.keyNode(i), indent);
            out.append(':');
            Node value = node.item(i);
            boolean nested = !value.isScalar() && value.size() > 0 && value.style() != Node.Style.FLOW;
            if (!nested) {
                if (!(value.isNull() && value.text().isEmpty())) {
                    out.append(' ');
                }
                value(value, indent + 2, false, false);
            } else if (value.isSeq()) {
                behind(node.keyNode(i));
                out.append('\n');
                sequence(value, indent, false, true);
            } else {
                behind(node.keyNode(i));
                value(value, indent + 2, false, false);
            }
        }
        lines(comments.after(node), indent);
    }

    private void behind(Node node) {
        String comment = comments.behind(node);
        if (!comment.isEmpty()) {
            out.append(' ').append(comment);
        }
    }

    private void lines(List<String> lines, int indent) {
        for (String line : lines) {
            if (!line.isEmpty()) {
                pad(indent);
            }
            out.append(line).append('\n');
        }
    }

    private void sequence(Node node, int indent, boolean inSequence, boolean top) {
        if (!inSequence && !top) {
            out.append('\n');
        }
        for (int i = 0; i < node.size(); i++) {
            lines(comments.before(node.item(i)), indent);
            if (i > 0 || !inSequence) {
                pad(indent);
            }
            out.append("- ");
            String dash = comments.dash(node.item(i));
            if (!dash.isEmpty()) {
                out.append(dash).append('\n');
                pad(indent + 2);
            }
            value(node.item(i), indent + 2, true, false);
        }
        lines(comments.after(node), indent);
    }

    private void flow(Node node) {
        boolean map = node.isMap();
        out.append(map ? '{' : '[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(", ");
            }
            if (map) {
                if (node.keyNode(i) == wanted) {
                    wantedAt = out.length();
                }
                scalar(node.keyNode(i), 0);
                out.append(": ");
            }
            Node item = node.item(i);
            if (item.isScalar()) {
                scalar(item, 0);
            } else {
                flow(item);
            }
        }
        out.append(map ? '}' : ']');
    }

    private void scalar(Node node, int indent) {
        String text = node.text();
        if (node.tag() != Tag.STR && node.tag() != Tag.NONE) {
            out.append(text);
            return;
        }
        boolean typed = node.tag() == Tag.STR && Scalars.resolve(text) != Tag.STR;
        Node.Style style = node.style();
        if (style == Node.Style.DOUBLE || !printable(text)) {
            doubleQuoted(text);
        } else if (style == Node.Style.FOLDED && !text.isEmpty()) {
            folded(text, indent);
        } else if (style == Node.Style.SINGLE && text.indexOf('\n') < 0) {
            singleQuoted(text);
        } else if (text.indexOf('\n') >= 0) {
            literal(text, indent);
        } else if (typed) {
            doubleQuoted(text);
        } else if (!plain(text)) {
            singleQuoted(text);
        } else {
            out.append(text);
        }
    }

    private static boolean plain(String text) {
        if (text.isEmpty() || text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ') {
            return false;
        }
        char first = text.charAt(0);
        if (INDICATORS.indexOf(first) >= 0 || text.startsWith("---") || text.startsWith("...")) {
            return false;
        }
        if ((first == '-' || first == '?' || first == ':') && (text.length() == 1 || text.charAt(1) == ' ')) {
            return false;
        }
        return !text.contains(": ") && !text.endsWith(":") && !text.contains(" #");
    }

    private static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 0x20 && c != '\n') || c == 0x7f || c == 0x85 || c == 0xFEFF || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private void literal(String text, int indent) {
        block('|', text, text, indent);
    }

    /** A break between two lines that are not indented is written as a blank line, since a single one is a space. */
    private void folded(String text, int indent) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            body.append(text.charAt(i));
            boolean between = i > 0 && i + 1 < text.length() && text.charAt(i) == '\n';
            if (between && text.charAt(i - 1) != '\n' && " \n".indexOf(text.charAt(i + 1)) < 0) {
                body.append('\n');
            }
        }
        if (text.endsWith("\n")) {
            body.append('\n');
        }
        block('>', text, body.toString(), indent);
    }

    private void block(char header, String value, String text, int indent) {
        out.append(header);
        if (!value.endsWith("\n")) {
            out.append('-');
        } else if (value.endsWith("\n\n") || "\n".equals(value)) {
            out.append('+');
        }
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        int from = 0;
        while (from <= body.length()) {
            int end = body.indexOf('\n', from);
            end = end < 0 ? body.length() : end;
            out.append('\n');
            if (end > from) {
                pad(Math.max(indent, 2));
                out.append(body, from, end);
            }
            from = end + 1;
        }
    }

    private void singleQuoted(String text) {
        out.append('\'').append(text.replace("'", "''")).append('\'');
    }

    private void doubleQuoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 0xFEFF -> out.append("\\uFEFF");
                default -> {
                    if (Character.isHighSurrogate(c) && i + 1 < text.length()) {
                        out.append(String.format("\\U%08X", Character.toCodePoint(c, text.charAt(++i))));
                    } else if (c < 0x20 || c == 0x7f) {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void pad(int indent) {
        out.append(" ".repeat(indent));
    }
}
