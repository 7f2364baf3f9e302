package io.gitops4j.rollout;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps account of how long an update takes and how much of that people took. Source: Rollouts §2.16. */
final class Durations {
    private Durations() {}

    static void update(Pass pass) {
        RolloutStatus old = pass.before;
        RolloutStatus next = pass.next.build();
        RolloutDuration d = old.duration();
        boolean retried = old.condition(RolloutCondition.PROGRESSING) != null
                && progressReason(old).equals("RolloutAborted")
                && !progressReason(next).equals("RolloutAborted");
        boolean fresh =
                !next.currentPodHash().isEmpty() && !old.currentPodHash().equals(next.currentPodHash());
        boolean back = fresh && next.currentPodHash().equals(next.stableRS());
        if ((fresh && !back) || (retried && !fresh)) {
            d = new RolloutDuration(pass.stamp, null, 0, null, "");
        }
        if (d.startedAt() != null && d.finishedAt() == null) {
            d = pause(pass, next, d);
            String completion = completion(pass, old, next, back);
            if (!completion.isEmpty()) {
                d = new RolloutDuration(d.startedAt(), null, total(d, pass.stamp), pass.stamp, completion);
            }
        }
        pass.next.duration(d);
    }

    private static String progressReason(RolloutStatus status) {
        RolloutCondition progressing = status.condition(RolloutCondition.PROGRESSING);
        return progressing == null ? "" : progressing.reason();
    }

    private static String completion(Pass pass, RolloutStatus old, RolloutStatus next, boolean back) {
        if (next.abort() && !old.abort() || next.abort() && progressReason(next).equals("RolloutAborted")) {
            return "Aborted";
        }
        if (back) {
            return "FastRolledBack";
        }
        boolean promoted = next.fullyPromoted() && !old.fullyPromoted();
        if (!promoted) {
            return "";
        }
        if (pass.inRollbackWindow()) {
            return "FastRolledBack";
        }
        return old.promoteFull() ? "FastPromoted" : pass.isRollback() ? "RolledBack" : "Promoted";
    }

    private static RolloutDuration pause(Pass pass, RolloutStatus next, RolloutDuration d) {
        boolean waits = manual(pass, next);
        if (waits && d.manualPauseStartedAt() == null) {
            return new RolloutDuration(d.startedAt(), pass.stamp, d.manualPauseSeconds(), null, "");
        }
        if (!waits && d.manualPauseStartedAt() != null) {
            return new RolloutDuration(d.startedAt(), null, total(d, pass.stamp), null, "");
        }
        return d;
    }

    private static long total(RolloutDuration d, Instant now) {
        @Nullable Instant since = d.manualPauseStartedAt();
        return since == null
                ? d.manualPauseSeconds()
                : d.manualPauseSeconds() + Duration.between(since, now).toSeconds();
    }

    /** Whether only a person can move it on. */
    private static boolean manual(Pass pass, RolloutStatus next) {
        if (pass.spec.paused()) {
            return true;
        }
        for (PauseCondition pause : next.pauseConditions()) {
            switch (pause.reason()) {
                case PauseCondition.CANARY_STEP -> {
                    Integer index = next.currentStepIndex();
                    boolean timed = index != null
                            && index < pass.spec.steps().size()
                            && pass.spec.steps().get(index).pauseSeconds() != null;
                    if (!timed) {
                        return true;
                    }
                }
                case PauseCondition.BLUE_GREEN -> {
                    if (pass.spec.blueGreen() != null && !pass.spec.blueGreen().autoPromotionEnabled()) {
                        return true;
                    }
                }
                default -> {
                    return true;
                }
            }
        }
        return false;
    }
}
