package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** Results of one function by its arguments: scalars by value, collections by identity. */
final class CallMemo {
    private static final int MOST = 1 << 17;

    private @Nullable Value[][] keys = new Value[16][];
    private @Nullable Object[] results = new Object[16];
    private int size;

    /** The result for {@code args}, {@code null} when there is none yet. */
    @Nullable
    Object get(Value[] args) {
        int mask = keys.length - 1;
        int slot = hash(args) & mask;
        Value[] at = keys[slot];
        while (at != null) {
            if (same(at, args)) {
                return results[slot];
            }
            slot = (slot + 1) & mask;
            at = keys[slot];
        }
        return null;
    }

    void put(Value[] args, Object result) {
        if (size >= MOST) {
            return;
        }
        if (size * 2 >= keys.length) {
            grow();
        }
        insert(args, result);
        size++;
    }

    private void insert(Value[] args, Object result) {
        int mask = keys.length - 1;
        int slot = hash(args) & mask;
        while (keys[slot] != null) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = args;
        results[slot] = result;
    }

    private void grow() {
        @Nullable Value[][] oldKeys = keys;
        @Nullable Object[] oldResults = results;
        keys = new Value[oldKeys.length * 2][];
        results = new Object[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            Value[] args = oldKeys[i];
            Object result = oldResults[i];
            if (args != null && result != null) {
                insert(args, result);
            }
        }
    }

    private static int hash(Value[] args) {
        int hash = 1;
        for (Value arg : args) {
            hash = hash * 31 + (arg.isCollection() ? System.identityHashCode(arg) : arg.hashCode());
        }
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    private static boolean same(Value[] left, Value[] right) {
        for (int i = 0; i < left.length; i++) {
            if (left[i] != right[i]
                    && (left[i].isCollection()
                            || right[i].isCollection()
                            || !left[i].equals(right[i])
                            || !spelledSame(left[i], right[i]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean spelledSame(Value left, Value right) {
        return !(left instanceof io.gitops4j.rego.value.NumberValue a)
                || !(right instanceof io.gitops4j.rego.value.NumberValue b)
                || a.spelledWhole() == b.spelledWhole();
    }
}
