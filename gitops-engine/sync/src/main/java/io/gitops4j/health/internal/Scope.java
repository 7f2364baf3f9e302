package io.gitops4j.health.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that a rule may use at one place, each with its slot. Slots are never used twice within one rule text. */
final class Scope {
    private final @Nullable Scope outer;
    private final int[] counter;
    private final Map<String, Integer> names = new LinkedHashMap<>();

    Scope() {
        this(null, new int[1]);
    }

    private Scope(@Nullable Scope outer, int[] counter) {
        this.outer = outer;
        this.counter = counter;
    }

    Scope inner() {
        return new Scope(this, counter);
    }

    int declare(String name) {
        Integer known = names.get(name);
        if (known != null) {
            return known;
        }
        int slot = counter[0]++;
        names.put(name, slot);
        return slot;
    }

    /** The slot of {@code name}, or -1. */
    int slot(String name) {
        for (Scope at = this; at != null; at = at.outer) {
            Integer slot = at.names.get(name);
            if (slot != null) {
                return slot;
            }
        }
        return -1;
    }

    int size() {
        return counter[0];
    }
}
