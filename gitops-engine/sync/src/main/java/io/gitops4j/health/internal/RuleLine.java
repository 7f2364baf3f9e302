package io.gitops4j.health.internal;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a rule, with the lines indented below it. */
interface RuleLine {

    /** The verdict of this line, {@code null} when it has none and the next line is asked. */
    @Nullable
    Verdict judge(Frame frame);

    /** The verdict of the first of {@code lines} that has one. */
    static @Nullable Verdict first(List<RuleLine> lines, Frame frame) {
        for (RuleLine line : lines) {
            Verdict verdict = line.judge(frame);
            if (verdict != null) {
                return verdict;
            }
        }
        return null;
    }

    /** {@code name = expression}. */
    static RuleLine let(int slot, Expression value) {
        return frame -> {
            frame.set(slot, value.value(frame));
            return null;
        };
    }

    /** {@code when expression} with lines below it. */
    static RuleLine when(Expression condition, List<RuleLine> body) {
        return frame -> condition.holds(frame) ? first(body, frame) : null;
    }

    /** {@code for name in list} with lines below it. */
    static RuleLine each(int slot, Expression list, List<RuleLine> body) {
        return frame -> {
            if (list.value(frame) instanceof JsonArray array) {
                for (Json item : array) {
                    frame.set(slot, Values.present(item));
                    Verdict verdict = first(body, frame);
                    if (verdict != null) {
                        return verdict;
                    }
                }
            }
            return null;
        };
    }

    /** {@code expression => Status message}. */
    static RuleLine verdict(Expression condition, Health.Status status, boolean error, Template message) {
        return frame -> condition.holds(frame) ? new Verdict(new Health(status, message.text(frame)), error) : null;
    }
}
