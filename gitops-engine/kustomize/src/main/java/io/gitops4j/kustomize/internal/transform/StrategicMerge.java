package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.config.SchemaNode;
import io.gitops4j.kustomize.internal.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges a patch into an object as kyaml does, which is not what an API server does: elements of the patch come first in
 * merged lists, lists of two keys have a matching of their own, {@code $retainKeys} and {@code $setElementOrder} are plain
 * fields, explicit nulls never create anything. That is why this merge stands here and not beside the other one.
 *
 * <p>Source: kustomize §10.
 */
final class StrategicMerge {
    private static final String DIRECTIVE = "$patch";

    private enum Directive {
        NONE,
        MERGE,
        REPLACE,
        DELETE
    }

    private StrategicMerge() {}

    /** Merges {@code patch} (which is used up) into {@code object} in place; whether anything is left of the object. */
    static boolean apply(Node object, Node patch, @Nullable SchemaNode schema) {
        return merge(object, patch, schema) != null;
    }

    private static @Nullable Node merge(@Nullable Node dest, @Nullable Node patch, @Nullable SchemaNode schema) {
        Node first = dest != null && !dest.isNull() ? dest : patch != null && !patch.isNull() ? patch : null;
        if (first == null) {
            return nulls(dest, patch);
        }
        demand(dest, first.kind());
        demand(patch, first.kind());
        return switch (first.kind()) {
            case MAP -> map(dest, patch, schema);
            case SEQ -> list(dest, patch, schema);
            case SCALAR -> scalar(dest, patch);
        };
    }

    /** A null that was written out stays where the patch says nothing. */
    private static @Nullable Node nulls(@Nullable Node dest, @Nullable Node patch) {
        return patch == null && dest != null && !dest.text().isEmpty() ? dest : null;
    }

    private static void demand(@Nullable Node node, Node.Kind kind) {
        if (node != null && !node.isNull()) {
            FieldWalk.demand(node, kind);
        }
    }

    private static @Nullable Node scalar(@Nullable Node dest, @Nullable Node patch) {
        if (patch == null) {
            return dest;
        }
        return patch.isNull() ? null : patch;
    }

    // ---- mappings

    private static @Nullable Node map(@Nullable Node dest, @Nullable Node patch, @Nullable SchemaNode schema) {
        if (patch != null && patch.isNull()) {
            return null;
        }
        Directive directive = patch == null ? Directive.NONE : directive(patch);
        if (directive == Directive.DELETE) {
            return null;
        }
        Node into = dest == null || dest.isNull() || directive == Directive.REPLACE ? patch : dest;
        if (into == null) {
            return null;
        }
        Set<String> names = new LinkedHashSet<>(into.keyTexts());
        if (patch != null && patch != into) {
            names.addAll(patch.keyTexts());
        }
        for (String name : names) {
            Node old = into.get(name);
            Node merged =
                    merge(old, patch == null ? null : patch.get(name), schema == null ? null : schema.field(name));
            if (merged == null) {
                into.remove(name);
            } else if (merged != old) {
                put(into, name, merged, patch);
            }
        }
        return into;
    }

    private static void put(Node into, String name, Node value, @Nullable Node patch) {
        int at = into.indexOf(name);
        if (at >= 0 && into.item(at).isScalar() && value.isScalar()) {
            // In place and in the old style: a number that takes the place of a quoted text is printed in quotes.
            into.item(at).assign(value.tag(), value.text());
        } else if (at >= 0) {
            into.setItem(at, value);
        } else {
            int from = patch == null ? -1 : patch.indexOf(name);
            into.append(from < 0 || patch == null ? Node.str(name) : patch.keyNode(from), value);
        }
    }

    /** The directive of a patch mapping; it is taken out. */
    private static Directive directive(Node patch) {
        Node word = patch.get(DIRECTIVE);
        if (word == null) {
            return Directive.NONE;
        }
        Directive directive = directiveOf(word);
        patch.remove(DIRECTIVE);
        return directive;
    }

    private static Directive directiveOf(Node word) {
        return switch (word.text()) {
            case "merge" -> Directive.MERGE;
            case "replace" -> Directive.REPLACE;
            case "delete" -> Directive.DELETE;
            default ->
                throw new BuildFault("PATCH_DIRECTIVE", "unknown patch strategy '" + word.text() + "'")
                        .hint("$patch is one of merge, replace, delete");
        };
    }

    // ---- lists

