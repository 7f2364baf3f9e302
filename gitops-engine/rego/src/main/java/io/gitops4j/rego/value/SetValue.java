package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A set. Members are sorted when their order is first asked for. */
public final class SetValue extends Value {
    private static final SetValue EMPTY = new SetValue(new Value[0], 0, new int[0]);

    private final Value[] members;
    private final int size;
    private final int[] table;
    private volatile Value @Nullable [] sorted;
    private int hash;

    private SetValue(Value[] members, int size, int[] table) {
        this.members = members;
        this.size = size;
        this.table = table;
    }

    /** The empty set. */
    public static SetValue empty() {
        return EMPTY;
    }

    /** A set of these values. */
    public static SetValue of(Collection<? extends Value> values) {
        Builder builder = new Builder();
        values.forEach(builder::add);
        return builder.build();
    }

    /** A set of these values. */
    public static SetValue of(Value... values) {
        return of(Arrays.asList(values));
    }

    /** Collects members. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public int size() {
        return size;
    }

    /** The members in order. Callers must not change the array. */
    public Value[] sorted() {
        Value[] known = sorted;
        if (known == null) {
            known = Arrays.copyOf(members, size);
            Arrays.sort(known);
            sorted = known;
        }
        return known;
    }

    /** The member at a position from 0 to size - 1, in no particular order. */
    public Value memberAt(int position) {
        return members[position];
    }

    /** Whether {@code value} is a member. */
    public boolean contains(Value value) {
        return HashObjectValue.find(members, size, table, value) >= 0;
    }

    @Override
    public @Nullable Value get(Value key) {
        int position = HashObjectValue.find(members, size, table, key);
        return position < 0 ? null : members[position];
    }

    @Override
    public boolean isCollection() {
        return true;
    }

    @Override
    public int rank() {
        return 6;
    }

    @Override
    public String typeName() {
        return "set";
    }

    @Override
    public void write(StringBuilder out) {
        if (size == 0) {
            out.append("set()");
            return;
        }
        out.append('{');
        Value[] all = sorted();
        for (int i = 0; i < all.length; i++) {
            if (i > 0) {
                out.append(", ");
            }
            all[i].write(out);
        }
        out.append('}');
    }

    @Override
    public Json toJson() {
        JsonArray.Builder out = JsonArray.builder();
        for (Value member : sorted()) {
            out.add(member.toJson());
        }
        return out.build();
    }

    @Override
    int compareSame(Value other) {
        Value[] mine = sorted();
        Value[] theirs = ((SetValue) other).sorted();
        int n = Math.min(mine.length, theirs.length);
        for (int i = 0; i < n; i++) {
            int order = mine[i].compareTo(theirs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(mine.length, theirs.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof SetValue that)
                || size != that.size
                || (hash != 0 && that.hash != 0 && hash != that.hash)) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!that.contains(members[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = 13;
            for (int i = 0; i < size; i++) {
                known += HashObjectValue.spread(members[i].hashCode());
            }
            known = known == 0 ? 1 : known;
            hash = known;
        }
        return known;
    }

    /** Collects members. Not thread-safe; of no use after {@link #build()}. */
    public static final class Builder {
        private static final int SMALL = 8;

        private Value[] members = new Value[4];
        private int[] table = new int[0];
        private int size;

        private Builder() {}

        /** Adds a member; says whether it is new. */
        public boolean add(Value value) {
            if (HashObjectValue.find(members, size, table, value) >= 0) {
                return false;
            }
            if (size == members.length) {
                members = Arrays.copyOf(members, size * 2);
            }
            members[size++] = value;
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
            return true;
        }

        /** Adds every member of {@code set}. */
        public Builder addAll(SetValue set) {
            for (int i = 0; i < set.size; i++) {
                add(set.members[i]);
            }
            return this;
        }

        /** The number of members so far. */
        public int size() {
            return size;
        }

        /** Whether {@code value} has been added. */
        public boolean contains(Value value) {
            return HashObjectValue.find(members, size, table, value) >= 0;
        }

        private void insert(int position) {
            int mask = table.length - 1;
            int slot = HashObjectValue.spread(members[position].hashCode()) & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = position + 1;
        }

        /** The set of the members added so far. */
        public SetValue build() {
            return size == 0 ? EMPTY : new SetValue(members, size, table);
        }
    }
}
