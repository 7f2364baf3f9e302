package io.gitops4j.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object in insertion order. Look-ups scan up to eight keys and use a hash index beyond; the index and
 * the hash are made on first use and kept.
 */
public final class JsonObject implements Json {
    private static final int SCAN = 8;
    private static final JsonObject EMPTY = new JsonObject(new String[0], new Json[0], null);

    private final String[] keys;
    private final Json[] values;
    private volatile int @Nullable [] index;
    private int hash;

    private JsonObject(String[] keys, Json[] values, int @Nullable [] index) {
        this.keys = keys;
        this.values = values;
        this.index = index;
    }

    /** The empty object. */
    public static JsonObject empty() {
        return EMPTY;
    }

    /** An object of one member. */
    public static JsonObject of(String key, Json value) {
        return new JsonObject(new String[] {key}, new Json[] {value}, null);
    }

    /** An object of two members with different keys. */
    public static JsonObject of(String key1, Json value1, String key2, Json value2) {
        return builder(2).put(key1, value1).put(key2, value2).build();
    }

    /** Collects members one by one. */
    public static Builder builder() {
        return new Builder(8);
    }

    /** Collects members one by one, with room for {@code expected}. */
    public static Builder builder(int expected) {
        return new Builder(Math.max(expected, 1));
    }

    /** A builder that starts with this object's members. */
    public Builder toBuilder() {
        Builder builder = new Builder(keys.length + 4);
        for (int i = 0; i < keys.length; i++) {
            builder.put(keys[i], values[i]);
        }
        return builder;
    }

    /** The number of members. */
    public int size() {
        return keys.length;
    }

    /** True when there are no members. */
    public boolean isEmpty() {
        return keys.length == 0;
    }

    /** The key of the member at {@code position} in insertion order. */
    public String keyAt(int position) {
        return keys[position];
    }

    /** The value of the member at {@code position} in insertion order. */
    public Json valueAt(int position) {
        return values[position];
    }

    /** The value of {@code key}, or {@code null} where there is none. */
    public @Nullable Json get(String key) {
        int position = positionOf(key);
        return position < 0 ? null : values[position];
    }

    /** The text of {@code key}, or {@code null} where there is none or it is not a string. */
    public @Nullable String text(String key) {
        Json value = get(key);
        return value == null ? null : value.textOrNull();
    }

    /** The text of {@code key}, or {@code fallback} where there is none or it is not a string. */
    public String text(String key, String fallback) {
        String text = text(key);
        return text == null ? fallback : text;
    }

    /** The object at {@code key}, or the empty object where there is none or it is something else. */
    public JsonObject object(String key) {
        Json value = get(key);
        return value instanceof JsonObject object ? object : EMPTY;
    }

    /** The array at {@code key}, or the empty array where there is none or it is something else. */
    public JsonArray array(String key) {
        Json value = get(key);
        return value instanceof JsonArray array ? array : JsonArray.empty();
    }

    /** The boolean at {@code key}, or {@code fallback} where there is none or it is something else. */
    public boolean bool(String key, boolean fallback) {
        return get(key) instanceof JsonBool bool ? bool.value() : fallback;
    }

    /** Whether there is a member named {@code key}, be it null. */
    public boolean has(String key) {
        return positionOf(key) >= 0;
    }

    /** The position of {@code key} in insertion order, or -1. */
    public int positionOf(String key) {
        return keys.length <= SCAN ? scan(keys, keys.length, key) : indexed(key);
    }

