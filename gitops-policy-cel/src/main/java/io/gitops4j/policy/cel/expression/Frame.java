package io.gitops4j.policy.cel.expression;

import org.jspecify.annotations.Nullable;

/** What one evaluation of one expression has at hand: the scope, the meter, and a slot for each variable of a comprehension. */
final class Frame {
    final CelScope scope;
    final CostMeter meter;
    final @Nullable Object[] slots;

    Frame(CelScope scope, CostMeter meter, int slots) {
        this.scope = scope;
        this.meter = meter;
        this.slots = new @Nullable Object[slots];
    }
}
