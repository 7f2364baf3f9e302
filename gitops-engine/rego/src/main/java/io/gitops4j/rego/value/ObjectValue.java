package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An object: keys of any kind, each once. Positions number the entries in no particular order; {@link #order()} lists the positions by
 * sorted key.
 */
public abstract sealed class ObjectValue extends Value permits JsonObjectValue, HashObjectValue {
    private int hash;
    private volatile int @Nullable [] order;

    ObjectValue() {}

    /** The empty object. */
    public static ObjectValue empty() {
        return HashObjectValue.EMPTY;
    }

    /** A view over a JSON object. */
    public static ObjectValue of(JsonObject source) {
        return source.isEmpty() ? empty() : new JsonObjectValue(source);
    }

    /** Collects entries. */
    public static ObjectBuilder builder() {
        return new ObjectBuilder(4);
    }

    /** An object of one entry. */
    public static ObjectValue of(String key, Value value) {
        return builder().put(key, value).build();
    }

    /** The key at a position from 0 to size - 1. */
    public abstract Value keyAt(int position);

    /** The value at a position from 0 to size - 1. */
    public abstract Value valueAt(int position);

    /** The value under a string key, {@code null} when there is none. */
    public abstract @Nullable Value get(String key);

    @Override
    public abstract @Nullable Value get(Value key);

    /** Whether every key is a string. */
    abstract boolean stringKeys();

    /** The positions of the entries by sorted key. Callers must not change the array. */
    public final int[] order() {
        int[] known = order;
        if (known == null) {
            known = sortedPositions();
            order = known;
        }
        return known;
    }

    private int[] sortedPositions() {
        int n = size();
        int[] positions = new int[n];
        boolean sorted = true;
        Value last = null;
        for (int i = 0; i < n; i++) {
            positions[i] = i;
            Value key = keyAt(i);
            sorted = sorted && (last == null || last.compareTo(key) < 0);
            last = key;
        }
        if (!sorted) {
            Keyed[] entries = new Keyed[n];
            for (int i = 0; i < n; i++) {
                entries[i] = new Keyed(keyAt(i), i);
            }
            Arrays.sort(entries);
            for (int i = 0; i < n; i++) {
                positions[i] = entries[i].position;
            }
        }
        return positions;
    }

    private record Keyed(Value key, int position) implements Comparable<Keyed> {
        @Override
        public int compareTo(Keyed other) {
            return key.compareTo(other.key);
        }
    }

    @Override
    public final boolean isCollection() {
        return true;
    }

    @Override
    public final int rank() {
        return 5;
    }

    @Override
    public final String typeName() {
        return "object";
    }

    @Override
    public final void write(StringBuilder out) {
        out.append('{');
        boolean first = true;
        for (int position : order()) {
            if (!first) {
                out.append(", ");
            }
            first = false;
            keyAt(position).write(out);
            out.append(": ");
            valueAt(position).write(out);
        }
        out.append('}');
    }

    @Override
    public Json toJson() {
        JsonObject.Builder out = JsonObject.builder(size());
        for (int position : order()) {
            out.put(GoJson.keyText(keyAt(position)), valueAt(position).toJson());
        }
        return out.build();
    }

    @Override
    final int compareSame(Value other) {
        ObjectValue that = (ObjectValue) other;
        int[] mine = order();
        int[] theirs = that.order();
        int n = Math.min(mine.length, theirs.length);
        for (int i = 0; i < n; i++) {
            int keys = keyAt(mine[i]).compareTo(that.keyAt(theirs[i]));
            if (keys != 0) {
                return keys;
            }
            int values = valueAt(mine[i]).compareTo(that.valueAt(theirs[i]));
            if (values != 0) {
                return values;
            }
        }
        return Integer.compare(mine.length, theirs.length);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof ObjectValue that)
                || size() != that.size()
                || (hash != 0 && that.hash != 0 && hash != that.hash)) {
            return false;
        }
        int n = size();
        for (int i = 0; i < n; i++) {
            Value theirs = that.get(keyAt(i));
            if (theirs == null || !theirs.equals(valueAt(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final int hashCode() {
        int known = hash;
        if (known == 0) {
            known = 11;
            int n = size();
            for (int i = 0; i < n; i++) {
                int entry = keyAt(i).hashCode() * 31 ^ valueAt(i).hashCode();
                known += entry * 0x9E3779B9;
            }
            known = known == 0 ? 1 : known;
            hash = known;
        }
        return known;
    }
}
