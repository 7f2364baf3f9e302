package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of field paths, held as a trie. A path may be a member and have members below it. Operations are merges of
 * sorted arrays: linear in the size of what differs in shape, and they return one of their operands where nothing changes.
 */
public final class FieldSet {
    private static final FieldSet EMPTY = new FieldSet(new PathElement[0], new boolean[0], new FieldSet[0]);

    private final PathElement[] elements;
    private final boolean[] members;
    private final FieldSet[] children;
    private int hash;

    private FieldSet(PathElement[] elements, boolean[] members, FieldSet[] children) {
        this.elements = elements;
        this.members = members;
        this.children = children;
    }

    /** The set without paths. */
    public static FieldSet empty() {
        return EMPTY;
    }

    /** The set of these paths, each a list of steps from the root. */
    public static FieldSet of(List<List<PathElement>> paths) {
        Builder builder = new Builder();
        for (List<PathElement> path : paths) {
            builder.add(path);
        }
        return builder.build();
    }

    /** The set of one path of field names. */
    public static FieldSet ofFields(String... names) {
        Builder builder = new Builder();
        List<PathElement> path = new ArrayList<>();
        for (String name : names) {
            path.add(PathElement.field(name));
        }
        builder.add(path);
        return builder.build();
    }

    /**
     * Reads the {@code fieldsV1} of a managed-fields entry.
     *
     * @throws IllegalArgumentException when a key of it is malformed
     */
    public static FieldSet fromFieldsV1(Json fields) {
        return FieldsV1.read(fields);
    }

    /** The {@code fieldsV1} form. */
    public JsonObject toFieldsV1() {
        return FieldsV1.write(this);
    }

    /** Whether there is no path. */
    public boolean isEmpty() {
        return elements.length == 0;
    }

    /** The number of paths. */
    public int size() {
        int size = 0;
        for (int i = 0; i < elements.length; i++) {
            size += (members[i] ? 1 : 0) + children[i].size();
        }
        return size;
    }

    /** Whether the path of this one step is a member. */
    public boolean has(PathElement element) {
        int at = find(element);
        return at >= 0 && members[at];
    }

    /** Whether the path is a member. */
    public boolean has(List<PathElement> path) {
        FieldSet at = this;
        for (int i = 0; i < path.size() - 1; i++) {
            at = at.below(path.get(i));
        }
        return !path.isEmpty() && at.has(path.get(path.size() - 1));
    }

    /** The paths that start with this step, without it. */
    public FieldSet below(PathElement element) {
        int at = find(element);
        return at < 0 ? EMPTY : children[at];
    }

    int width() {
        return elements.length;
    }

    PathElement elementAt(int position) {
        return elements[position];
    }

    boolean memberAt(int position) {
        return members[position];
    }

    FieldSet childAt(int position) {
        return children[position];
    }

    private int find(PathElement element) {
        return elements.length == 0 ? -1 : Arrays.binarySearch(elements, element);
    }

