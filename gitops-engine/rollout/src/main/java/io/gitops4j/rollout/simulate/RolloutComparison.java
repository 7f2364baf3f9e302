package io.gitops4j.rollout.simulate;

import java.time.Duration;

/**
 * How two updates differ, such as one before and one after an edit of the spec.
 *
 * @param longer time added until promotion (or until rest); negative when it got shorter
 * @param morePods pods added at the peak
 * @param fewerAvailable available pods lost at the worst moment
 * @param before phase at the end before the edit
 * @param after phase at the end after the edit
 */
public record RolloutComparison(
        Duration longer, int morePods, int fewerAvailable, Trace.Phase before, Trace.Phase after) {

    /** The difference between two traces. */
    public static RolloutComparison of(Trace before, Trace after) {
        return new RolloutComparison(
                end(after).minus(end(before)),
                after.peakPods() - before.peakPods(),
                before.minAvailable() - after.minAvailable(),
                before.finalPhase(),
                after.finalPhase());
    }

    private static Duration end(Trace trace) {
        Duration promoted = trace.promotedAfter();
        return promoted == null ? trace.length() : promoted;
    }

    /** One sentence: {@code this edit adds 40m00s and 12 pods}. */
    public String display() {
        String time = longer.isZero() ? "no time" : Trace.clock(longer.abs()) + (longer.isNegative() ? " less" : "");
        String pods = Math.abs(morePods) + (Math.abs(morePods) == 1 ? " pod" : " pods") + (morePods < 0 ? " less" : "");
        String text = "this edit adds " + time + " and " + pods;
        if (fewerAvailable > 0) {
            text += ", and availability drops by " + fewerAvailable + " at the worst moment";
        }
        return before == after ? text : text + "; it ends " + after + " instead of " + before;
    }

    @Override
    public String toString() {
        return display();
    }
}
