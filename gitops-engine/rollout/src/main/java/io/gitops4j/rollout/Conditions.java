package io.gitops4j.rollout;

import io.gitops4j.rollout.spec.CanaryStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a Rollout and the progress deadline. Source: Rollouts §2.14. */
final class Conditions {
    private Conditions() {}

    /** Writes a condition; an equal status and reason keeps the old one, an equal status its transition time. */
    static boolean set(
            RolloutStatus.Builder next, String type, String status, String reason, String message, Instant at) {
        List<RolloutCondition> conditions = new ArrayList<>(next.conditions);
        for (int i = 0; i < conditions.size(); i++) {
            RolloutCondition old = conditions.get(i);
            if (!old.type().equals(type)) {
                continue;
            }
            if (old.status().equals(status) && old.reason().equals(reason)) {
                return false;
            }
            Instant transition = old.status().equals(status) ? old.lastTransitionTime() : at;
            conditions.remove(i);
            conditions.add(new RolloutCondition(type, status, reason, message, at, transition));
            next.conditions(conditions);
            return true;
        }
        conditions.add(new RolloutCondition(type, status, reason, message, at, at));
        next.conditions(conditions);
        return true;
    }

    static void remove(RolloutStatus.Builder next, String type) {
        List<RolloutCondition> kept = new ArrayList<>(next.conditions);
        if (kept.removeIf(condition -> condition.type().equals(type))) {
            next.conditions(kept);
        }
    }

    /** Brings Progressing and Paused in line after a pause, a resume or a retry; whether that changed anything. */
    static boolean refreshPaused(Pass pass) {
        RolloutStatus before = pass.before;
        RolloutCondition progressing = before.condition(RolloutCondition.PROGRESSING);
        String reason = progressing == null ? "" : progressing.reason();
        boolean aborted = reason.equals("RolloutAborted");
        boolean stepPaused = !before.pauseConditions().isEmpty();
        boolean paused = stepPaused || pass.spec.paused();
        boolean changed = false;
        boolean progressFollows = stepPaused || !pass.spec.paused() || !before.fullyPromoted();
        if (paused != reason.equals("RolloutPaused") && !aborted && progressFollows) {
            changed |= paused
                    ? set(
                            pass.next,
                            RolloutCondition.PROGRESSING,
                            "Unknown",
                            "RolloutPaused",
                            "Rollout is paused",
                            pass.stamp)
                    : set(
                            pass.next,
                            RolloutCondition.PROGRESSING,
                            "Unknown",
                            "RolloutResumed",
                            "Rollout is resumed",
                            pass.stamp);
        }
        if (!before.abort() && aborted) {
            // a retry analyses anew
            pass.next
                    .stepRun(RunRef.NONE)
                    .backgroundRun(RunRef.NONE)
                    .prePromotionRun(RunRef.NONE)
                    .postPromotionRun(RunRef.NONE)
                    .plugins(List.of());
            changed |= set(
                    pass.next,
                    RolloutCondition.PROGRESSING,
                    "Unknown",
                    "RolloutRetry",
                    "Retrying Rollout after abort",
                    pass.stamp);
        }
        RolloutCondition pausedCondition = before.condition(RolloutCondition.PAUSED);
        boolean shown = pausedCondition != null && pausedCondition.status().equals("True");
        if (paused != shown && !aborted) {
            changed |= set(
                    pass.next,
                    RolloutCondition.PAUSED,
                    paused ? "True" : "False",
                    "RolloutPaused",
                    "Rollout is paused",
                    pass.stamp);
        }
        return changed;
    }

