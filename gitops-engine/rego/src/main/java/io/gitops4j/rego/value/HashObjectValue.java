package io.gitops4j.rego.value;

import org.jspecify.annotations.Nullable;

/** An object made by evaluation: entries in order of insertion and an open-addressing table of their positions. */
final class HashObjectValue extends ObjectValue {
    static final HashObjectValue EMPTY = new HashObjectValue(new Value[0], new Value[0], 0, new int[0]);

    private final Value[] keys;
    private final Value[] values;
    private final int size;
    private final int[] table;

    HashObjectValue(Value[] keys, Value[] values, int size, int[] table) {
        this.keys = keys;
        this.values = values;
        this.size = size;
        this.table = table;
    }

    /** The position of {@code key}, or -1. Tables are empty while there are at most eight entries. */
    static int find(Value[] keys, int size, int[] table, Value key) {
        if (table.length == 0) {
            for (int i = 0; i < size; i++) {
                if (keys[i].equals(key)) {
                    return i;
                }
            }
            return -1;
        }
        int mask = table.length - 1;
        int slot = spread(key.hashCode()) & mask;
        while (table[slot] != 0) {
            int position = table[slot] - 1;
            if (keys[position].equals(key)) {
                return position;
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Value keyAt(int position) {
        return keys[position];
    }

    @Override
    public Value valueAt(int position) {
        return values[position];
    }

    @Override
    public @Nullable Value get(String key) {
        if (table.length == 0) {
            for (int i = 0; i < size; i++) {
                if (keys[i] instanceof StringValue text && text.text().equals(key)) {
                    return values[i];
                }
            }
            return null;
        }
        return get(new StringValue(key));
    }

    @Override
    public @Nullable Value get(Value key) {
        int position = find(keys, size, table, key);
        return position < 0 ? null : values[position];
    }

    @Override
    boolean stringKeys() {
        for (int i = 0; i < size; i++) {
            if (!(keys[i] instanceof StringValue)) {
                return false;
            }
        }
        return true;
    }
}
