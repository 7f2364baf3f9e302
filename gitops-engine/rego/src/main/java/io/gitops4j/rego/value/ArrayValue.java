package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array. One made from a JSON document converts an item when it is first asked for. */
public final class ArrayValue extends Value {
    private static final ArrayValue EMPTY = new ArrayValue(new Value[0], null);

    private final @Nullable Value[] items;
    private final @Nullable JsonArray source;
    private int hash;

    private ArrayValue(@Nullable Value[] items, @Nullable JsonArray source) {
        this.items = items;
        this.source = source;
    }

    /** The empty array. */
    public static ArrayValue empty() {
        return EMPTY;
    }

    /** A view over a JSON array. */
    public static ArrayValue of(JsonArray source) {
        return source.isEmpty() ? EMPTY : new ArrayValue(new Value[source.size()], source);
    }

    /** An array of these items. */
    public static ArrayValue of(List<? extends Value> items) {
        return items.isEmpty() ? EMPTY : new ArrayValue(items.toArray(new Value[0]), null);
    }

    /** An array that takes over {@code items}: the caller must not change them any more. */
    public static ArrayValue of(Value... items) {
        return items.length == 0 ? EMPTY : new ArrayValue(items, null);
    }

    @Override
    public int size() {
        return items.length;
    }

    /** The item at {@code index}, which must be in range. */
    public Value at(int index) {
        Value item = items[index];
        return item == null ? converted(index) : item;
    }

    private synchronized Value converted(int index) {
        Value item = items[index];
        if (item == null) {
            item = Value.of(java.util.Objects.requireNonNull(source).get(index));
            items[index] = item;
        }
        return item;
    }

    /** A copy of the items. */
    public Value[] toArray() {
        Value[] copy = new Value[items.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = at(i);
        }
        return copy;
    }

    @Override
    public @Nullable Value get(Value key) {
        if (key instanceof NumberValue number) {
            int index = number.index();
            return index >= 0 && index < items.length ? at(index) : null;
        }
        return null;
    }

    @Override
    public boolean isCollection() {
        return true;
    }

    @Override
    public int rank() {
        return 4;
    }

    @Override
    public String typeName() {
        return "array";
    }

    @Override
    public void write(StringBuilder out) {
        out.append('[');
        for (int i = 0; i < items.length; i++) {
            if (i > 0) {
                out.append(", ");
            }
            at(i).write(out);
        }
        out.append(']');
    }

    @Override
    public Json toJson() {
        if (source != null) {
            return source;
        }
        JsonArray.Builder out = JsonArray.builder();
        for (int i = 0; i < items.length; i++) {
            out.add(at(i).toJson());
        }
        return out.build();
    }

    @Override
    int compareSame(Value other) {
        ArrayValue that = (ArrayValue) other;
        int n = Math.min(items.length, that.items.length);
        for (int i = 0; i < n; i++) {
            int order = at(i).compareTo(that.at(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(items.length, that.items.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof ArrayValue that)
                || items.length != that.items.length
                || (hash != 0 && that.hash != 0 && hash != that.hash)) {
            return false;
        }
        for (int i = 0; i < items.length; i++) {
            if (!at(i).equals(that.at(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = 7;
            for (int i = 0; i < items.length; i++) {
                known = 31 * known + at(i).hashCode();
            }
            known = known == 0 ? 1 : known;
            hash = known;
        }
        return known;
    }
}