    private static @Nullable Node list(@Nullable Node dest, @Nullable Node patch, @Nullable SchemaNode schema) {
        if (patch != null && patch.isNull()) {
            return null;
        }
        if (schema == null || !schema.merges()) {
            return patch == null ? dest : patch;
        }
        if (patch == null || (patch.size() == 0 && dest != null && !dest.isNull())) {
            return dest == null || dest.isNull() ? dest : elements(dest, Node.seq(), schema);
        }
        // A new list is merged with itself: elements without the key have the same effect on it as on an old one.
        if (dest == null || dest.isNull()) {
            return elements(patch, patch, schema);
        }
        return switch (listDirective(patch)) {
            case DELETE -> null;
            case REPLACE -> elements(patch, patch, schema);
            case NONE, MERGE -> elements(dest, patch, schema);
        };
    }

    private static Node elements(Node dest, Node patch, SchemaNode schema) {
        List<String> keys = schema.mergeKeys();
        if (keys.isEmpty()) {
            return union(dest, patch);
        }
        return new AssociativeMerge(keys, schema.items()).merge(dest, patch);
    }

    /** The first element with a directive, if it holds nothing else, speaks for the whole list; it is taken out. */
    private static Directive listDirective(Node patch) {
        for (int i = 0; i < patch.size(); i++) {
            Node element = patch.item(i);
            if (element.isMap() && element.get(DIRECTIVE) != null) {
                if (element.size() > 1) {
                    return Directive.NONE;
                }
                Directive directive = directiveOf(element.item(0));
                patch.items().remove(i);
                return directive;
            }
        }
        return Directive.NONE;
    }

    private static Node union(Node dest, Node patch) {
        Map<String, Node> all = new LinkedHashMap<>();
        for (Node item : patch.items()) {
            all.putIfAbsent(item.text(), item);
        }
        for (Node item : dest.items()) {
            all.putIfAbsent(item.text(), item);
        }
        dest.setItems(new ArrayList<>(all.values()));
        return dest;
    }

    /** The element-wise merge of a list whose elements are told apart by keys. */
    private static final class AssociativeMerge {
        private final List<String> keys;
        private final @Nullable SchemaNode schema;
        private List<Node> merged = new ArrayList<>();

        AssociativeMerge(List<String> keys, @Nullable SchemaNode schema) {
            this.keys = keys;
            this.schema = schema;
        }

        Node merge(Node dest, Node patch) {
            if (keys.size() == 1 && isClean(dest) && isClean(patch)) {
                return byOneKey(dest, patch);
            }
            List<List<String>> tuples = tuples(dest, patch);
            if (keys.size() > 1) {
                unite(tuples);
            }
            List<Integer> used = usedKeys(tuples);
            List<String> usedNames = new ArrayList<>();
            for (int k : used) {
                usedNames.add(keys.get(k));
            }
            List<Node> rest = dest.items();
            for (List<String> tuple : tuples) {
                List<String> values = new ArrayList<>();
                for (int k : used) {
                    values.add(tuple.get(k));
                }
                element(rest, patch, usedNames, values);
            }
            remaining(rest, usedNames);
            dest.setItems(merged);
            return dest;
        }

        // One key, each element has it, none twice: the same result without a scan for each element.
        private Node byOneKey(Node dest, Node patch) {
            String key = keys.get(0);
            Map<String, Node> old = new LinkedHashMap<>();
            for (Node element : dest.items()) {
                old.put(element.textOf(key), element);
            }
            for (Node element : patch.items()) {
                String value = element.textOf(key);
                Node before = old.remove(value);
                Node after = StrategicMerge.merge(before, element, schema);
                // An element that would take the whole place of an old one is in turn replaced by it.
                add(after == null || before == null ? after : before, key, value);
            }
            for (Map.Entry<String, Node> element : old.entrySet()) {
                add(StrategicMerge.merge(element.getValue(), null, schema), key, element.getKey());
            }
            dest.setItems(merged);
            return dest;
        }

        private void add(@Nullable Node element, String key, String value) {
            if (element != null && element.size() > 0) {
                if (element.get(key) == null) {
                    element.put(key, value);
                }
                merged.add(element);
            }
        }

        private boolean isClean(Node list) {
            Set<String> seen = new LinkedHashSet<>();
            for (Node element : list.items()) {
                if (!element.isMap()
                        || element.textOf(keys.get(0)).isEmpty()
                        || !seen.add(element.textOf(keys.get(0)))) {
                    return false;
                }
            }
            return true;
        }

        private List<List<String>> tuples(Node dest, Node patch) {
            Set<List<String>> seen = new LinkedHashSet<>();
            for (Node list : List.of(patch, dest)) {
                for (Node element : list.items()) {
                    if (!element.isNull() && !element.isMap()) {
                        break;
                    }
                    List<String> tuple = new ArrayList<>();
                    for (String key : keys) {
                        tuple.add(element.textOf(key));
                    }
                    seen.add(tuple);
                }
            }
            return new ArrayList<>(seen);
        }