    /** The paths of this set or of {@code other}. */
    public FieldSet union(FieldSet other) {
        if (this == other || other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        return combine(other, Op.UNION);
    }

    /** The paths of both sets. */
    public FieldSet intersection(FieldSet other) {
        if (this == other) {
            return this;
        }
        return isEmpty() || other.isEmpty() ? EMPTY : combine(other, Op.INTERSECTION);
    }

    /** The paths of this set that are not in {@code other}. */
    public FieldSet difference(FieldSet other) {
        if (this == other) {
            return EMPTY;
        }
        return isEmpty() || other.isEmpty() ? this : combine(other, Op.DIFFERENCE);
    }

    /** The paths of this set that neither are in {@code other} nor lie below a path of it. */
    public FieldSet recursiveDifference(FieldSet other) {
        return isEmpty() || other.isEmpty() ? this : combine(other, Op.RECURSIVE_DIFFERENCE);
    }

    /** Whether every path of this set is in {@code other}. */
    public boolean subsetOf(FieldSet other) {
        if (this == other) {
            return true;
        }
        int j = 0;
        for (int i = 0; i < elements.length; i++) {
            while (j < other.elements.length && other.elements[j].compareTo(elements[i]) < 0) {
                j++;
            }
            boolean found = j < other.elements.length && other.elements[j].compareTo(elements[i]) == 0;
            if (!found || (members[i] && !other.members[j]) || !children[i].subsetOf(other.children[j])) {
                return false;
            }
        }
        return true;
    }

    private enum Op {
        UNION,
        INTERSECTION,
        DIFFERENCE,
        RECURSIVE_DIFFERENCE
    }

    private FieldSet combine(FieldSet other, Op op) {
        int capacity = op == Op.UNION ? elements.length + other.elements.length : elements.length;
        Rows rows = new Rows(capacity);
        boolean same = true;
        int i = 0;
        int j = 0;
        while (i < elements.length || j < other.elements.length) {
            int order = i == elements.length
                    ? 1
                    : j == other.elements.length ? -1 : elements[i].compareTo(other.elements[j]);
            if (order < 0) {
                if (op == Op.INTERSECTION) {
                    same = false;
                } else {
                    rows.add(elements[i], members[i], children[i]);
                }
                i++;
            } else if (order > 0) {
                if (op == Op.UNION) {
                    rows.add(other.elements[j], other.members[j], other.children[j]);
                    same = false;
                }
                j++;
            } else {
                boolean member;
                FieldSet child;
                switch (op) {
                    case UNION -> {
                        member = members[i] || other.members[j];
                        child = children[i].union(other.children[j]);
                    }
                    case INTERSECTION -> {
                        member = members[i] && other.members[j];
                        child = children[i].intersection(other.children[j]);
                    }
                    case DIFFERENCE -> {
                        member = members[i] && !other.members[j];
                        child = children[i].difference(other.children[j]);
                    }
                    default -> {
                        member = members[i] && !other.members[j];
                        child = other.members[j] ? EMPTY : children[i].recursiveDifference(other.children[j]);
                    }
                }
                same &= member == members[i] && child == children[i];
                if (member || !child.isEmpty()) {
                    rows.add(elements[i], member, child);
                }
                i++;
                j++;
            }
        }
        return same && rows.size == elements.length ? this : rows.build();
    }

    /**
     * This set with every declared field that lies on the way to a member made a member: so that taking the set away takes
     * structs that become empty away, too.
     */
    FieldSet named(@Nullable SchemaType type) {
        Rows rows = null;
        for (int i = 0; i < elements.length; i++) {
            FieldSet child = children[i];
            boolean member = members[i];
            if (!child.isEmpty()) {
                SchemaType below = Walk.typeBelow(type, elements[i]);
                child = child.named(below);
                member = member
                        || (elements[i].kind() == PathElement.Kind.FIELD
                                && type != null
                                && type.map() != null
                                && type.map().declares(elements[i].name()));
            }
            if (rows == null && (child != children[i] || member != members[i])) {
                rows = new Rows(elements.length);
                for (int k = 0; k < i; k++) {
                    rows.add(elements[k], members[k], children[k]);
                }
            }
            if (rows != null) {
                rows.add(elements[i], member, child);
            }
        }
        return rows == null ? this : rows.build();
    }

    /**
     * Hands every path to {@code visitor}; the list is only valid during the call. Order: of a level first its
     * members, then what lies below them, as servers list conflicts.
     */
    public void forEach(Consumer<List<PathElement>> visitor) {
        walk(new ArrayList<>(), visitor);
    }

    private void walk(List<PathElement> path, Consumer<List<PathElement>> visitor) {
        List<PathElement> view = Collections.unmodifiableList(path);
        for (int i = 0; i < elements.length; i++) {
            if (members[i]) {
                path.add(elements[i]);
                visitor.accept(view);
                path.remove(path.size() - 1);
            }
        }
        for (int i = 0; i < elements.length; i++) {
            if (!children[i].isEmpty()) {
                path.add(elements[i]);
                children[i].walk(path, visitor);
                path.remove(path.size() - 1);
            }
        }
    }

    /** Every path, in the order of {@link #forEach}. */
    public List<List<PathElement>> paths() {
        List<List<PathElement>> paths = new ArrayList<>();
        forEach(path -> paths.add(List.copyOf(path)));
        return Collections.unmodifiableList(paths);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof FieldSet that
                        && hashCode() == that.hashCode()
                        && Arrays.equals(members, that.members)
                        && Arrays.equals(elements, that.elements)
                        && Arrays.equals(children, that.children));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(elements) * 31 + Arrays.hashCode(members);
            known = known * 31 + Arrays.hashCode(children);
            known = known == 0 ? 1 : known;
            hash = known;
        }
        return known;
    }

    /** The text of a path as conflicts print it: {@code .spec.containers[name="a"].image}. */
    public static String text(List<PathElement> path) {
        StringBuilder out = new StringBuilder();
        path.forEach(out::append);
        return out.toString();
    }

    /** The {@code fieldsV1} text. */
    @Override
    public String toString() {
        return toFieldsV1().toJson();
    }

    /** Rows of a set under construction, added in order. */
    static final class Rows {
        private PathElement[] elements;
        private boolean[] members;
        private FieldSet[] children;
        private int size;

        Rows(int capacity) {
            elements = new PathElement[capacity];
            members = new boolean[capacity];
            children = new FieldSet[capacity];
        }

        void add(PathElement element, boolean member, FieldSet child) {
            if (size == elements.length) {
                int longer = Math.max(4, size * 2);
                elements = Arrays.copyOf(elements, longer);
                members = Arrays.copyOf(members, longer);
                children = Arrays.copyOf(children, longer);
            }
            elements[size] = element;
            members[size] = member;
            children[size] = child;
            size++;
        }

        FieldSet build() {
            return size == 0
                    ? EMPTY
                    : size == elements.length
                            ? new FieldSet(elements, members, children)
                            : new FieldSet(
                                    Arrays.copyOf(elements, size),
                                    Arrays.copyOf(members, size),
                                    Arrays.copyOf(children, size));
        }

        /** The set of rows added in any order, equal elements united. */
        FieldSet buildSorted() {
            for (int i = 1; i < size; i++) {
                if (elements[i - 1].compareTo(elements[i]) >= 0) {
                    return sort();
                }
            }
            return build();
        }

        private FieldSet sort() {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.comparing(i -> elements[i]));
            Rows sorted = new Rows(size);
            for (Integer i : order) {
                int last = sorted.size - 1;
                if (last >= 0 && sorted.elements[last].compareTo(elements[i]) == 0) {
                    sorted.members[last] |= members[i];
                    sorted.children[last] = sorted.children[last].union(children[i]);
                } else {
                    sorted.add(elements[i], members[i], children[i]);
                }
            }
            return sorted.build();
        }
    }

    /** Collects paths one by one. */
    static final class Builder {
        private final List<PathElement> elements = new ArrayList<>();
        private final List<Builder> children = new ArrayList<>();
        private boolean member;
        private java.util.@Nullable Map<PathElement, Builder> index;

        void add(List<PathElement> path) {
            Builder at = this;
            for (PathElement element : path) {
                at = at.child(element);
            }
            at.member = true;
        }

        private Builder child(PathElement element) {
            int last = elements.size() - 1;
            if (last >= 0 && elements.get(last).equals(element)) {
                return children.get(last);
            }
            if (index == null && elements.size() > 8) {
                index = new java.util.LinkedHashMap<>();
                for (int i = 0; i < elements.size(); i++) {
                    index.put(elements.get(i), children.get(i));
                }
            }
            Builder known = null;
            if (index != null) {
                known = index.get(element);
            } else {
                int at = elements.indexOf(element);
                known = at < 0 ? null : children.get(at);
            }
            if (known == null) {
                known = new Builder();
                elements.add(element);
                children.add(known);
                if (index != null) {
                    index.put(element, known);
                }
            }
            return known;
        }

        FieldSet build() {
            if (elements.isEmpty()) {
                return EMPTY;
            }
            Rows rows = new Rows(elements.size());
            for (int i = 0; i < elements.size(); i++) {
                rows.add(
                        elements.get(i), children.get(i).member, children.get(i).build());
            }
            return rows.buildSorted();
        }
    }
}
