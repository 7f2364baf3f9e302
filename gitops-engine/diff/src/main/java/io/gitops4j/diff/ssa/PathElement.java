package io.gitops4j.diff.ssa;

import io.gitops4j.codec.GoJson;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of a field path: a field by name, a list item by its keys, by its value or by its index. Wire form {@code f:NAME},
 * {@code k:{"name":"a"}}, {@code v:"x"}, {@code i:0}. Ordered by kind in this sequence, then by content.
 */
public final class PathElement implements Comparable<PathElement> {

    /** What a step goes by. */
    public enum Kind {
        /** A field's name. */
        FIELD,
        /** The key fields of a list item. */
        KEY,
        /** The value of a set's item. */
        VALUE,
        /** The place in an atomic list. */
        INDEX
    }

    private final Kind kind;
    private final String name;
    private final @Nullable Json value;
    private final int index;

    private PathElement(Kind kind, String name, @Nullable Json value, int index) {
        this.kind = kind;
        this.name = name;
        this.value = value;
        this.index = index;
    }

    /** The field named so. */
    public static PathElement field(String name) {
        return new PathElement(Kind.FIELD, name, null, 0);
    }

    /** The item with these key fields. */
    public static PathElement key(JsonObject keys) {
        return new PathElement(Kind.KEY, "", keys.sorted(), 0);
    }

    /** The item of this value. */
    public static PathElement value(Json value) {
        return new PathElement(Kind.VALUE, "", value, 0);
    }

    /** The item at this place, from 0. */
    public static PathElement index(int index) {
        return new PathElement(Kind.INDEX, "", null, index);
    }

    /**
     * Reads the wire form.
     *
     * @return {@code null} when the prefix is one letter that means nothing here, which readers skip
     * @throws IllegalArgumentException when the text is malformed
     */
    public static @Nullable PathElement parse(String text) {
        if (text.length() < 2 || text.charAt(1) != ':') {
            throw new IllegalArgumentException("not a path element: " + text);
        }
        String rest = text.substring(2);
        switch (text.charAt(0)) {
            case 'f' -> {
                return field(rest);
            }
            case 'v' -> {
                return value(json(rest));
            }
            case 'k' -> {
                if (json(rest) instanceof JsonObject keys) {
                    return key(keys);
                }
                throw new IllegalArgumentException("the key of a list item is an object: " + text);
            }
            case 'i' -> {
                return index(Integer.parseInt(rest));
            }
            default -> {
                return null;
            }
        }
    }

    private static Json json(String text) {
        Json value = JsonReader.parse(text).orNull();
        if (value == null) {
            throw new IllegalArgumentException("not JSON in a path element: " + text);
        }
        return value;
    }

    /** What the step goes by. */
    public Kind kind() {
        return kind;
    }

    /** The name of a {@link Kind#FIELD}, else {@code ""}. */
    public String name() {
        return name;
    }

    /** The key fields of a {@link Kind#KEY}, the value of a {@link Kind#VALUE}, else {@code null}. */
    public @Nullable Json value() {
        return value;
    }

    /** The place of an {@link Kind#INDEX}, else 0. */
    public int index() {
        return index;
    }

    /** Whether this is the field named so. */
    public boolean isField(String field) {
        return kind == Kind.FIELD && name.equals(field);
    }

    /** The wire form. */
    public String wire() {
        return switch (kind) {
            case FIELD -> "f:" + name;
            case KEY -> "k:" + GoJson.write(json());
            case VALUE -> "v:" + GoJson.write(json());
            case INDEX -> "i:" + index;
        };
    }

    private Json json() {
        return Objects.requireNonNull(value, "a key or value element holds one");
    }

    /** The text of duplicates: as {@link #toString()} without a dot, {@code [name="a"]}. */
    String text() {
        return kind == Kind.FIELD ? name : toString();
    }

    /** The text of conflicts: {@code .spec}, {@code [name="a"]}, {@code [="v"]}, {@code [0]}. */
    @Override
    public String toString() {
        switch (kind) {
            case FIELD -> {
                return "." + name;
            }
            case INDEX -> {
                return "[" + index + "]";
            }
            case VALUE -> {
                return "[=" + json().toJson() + "]";
            }
            case KEY -> {
                StringBuilder out = new StringBuilder("[");
                JsonObject keys = (JsonObject) json();
                for (int i = 0; i < keys.size(); i++) {
                    out.append(i > 0 ? "," : "").append(keys.keyAt(i)).append('=');
                    keys.valueAt(i).write(out);
                }
                return out.append(']').toString();
            }
        }
        throw new IllegalStateException("unknown kind " + kind);
    }

    @Override
    public int compareTo(PathElement other) {
        if (kind != other.kind) {
            return kind.compareTo(other.kind);
        }
        return switch (kind) {
            case FIELD -> ValueOrder.compareText(name, other.name);
            case KEY -> ValueOrder.compareKeys((JsonObject) json(), (JsonObject) other.json());
            case VALUE -> ValueOrder.compare(json(), other.json());
            case INDEX -> Integer.compare(index, other.index);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof PathElement that
                        && kind == that.kind
                        && index == that.index
                        && name.equals(that.name)
                        && Objects.equals(value, that.value));
    }

    @Override
    public int hashCode() {
        return switch (kind) {
            case FIELD -> name.hashCode();
            case INDEX -> index * 31 + 7;
            default -> json().hashCode() * 31 + kind.name().charAt(0);
        };
    }
}