        /** Two tuples that agree somewhere and differ only where one is blank are the same. */
        private static void unite(List<List<String>> tuples) {
            for (int i = 0; i < tuples.size(); i++) {
                for (int j = 0; j < tuples.size(); j++) {
                    List<String> united = united(tuples.get(i), tuples.get(j));
                    if (united != null) {
                        tuples.set(i, united);
                        tuples.set(j, united);
                    }
                }
            }
        }

        private static @Nullable List<String> united(List<String> a, List<String> b) {
            boolean agree = false;
            List<String> union = new ArrayList<>();
            for (int k = 0; k < a.size(); k++) {
                String x = a.get(k);
                String y = b.get(k);
                if (x.equals(y)) {
                    agree |= !x.isEmpty();
                } else if (!x.isEmpty() && !y.isEmpty()) {
                    return null;
                }
                union.add(x.isEmpty() ? y : x);
            }
            return agree ? union : null;
        }

        private List<Integer> usedKeys(List<List<String>> tuples) {
            List<Integer> used = new ArrayList<>();
            for (int k = 0; k < keys.size(); k++) {
                for (List<String> tuple : tuples) {
                    if (!tuple.get(k).isEmpty()) {
                        used.add(k);
                        break;
                    }
                }
            }
            if (used.isEmpty()) {
                for (int k = 0; k < keys.size(); k++) {
                    used.add(k);
                }
            }
            return used;
        }

        private void element(List<Node> rest, Node patch, List<String> names, List<String> values) {
            Node old = first(rest, names, values);
            Node element = StrategicMerge.merge(old, first(patch.items(), names, values), schema);
            boolean gone = element == null || element.isNull() || (element.isMap() && element.size() == 0);
            if (gone || element == null) {
                put(rest, null, names, values);
                return;
            }
            if (element.isMap()) {
                for (int k = 0; k < names.size(); k++) {
                    if (!values.get(k).isEmpty() && element.get(names.get(k)) == null) {
                        element.put(names.get(k), values.get(k));
                    }
                }
            }
            put(merged, element, names, values);
        }

        /** A blank value beside others is not looked at; by itself it stands for a field that is there and blank. */
        private static @Nullable Node first(List<Node> list, List<String> names, List<String> values) {
            boolean allBlank = values.stream().allMatch(String::isEmpty);
            for (Node element : list) {
                boolean matches = element.isMap();
                for (int k = 0; k < names.size() && matches; k++) {
                    Node field = element.get(names.get(k));
                    boolean open = values.get(k).isEmpty() && !allBlank;
                    matches = open || (field != null && field.text().equals(values.get(k)));
                }
                if (matches) {
                    return element;
                }
            }
            return null;
        }

        private void remaining(List<Node> rest, List<String> names) {
            for (Node element : new ArrayList<>(rest)) {
                List<String> values = new ArrayList<>();
                demand(element, Node.Kind.MAP);
                for (String name : names) {
                    Node field = element.isMap() ? element.get(name) : null;
                    if (field == null) {
                        merged.add(element);
                    } else {
                        values.add(field.text());
                    }
                }
                if (names.size() > 1) {
                    put(merged, null, names, values);
                }
                put(merged, element, names, values);
            }
        }

        /** Puts an element in the place of those that match, or at the end; {@code null} removes those that match. */
        private static void put(List<Node> list, @Nullable Node element, List<String> names, List<String> values) {
            List<Node> next = new ArrayList<>();
            boolean placed = false;
            for (Node each : list) {
                if (each.isNull() || (each.isMap() && each.size() == 0)) {
                    continue;
                }
                if (values.isEmpty()) {
                    continue;
                }
                if (!matches(each, names, values)) {
                    next.add(each);
                } else if (element != null) {
                    placed = true;
                    next.add(element);
                }
            }
            if (!placed && element != null) {
                next.add(element);
            }
            list.clear();
            list.addAll(next);
        }

        /** A key without a value counts as matched when the key before did. */
        private static boolean matches(Node element, List<String> names, List<String> values) {
            boolean before = false;
            for (int k = 0; k < names.size(); k++) {
                if (k >= values.size()) {
                    if (!before) {
                        return false;
                    }
                    continue;
                }
                Node field = element.isMap() ? element.get(names.get(k)) : null;
                before = field != null
                        && (values.get(k).isEmpty() || field.text().equals(values.get(k)));
                if (!before) {
                    return false;
                }
            }
            return true;
        }
    }
}