    /** All conditions out of the counts that were just written. May abort, when the deadline says so. */
    static void calculate(Pass pass) {
        RolloutStatus next = pass.next.build();
        boolean paused = !pass.before.pauseConditions().isEmpty() || pass.spec.paused();
        boolean healthy = healthy(pass, next);
        boolean becameUnhealthy = false;
        if (!paused && healthy) {
            set(pass.next, RolloutCondition.HEALTHY, "True", "RolloutHealthy", "Rollout is healthy", pass.stamp);
        } else if (pass.before.condition(RolloutCondition.HEALTHY) != null) {
            becameUnhealthy = set(
                    pass.next,
                    RolloutCondition.HEALTHY,
                    "False",
                    "RolloutHealthy",
                    "Rollout is not healthy",
                    pass.stamp);
        }
        boolean completed = next.fullyPromoted();
        boolean first = pass.before.condition(RolloutCondition.COMPLETED) == null;
        boolean changed = set(
                pass.next,
                RolloutCondition.COMPLETED,
                completed ? "True" : "False",
                "RolloutCompleted",
                "RolloutCompleted",
                pass.stamp);
        if (changed && !completed) {
            pass.event(
                    "RolloutNotCompleted", first ? "Rollout not completed, started update" : "Rollout not completed");
        }
        boolean failed = pass.aborted();
        if (failed) {
            String message = "Rollout aborted update to revision " + pass.revision
                    + (pass.abortMessage.isEmpty() ? "" : ": " + pass.abortMessage);
            if (set(pass.next, RolloutCondition.PROGRESSING, "False", "RolloutAborted", message, pass.stamp)) {
                pass.event("RolloutAborted", message);
            }
        } else {
            progress(pass, next, healthy, becameUnhealthy);
        }
        available(pass, next);
    }

    private static void progress(Pass pass, RolloutStatus next, boolean healthy, boolean becameUnhealthy) {
        RolloutCondition current = pass.before.condition(RolloutCondition.PROGRESSING);
        String name = pass.newName();
        if (healthy) {
            set(
                    pass.next,
                    RolloutCondition.PROGRESSING,
                    "True",
                    "NewReplicaSetAvailable",
                    "ReplicaSet \"" + name + "\" has successfully progressed.",
                    pass.stamp);
            return;
        }
        if (progressed(pass, next) || becameUnhealthy) {
            // a promoted rollout that loses pods, or gets more to run, has its whole deadline for that
            boolean lost = becameUnhealthy && next.fullyPromoted();
            boolean keeps = current != null && current.status().equals("True");
            remove(pass.next, RolloutCondition.PROGRESSING);
            List<RolloutCondition> conditions = new ArrayList<>(pass.next.conditions);
            conditions.add(new RolloutCondition(
                    RolloutCondition.PROGRESSING,
                    "True",
                    lost ? "ReplicaSetNotAvailable" : "ReplicaSetUpdated",
                    lost ? "Rollout does not have minimum availability" : "ReplicaSet \"" + name + "\" is progressing.",
                    pass.stamp,
                    keeps && current != null ? current.lastTransitionTime() : pass.stamp));
            pass.next.conditions(conditions);
            return;
        }
        if (!openEnded(pass, next) && timedOut(pass)) {
            String message = "ReplicaSet \"" + name + "\" has timed out progressing.";
            pass.decide("progress deadline", message);
            if (set(
                    pass.next,
                    RolloutCondition.PROGRESSING,
                    "False",
                    "ProgressDeadlineExceeded",
                    message,
                    pass.stamp)) {
                pass.event("ProgressDeadlineExceeded", message);
            }
            if (pass.spec.progressDeadlineAbort() && !next.fullyPromoted()) {
                // the condition of the abort replaces this one in the next pass and names no reason
                pass.abort("");
            }
        }
    }

    private static boolean progressed(Pass pass, RolloutStatus next) {
        RolloutStatus old = pass.before;
        boolean strategy;
        if (pass.spec.blueGreen() != null) {
            strategy = !next.activeSelector().equals(old.activeSelector())
                    || !next.previewSelector().equals(old.previewSelector());
        } else {
            Integer a = next.currentStepIndex();
            Integer b = old.currentStepIndex();
            strategy = !next.stableRS().equals(old.stableRS())
                    || (a != null && b != null && !a.equals(b))
                    || !next.currentStepHash().equals(old.currentStepHash());
        }
        return strategy
                || next.updatedReplicas() != old.updatedReplicas()
                || next.replicas() - next.updatedReplicas() < old.replicas() - old.updatedReplicas()
                || next.readyReplicas() > old.readyReplicas()
                || next.availableReplicas() > old.availableReplicas();
    }