    @SuppressWarnings("ReferenceEquality") // readers pool keys: mostly it is the very same string
    private static int scan(String[] keys, int size, String key) {
        for (int i = 0; i < size; i++) {
            if (keys[i] == key) {
                return i;
            }
        }
        for (int i = 0; i < size; i++) {
            if (keys[i].length() == key.length() && keys[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private int indexed(String key) {
        int[] slots = index;
        if (slots == null) {
            slots = buildIndex(keys, keys.length);
            index = slots;
        }
        return lookUp(slots, keys, key);
    }

    /** The keys in insertion order. */
    public List<String> keys() {
        return List.of(keys);
    }

    /** Calls {@code action} for each member in insertion order. */
    public void forEach(BiConsumer<? super String, ? super Json> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i], values[i]);
        }
    }

    /** An unmodifiable view in insertion order. */
    public Map<String, Json> asMap() {
        return new MapView(this);
    }

    /** This object with {@code key} set to {@code value}; a new key goes last. {@code this} when that changes nothing. */
    public JsonObject with(String key, Json value) {
        int position = positionOf(key);
        if (position >= 0) {
            Json old = values[position];
            if (old == value || (old.equals(value) && JsonArray.sameText(old, value))) {
                return this;
            }
            Json[] copy = values.clone();
            copy[position] = value;
            return new JsonObject(keys, copy, index);
        }
        String[] newKeys = Arrays.copyOf(keys, keys.length + 1);
        Json[] newValues = Arrays.copyOf(values, values.length + 1);
        newKeys[keys.length] = key;
        newValues[values.length] = value;
        return new JsonObject(newKeys, newValues, null);
    }

    /** As {@link #with(String, Json)} for text. */
    public JsonObject with(String key, String value) {
        return with(key, Json.of(value));
    }

    /** This object without {@code key}; {@code this} when it has none. */
    public JsonObject without(String key) {
        int position = positionOf(key);
        if (position < 0) {
            return this;
        }
        if (keys.length == 1) {
            return EMPTY;
        }
        String[] newKeys = new String[keys.length - 1];
        Json[] newValues = new Json[values.length - 1];
        System.arraycopy(keys, 0, newKeys, 0, position);
        System.arraycopy(keys, position + 1, newKeys, position, newKeys.length - position);
        System.arraycopy(values, 0, newValues, 0, position);
        System.arraycopy(values, position + 1, newValues, position, newValues.length - position);
        return new JsonObject(newKeys, newValues, null);
    }

    /** This object, sharing the memory of its keys with {@code like} where the keys are the same in the same order. */
    public JsonObject sharingKeysOf(JsonObject like) {
        return keys != like.keys && Arrays.equals(keys, like.keys)
                ? new JsonObject(like.keys, values, like.index)
                : this;
    }

    /**
     * An object of the keys of this one and other values, in their order.
     *
     * @throws IllegalArgumentException when there are more or fewer values than keys
     */
    public JsonObject withValues(Json... others) {
        if (others.length != keys.length) {
            throw new IllegalArgumentException(others.length + " values for " + keys.length + " keys");
        }
        return new JsonObject(keys, others.clone(), index);
    }

    /** This object with its keys sorted by UTF-16 code unit (not its children's); {@code this} when they are. */
    public JsonObject sorted() {
        boolean inOrder = true;
        for (int i = 1; i < keys.length && inOrder; i++) {
            inOrder = keys[i - 1].compareTo(keys[i]) < 0;
        }
        if (inOrder) {
            return this;
        }
        String[] sortedKeys = keys.clone();
        Arrays.sort(sortedKeys);
        Json[] sortedValues = new Json[values.length];
        for (int i = 0; i < sortedKeys.length; i++) {
            sortedValues[i] = values[positionOf(sortedKeys[i])];
        }
        return new JsonObject(sortedKeys, sortedValues, null);
    }

    @Override
    public Kind kind() {
        return Kind.OBJECT;
    }

    @Override
    public JsonObject asObject() {
        return this;
    }

    @Override
    public @Nullable Json child(String token) {
        return get(token);
    }

    @Override
    public void write(StringBuilder out) {
        out.append('{');
        for (int i = 0; i < keys.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            JsonString.quote(keys[i], out);
            out.append(':');
            values[i].write(out);
        }
        out.append('}');
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof JsonObject that) || keys.length != that.keys.length || hashCode() != that.hashCode()) {
            return false;
        }
        for (int i = 0; i < keys.length; i++) {
            int position = i < that.keys.length && keys[i].equals(that.keys[i]) ? i : that.positionOf(keys[i]);
            if (position < 0 || !values[i].equals(that.values[position])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            for (int i = 0; i < keys.length; i++) {
                known += mix(keys[i].hashCode() * 31 ^ values[i].hashCode());
            }
            known = known == 0 ? 1 : known;
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return toJson();
    }

    private static int mix(int h) {
        int mixed = h * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }

    private static int[] buildIndex(String[] keys, int size) {
        int[] slots = new int[Integer.highestOneBit(size * 2 - 1) << 1];
        for (int i = 0; i < size; i++) {
            int slot = mix(keys[i].hashCode()) & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i + 1;
        }
        return slots;
    }

    private static int lookUp(int[] slots, @Nullable String[] keys, String key) {
        int slot = mix(key.hashCode()) & (slots.length - 1);
        while (slots[slot] != 0) {
            if (key.equals(keys[slots[slot] - 1])) {
                return slots[slot] - 1;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return -1;
    }

    /** Collects the members of an object. A key put twice keeps its first place and its last value. */
    public static final class Builder {
        private String[] keys;
        private Json[] values;
        private int size;
        private int @Nullable [] slots;

        private Builder(int capacity) {
            keys = new String[capacity];
            values = new Json[capacity];
        }

        /** Sets {@code key} to {@code value}. */
        public Builder put(String key, Json value) {
            int position = positionOf(key);
            if (position >= 0) {
                values[position] = value;
                return this;
            }
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            keys[size] = key;
            values[size] = value;
            size++;
            int[] known = slots;
            if (known != null) {
                if (size * 2 > known.length) {
                    slots = buildIndex(keys, size);
                } else {
                    int slot = mix(key.hashCode()) & (known.length - 1);
                    while (known[slot] != 0) {
                        slot = (slot + 1) & (known.length - 1);
                    }
                    known[slot] = size;
                }
            } else if (size > SCAN) {
                slots = buildIndex(keys, size);
            }
            return this;
        }

        /** Sets {@code key} to a string. */
        public Builder put(String key, String value) {
            return put(key, Json.of(value));
        }

        /** Sets {@code key} to a whole number. */
        public Builder put(String key, long value) {
            return put(key, Json.of(value));
        }

        /** Sets {@code key} to a boolean. */
        public Builder put(String key, boolean value) {
            return put(key, Json.of(value));
        }

        /** Sets {@code key} where {@code value} is not {@code null}. */
        public Builder putIfPresent(String key, @Nullable Json value) {
            return value == null ? this : put(key, value);
        }

        /** Sets {@code key} to a string where {@code value} is not {@code null}. */
        public Builder putIfPresent(String key, @Nullable String value) {
            return value == null ? this : put(key, value);
        }

        /** Whether {@code key} has been put. */
        public boolean has(String key) {
            return positionOf(key) >= 0;
        }

        /** The value put at {@code key}, or {@code null}. */
        public @Nullable Json get(String key) {
            int position = positionOf(key);
            return position < 0 ? null : values[position];
        }

        /** How many members there are so far. */
        public int size() {
            return size;
        }

        /** The object; the builder may go on afterwards without changing it. */
        public JsonObject build() {
            return size == 0 ? EMPTY : new JsonObject(Arrays.copyOf(keys, size), Arrays.copyOf(values, size), null);
        }

        private int positionOf(String key) {
            int[] known = slots;
            if (known != null) {
                return lookUp(known, keys, key);
            }
            return scan(keys, size, key);
        }
    }

    private static final class MapView extends AbstractMap<String, Json> {
        private final JsonObject object;

        MapView(JsonObject object) {
            this.object = object;
        }

        @Override
        public @Nullable Json get(@Nullable Object key) {
            return key instanceof String text ? object.get(text) : null;
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String text && object.has(text);
        }

        @Override
        public Set<Entry<String, Json>> entrySet() {
            return new EntrySet(object);
        }
    }

    private static final class EntrySet extends AbstractSet<Map.Entry<String, Json>> {
        private final JsonObject object;

        EntrySet(JsonObject object) {
            this.object = object;
        }

        @Override
        public int size() {
            return object.keys.length;
        }

        @Override
        public Iterator<Map.Entry<String, Json>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < object.keys.length;
                }

                @Override
                public Map.Entry<String, Json> next() {
                    if (next >= object.keys.length) {
                        throw new NoSuchElementException();
                    }
                    int at = next++;
                    return Map.entry(object.keys[at], object.values[at]);
                }
            };
        }
    }
}
