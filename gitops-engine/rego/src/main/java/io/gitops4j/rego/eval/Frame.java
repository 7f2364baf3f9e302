package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** The variables of one evaluation of a rule, and where its solutions go. */
final class Frame {
    final @Nullable Value[] slots;
    final @Nullable Object[] cells;
    Scope scope;
    /** Collects what the rule's solutions yield; what it is depends on the rule. */
    @Nullable
    Object sink;

    Frame(int slots, int cells, Scope scope) {
        this.slots = new Value[slots];
        this.cells = cells == 0 ? NO_CELLS : new Object[cells];
        this.scope = scope;
    }

    private static final Object[] NO_CELLS = new Object[0];
}