    /** Whether the rollout is in something that takes as long as it takes. */
    private static boolean openEnded(Pass pass, RolloutStatus next) {
        if (!pass.before.pauseConditions().isEmpty() || pass.spec.paused()) {
            return true;
        }
        for (Observation.ReplicaSet rs : pass.others) {
            if (rs.scaleDownAt() != null && rs.spec() > 0 && next.fullyPromoted()) {
                return true;
            }
        }
        Integer index = next.currentStepIndex();
        List<CanaryStep> steps = pass.spec.steps();
        if (index == null || index >= steps.size()) {
            return false;
        }
        CanaryStep.Kind kind = steps.get(index).kind();
        return kind == CanaryStep.Kind.PAUSE
                || kind == CanaryStep.Kind.ANALYSIS
                || kind == CanaryStep.Kind.EXPERIMENT
                || kind == CanaryStep.Kind.GATE;
    }

    private static boolean timedOut(Pass pass) {
        RolloutCondition progressing = pass.next.build().condition(RolloutCondition.PROGRESSING);
        if (progressing != null && progressing.reason().equals("ProgressDeadlineExceeded")) {
            return true;
        }
        Instant deadline = deadline(pass);
        return deadline != null && pass.now.isAfter(deadline);
    }

    /** When the update counts as stuck, or {@code null} when it cannot. */
    static @Nullable Instant deadline(Pass pass) {
        RolloutCondition progressing = pass.next.build().condition(RolloutCondition.PROGRESSING);
        if (progressing == null
                || progressing.reason().equals("RolloutAborted")
                || progressing.reason().equals("RolloutPaused")
                || progressing.reason().equals("ProgressDeadlineExceeded")
                || progressing.reason().equals("NewReplicaSetAvailable") && healthyNow(pass)) {
            return null;
        }
        return progressing.lastUpdateTime().plus(Duration.ofSeconds(pass.spec.progressDeadlineSeconds()));
    }

    private static boolean healthyNow(Pass pass) {
        return healthy(pass, pass.next.build());
    }

    private static boolean healthy(Pass pass, RolloutStatus next) {
        int replicas = pass.spec.replicas();
        boolean counts = next.updatedReplicas() == replicas && next.availableReplicas() == replicas;
        if (!counts
                || !next.stableRS().equals(next.currentPodHash())
                || next.currentPodHash().isEmpty()) {
            return false;
        }
        if (pass.spec.blueGreen() != null) {
            boolean preview = pass.spec.blueGreen().previewService().isEmpty()
                    || next.previewSelector().equals(next.currentPodHash());
            return preview && next.activeSelector().equals(next.currentPodHash());
        }
        Integer index = next.currentStepIndex();
        boolean done = index == null || index == pass.spec.steps().size();
        return done && next.replicas() == replicas;
    }

    private static void available(Pass pass, RolloutStatus next) {
        boolean available;
        if (pass.spec.blueGreen() != null) {
            Observation.ReplicaSet active = pass.byHash(next.activeSelector());
            available = active != null && saturated(pass, active);
        } else {
            available = pass.sum(Observation.ReplicaSet::available) >= pass.spec.replicas();
        }
        set(
                pass.next,
                RolloutCondition.AVAILABLE,
                available ? "True" : "False",
                "AvailableReason",
                available ? "Rollout has minimum availability" : "Rollout does not have minimum availability",
                pass.stamp);
    }

    /** Whether a ReplicaSet has all the pods of the rollout, and knows it. */
    static boolean saturated(Pass pass, Observation.ReplicaSet rs) {
        int replicas = pass.spec.replicas();
        return rs.spec() == replicas && Integer.valueOf(replicas).equals(rs.desired()) && rs.available() == replicas;
    }
}
