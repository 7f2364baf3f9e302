package io.gitops4j.rollout.expr;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The variables of one evaluation and what is left of its step budget. */
final class Env {
    final @Nullable Object result;
    final @Nullable Instant now;
    private long steps;
    private @Nullable Object[] slots = new @Nullable Object[8];

    Env(@Nullable Object result, @Nullable Instant now, long steps) {
        this.result = result;
        this.now = now;
        this.steps = steps;
    }

    void step(long count) {
        steps -= count;
        if (steps < 0) {
            throw new ExpressionError("the expression takes too many steps");
        }
    }

    @Nullable
    Object get(int slot) {
        return slots[slot];
    }

    void set(int slot, @Nullable Object value) {
        if (slot >= slots.length) {
            slots = Arrays.copyOf(slots, slot * 2);
        }
        slots[slot] = value;
    }
}
