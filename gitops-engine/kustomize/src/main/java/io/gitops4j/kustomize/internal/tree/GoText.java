package io.gitops4j.kustomize.internal.tree;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Writes a node as the reference shows a value in its messages: the syntax of the language it is written in. */
public final class GoText {
    private static final String ANY = "interface {}";

    private GoText() {}

    /** The text of a node. */
    public static String of(Node node) {
        StringBuilder out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(Node node, StringBuilder out) {
        switch (node.kind()) {
            case SCALAR -> scalar(node, out);
            case SEQ -> {
                out.append("[]").append(ANY).append('{');
                for (int i = 0; i < node.size(); i++) {
                    out.append(i > 0 ? ", " : "");
                    write(node.item(i), out);
                }
                out.append('}');
            }
            case MAP -> map(node, out);
        }
    }

    private static void map(Node map, StringBuilder out) {
        List<Integer> order = new ArrayList<>();
        boolean texts = true;
        for (int i = 0; i < map.size(); i++) {
            order.add(i);
            texts &= rank(map.keyNode(i)) == 1;
        }
        order.sort(Comparator.<Integer>comparingInt(i -> rank(map.keyNode(i))).thenComparing(map::key));
        out.append("map[")
                .append(texts ? "string" : ANY)
                .append(']')
                .append(ANY)
                .append('{');
        String comma = "";
        for (int i : order) {
            out.append(comma);
            scalar(map.keyNode(i), out);
            out.append(':');
            write(map.item(i), out);
            comma = ", ";
        }
        out.append('}');
    }

    private static Tag tag(Node scalar) {
        if (scalar.tag() == Tag.NONE) {
            return Scalars.resolve(scalar.text());
        }
        return scalar.tag();
    }

    private static int rank(Node key) {
        return switch (tag(key)) {
            case NULL -> 0;
            case STR, MERGE, BINARY, NONE -> 1;
            case INT -> 2;
            case FLOAT -> 3;
            case BOOL -> 4;
            case TIMESTAMP -> 5;
        };
    }

    private static void scalar(Node node, StringBuilder out) {
        String text = node.text();
        switch (tag(node)) {
            case NULL -> out.append(ANY).append("(nil)");
            case BOOL -> out.append("true".equalsIgnoreCase(text));
            case INT -> {
                BigInteger value = Scalars.integer(text.replace("_", ""));
                out.append(value == null ? text : value.toString());
            }
            case FLOAT -> {
                String special = Scalars.special(text);
                Double value = special == null ? Scalars.floating(text) : null;
                out.append(special != null ? special : value == null ? text : Scalars.printed(value));
            }
            case STR, MERGE, BINARY, NONE, TIMESTAMP -> quote(text, out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> out.append('\\').appendCodePoint(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case 7 -> out.append("\\a");
                case 8 -> out.append("\\b");
                case 11 -> out.append("\\v");
                case 12 -> out.append("\\f");
                default -> {
                    if (c < 32 || c == 127) {
                        out.append(String.format(Locale.ROOT, "\\x%02x", c));
                    } else if ((c > 127 && c <= 160) || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        out.append('"');
    }
}
