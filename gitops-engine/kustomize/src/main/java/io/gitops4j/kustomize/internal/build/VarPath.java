package io.gitops4j.kustomize.internal.build;

import io.gitops4j.kustomize.internal.tree.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The field paths of vars: dots between names, {@code [0]} and {@code [name]} after them. */
final class VarPath {
    private VarPath() {}

    static @Nullable Node find(Node root, String path) {
        Node at = root;
        for (String part : parts(path)) {
            Node next;
            if (at.isSeq()) {
                int index = number(part);
                next = index >= 0 && index < at.size() ? at.item(index) : null;
            } else {
                next = at.get(part);
            }
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean bracket = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 1 < path.length()) {
                part.append(path.charAt(++i));
            } else if (bracket ? c == ']' : c == '.' || c == '[') {
                if (part.length() > 0) {
                    parts.add(part.toString());
                }
                part.setLength(0);
                bracket = !bracket && c == '[';
            } else {
                part.append(c);
            }
        }
        if (part.length() > 0) {
            parts.add(part.toString());
        }
        return parts;
    }

    private static int number(String part) {
        try {
            return Integer.parseInt(part);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
