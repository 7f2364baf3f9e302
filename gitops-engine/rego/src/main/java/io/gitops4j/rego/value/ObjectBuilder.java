package io.gitops4j.rego.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the entries of an object. Not thread-safe; of no use after {@link #build()}. */
public final class ObjectBuilder {
    private static final int SMALL = 8;

    private Value[] keys;
    private Value[] values;
    private int[] table = new int[0];
    private int size;

    ObjectBuilder(int expected) {
        keys = new Value[Math.max(expected, 4)];
        values = new Value[keys.length];
    }

    /** Sets the value of a string key. */
    public ObjectBuilder put(String key, Value value) {
        return put(new StringValue(key), value);
    }

    /** Sets the value of {@code key}, replacing one that is there. */
    public ObjectBuilder put(Value key, Value value) {
        int position = HashObjectValue.find(keys, size, table, key);
        if (position >= 0) {
            values[position] = value;
        } else {
            append(key, value);
        }
        return this;
    }

    /** Sets the value of {@code key} if it is new; otherwise gives the value that is there and changes nothing. */
    public @Nullable Value putIfAbsent(Value key, Value value) {
        int position = HashObjectValue.find(keys, size, table, key);
        if (position >= 0) {
            return values[position];
        }
        append(key, value);
        return null;
    }

    /** The value of {@code key} so far. */
    public @Nullable Value get(Value key) {
        int position = HashObjectValue.find(keys, size, table, key);
        return position < 0 ? null : values[position];
    }

    /** Adds every entry of {@code object}. */
    public ObjectBuilder putAll(ObjectValue object) {
        for (int position : object.order()) {
            put(object.keyAt(position), object.valueAt(position));
        }
        return this;
    }

    /** The number of entries so far. */
    public int size() {
        return size;
    }

    private void append(Value key, Value value) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        keys[size] = key;
        values[size] = value;
        size++;
        if (size > SMALL) {
            if (size * 2 > table.length) {
                table = new int[Integer.highestOneBit(size) * 4];
                for (int i = 0; i < size; i++) {
                    insert(i);
                }
            } else {
                insert(size - 1);
            }
        }
    }

    private void insert(int position) {
        int mask = table.length - 1;
        int slot = HashObjectValue.spread(keys[position].hashCode()) & mask;
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        table[slot] = position + 1;
    }

    /** The object of the entries added so far. */
    public ObjectValue build() {
        return size == 0 ? HashObjectValue.EMPTY : new HashObjectValue(keys, values, size, table);
    }
}
