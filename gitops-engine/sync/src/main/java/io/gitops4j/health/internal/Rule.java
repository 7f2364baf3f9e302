package io.gitops4j.health.internal;

import io.gitops4j.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled rule: immutable, may be used by many threads at once. */
public final class Rule {
    private final List<RuleLine> lines;
    private final int slots;

    Rule(List<RuleLine> lines, int slots) {
        this.lines = List.copyOf(lines);
        this.slots = slots;
    }

    /** The verdict over {@code object}, {@code null} when no line decides. */
    public @Nullable Verdict judge(JsonObject object) {
        return RuleLine.first(lines, new Frame(object, slots));
    }
}
