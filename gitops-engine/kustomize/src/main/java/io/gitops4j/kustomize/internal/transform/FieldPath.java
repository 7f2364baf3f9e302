package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The dotted paths of replacements: {@code spec.containers.[name=web].image}. */
final class FieldPath {
    private FieldPath() {}

    /** The parts: names, numbers, {@code *}, {@code [k=v]}. */
    static List<String> split(String path) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 1 < path.length() && path.charAt(i + 1) == '.') {
                part.append('.');
                i++;
            } else if (c == '.' && depth == 0) {
                add(parts, part);
            } else {
                depth += c == '[' ? 1 : c == ']' ? -1 : 0;
                part.append(c);
            }
        }
        add(parts, part);
        return parts;
    }

    private static void add(List<String> parts, StringBuilder part) {
        String text = part.toString();
        part.setLength(0);
        if (text.isEmpty()) {
            return;
        }
        boolean key = text.startsWith("[") && text.endsWith("]") && text.indexOf('.') > 0 && text.indexOf('=') < 0;
        parts.add(key ? text.substring(1, text.length() - 1) : text);
    }

    /** Refuses brackets without an equals sign, which select nothing. */
    static void demandSelector(String part) {
        if (part.startsWith("[") && part.endsWith("]") && part.indexOf('=') < 0) {
            throw new BuildFault(
                            "FIELD_PATH", "list path element must contain fieldName=fieldValue for element to match")
                    .hint("write a key with dots as a\\.b, an element of a list as [name=web]");
        }
    }

    static boolean isSelector(String part) {
        return part.startsWith("[") && part.endsWith("]") && part.indexOf('=') > 0;
    }

    /** Key and value of {@code [k=v]}; the key is {@code ""} for {@code [=v]}. */
    static String[] selector(String part) {
        int equals = part.indexOf('=');
        String value = part.substring(equals + 1, part.length() - 1);
        return new String[] {part.substring(1, equals), value};
    }

    /** The number that a part spells, or -1. */
    static int index(String part) {
        if (part.isEmpty() || part.length() > 9) {
            return -1;
        }
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) < '0' || part.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(part);
    }

    /** What stands at a path without wildcards; {@code null} where there is nothing. */
    static @Nullable Node get(Node root, List<String> parts) {
        Node at = root;
        for (String part : parts) {
            Node next = step(at, part);
            if (next == null || next.isNull()) {
                return null;
            }
            at = next;
        }
        return at;
    }

    private static @Nullable Node step(Node at, String part) {
        demandSelector(part);
        if (isSelector(part)) {
            String[] selector = selector(part);
            if (!at.isSeq()) {
                throw FieldWalk.wrongKind(at, Node.Kind.SEQ);
            }
            for (Node item : at.items()) {
                String text = selector[0].isEmpty() ? item.text() : item.textOf(selector[0]);
                if (text.equals(selector[1])) {
                    return item;
                }
            }
            return null;
        }
        if (at.isSeq()) {
            int index = index(part);
            if (index < 0) {
                throw FieldWalk.wrongKind(at, Node.Kind.MAP);
            }
            return index < at.size() ? at.item(index) : null;
        }
        if (at.isScalar()) {
            throw FieldWalk.wrongKind(at, Node.Kind.MAP);
        }
        if (index(part) >= 0) {
            throw FieldWalk.wrongKind(at, Node.Kind.SEQ);
        }
        return at.get(part);
    }
}
