package io.gitops4j.json;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** An immutable JSON array. */
public final class JsonArray implements Json, Iterable<Json> {
    private static final JsonArray EMPTY = new JsonArray(new Json[0]);

    private final Json[] items;
    private int hash;

    private JsonArray(Json[] items) {
        this.items = items;
    }

    /** The empty array. */
    public static JsonArray empty() {
        return EMPTY;
    }

    /** An array of these items. */
    public static JsonArray of(Json... items) {
        return items.length == 0 ? EMPTY : new JsonArray(items.clone());
    }

    /** An array of these items. */
    public static JsonArray of(List<? extends Json> items) {
        return items.isEmpty() ? EMPTY : new JsonArray(items.toArray(new Json[0]));
    }

    /** Collects items one by one. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of items. */
    public int size() {
        return items.length;
    }

    /** True when there are no items. */
    public boolean isEmpty() {
        return items.length == 0;
    }

    /**
     * The item at {@code index}.
     *
     * @throws IndexOutOfBoundsException when there is none
     */
    public Json get(int index) {
        return items[index];
    }

    /** An unmodifiable view of the items. */
    public List<Json> items() {
        return new ItemList(items);
    }

    /** This array with {@code value} at {@code index}; {@code this} when that changes nothing. */
    public JsonArray with(int index, Json value) {
        if (items[index] == value || (items[index].equals(value) && sameText(items[index], value))) {
            return this;
        }
        Json[] copy = items.clone();
        copy[index] = value;
        return new JsonArray(copy);
    }

    /** This array with {@code value} inserted before {@code index} (equal to the size: appended). */
    public JsonArray inserted(int index, Json value) {
        Json[] copy = new Json[items.length + 1];
        System.arraycopy(items, 0, copy, 0, index);
        copy[index] = value;
        System.arraycopy(items, index, copy, index + 1, items.length - index);
        return new JsonArray(copy);
    }

    /** This array with {@code value} at the end. */
    public JsonArray appended(Json value) {
        return inserted(items.length, value);
    }

    /** This array without the item at {@code index}. */
    public JsonArray without(int index) {
        Json[] copy = new Json[items.length - 1];
        System.arraycopy(items, 0, copy, 0, index);
        System.arraycopy(items, index + 1, copy, index, items.length - index - 1);
        return copy.length == 0 ? EMPTY : new JsonArray(copy);
    }

    /**
     * The index that a pointer token names, or -1: decimal digits without a leading zero, below the size.
     */
    public int indexOf(String token) {
        int index = JsonPointer.index(token);
        return index < items.length ? index : -1;
    }

    @Override
    public Kind kind() {
        return Kind.ARRAY;
    }

    @Override
    public JsonArray asArray() {
        return this;
    }

    @Override
    public @Nullable Json child(String token) {
        int index = indexOf(token);
        return index < 0 ? null : items[index];
    }

    @Override
    public Iterator<Json> iterator() {
        return items().iterator();
    }

    @Override
    public void write(StringBuilder out) {
        out.append('[');
        for (int i = 0; i < items.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            items[i].write(out);
        }
        out.append(']');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof JsonArray that
                        && items.length == that.items.length
                        && hashCode() == that.hashCode()
                        && Arrays.equals(items, that.items));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = Arrays.hashCode(items);
            known = known == 0 ? 1 : known;
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return toJson();
    }

    /** Two equal values may still be written differently ({@code 1} and {@code 1.0}, another key order). */
    static boolean sameText(Json a, Json b) {
        return switch (a.kind()) {
            case NULL, BOOL, STRING -> true;
            case NUMBER -> ((JsonNumber) a).lexeme().equals(((JsonNumber) b).lexeme());
            case ARRAY, OBJECT -> a.toJson().equals(b.toJson());
        };
    }

    /** Collects the items of an array; may be reused after {@link #build()}. */
    public static final class Builder {
        private final List<Json> items = new ArrayList<>();

        private Builder() {}

        /** Adds an item at the end. */
        public Builder add(Json item) {
            items.add(item);
            return this;
        }

        /** Adds a string at the end. */
        public Builder add(String item) {
            return add(Json.of(item));
        }

        /** How many items there are so far. */
        public int size() {
            return items.size();
        }

        /** The array of the items added so far. */
        public JsonArray build() {
            return of(items);
        }
    }

    private static final class ItemList extends AbstractList<Json> implements RandomAccess {
        private final Json[] items;

        ItemList(Json[] items) {
            this.items = items;
        }

        @Override
        public Json get(int index) {
            return items[index];
        }

        @Override
        public int size() {
            return items.length;
        }
    }
}
