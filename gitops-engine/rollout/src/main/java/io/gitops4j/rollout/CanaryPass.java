package io.gitops4j.rollout;

import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.canary.CanaryReplicas;
import io.gitops4j.rollout.canary.CanaryWeight;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.CanaryStrategy;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One pass of the canary strategy. Source: Rollouts §2.3, §2.4. */
final class CanaryPass {
    private final Pass pass;
    private final CanaryStrategy canary;
    private final int steps;

    CanaryPass(Pass pass, CanaryStrategy canary) {
        this.pass = pass;
        this.canary = canary;
        this.steps = canary.steps().size();
    }

    void run() {
        if (changed()) {
            reset();
            counts();
            Conditions.calculate(pass);
            pass.settlePauses();
            return;
        }
        ReplicaSets.restart(pass, canary.budget(pass.spec.replicas()).unavailable());
        ReplicaSets.history(pass);
        Traffic.services(pass, canary);
        CanaryReplicas.Split weights = Traffic.weights(pass, canary);
        Analyses.canary(pass, canary);
        ReplicaSets.canary(pass, canary, weights);
        pauseStep();
        if (pass.halted().isEmpty()) {
            Plugins.run(pass, canary);
        }
        status(weights);
    }

    /** Replica counts and status alone, after the rollout's replicas changed. */
    void scaleOnly() {
        ReplicaSets.canary(pass, canary, pass.storedWeights());
        counts();
        Conditions.calculate(pass);
        pass.settlePauses();
    }

    private boolean changed() {
        boolean template = !pass.before.currentPodHash().equals(pass.newHash);
        boolean stepsChanged = !pass.before.currentStepHash().equals(pass.spec.stepsHash());
        if (template || stepsChanged) {
            pass.decide(template ? "template changed" : "steps changed", true);
        }
        return template || stepsChanged;
    }

    private void reset() {
        pass.clearPauses();
        pass.dropAbort();
        pass.next
                .promoteFull(false)
                .stepRun(RunRef.NONE)
                .backgroundRun(RunRef.NONE)
                .currentExperiment("")
                .plugins(java.util.List.of())
                .restartedAt(pass.spec.restartAt())
                .currentStepIndex(steps == 0 ? null : (Integer) 0);
        boolean back = pass.newHash.equals(pass.before.stableRS());
        if (back && steps > 0) {
            pass.next.currentStepIndex(steps);
            pass.event("SkipSteps", "Rollback to stable ReplicaSets");
        } else if (pass.newRS != null && pass.newRS.spec() > 0 && pass.inRollbackWindow()) {
            pass.next.currentStepIndex(steps == 0 ? null : (Integer) steps);
            pass.event("SkipSteps", "Rollback within the window");
        }
    }

    private void counts() {
        pass.next
                .replicas(pass.sum(rs -> rs.pods().created()))
                .updatedReplicas(pass.newRS == null ? 0 : pass.newRS.pods().created())
                .readyReplicas(pass.sum(rs -> rs.pods().ready()))
                .availableReplicas(pass.sum(Observation.ReplicaSet::available))
                .hpaReplicas(pass.sum(rs -> rs.pods().created()))
                .selector(pass.spec.selectorText())
                .currentPodHash(pass.newHash)
                .currentStepHash(pass.spec.stepsHash())
                .activeSelector("")
                .previewSelector("")
                .scaleUpPreviewCheckPoint(false)
                .prePromotionRun(RunRef.NONE)
                .postPromotionRun(RunRef.NONE);
    }

    private @Nullable CanaryStep current() {
        Integer index = pass.before.currentStepIndex();
        return index == null || index >= steps ? null : canary.steps().get(index);
    }

    private void pauseStep() {
        CanaryStep step = current();
        if (step == null || step.kind() != CanaryStep.Kind.PAUSE || pass.spec.paused() || pass.aborted()) {
            return;
        }
        if (pass.before.pausedBy(PauseCondition.CANARY_STEP)) {
            Integer seconds = step.pauseSeconds();
            Instant since = pass.before.pausedSince(PauseCondition.CANARY_STEP);
            if (seconds != null && since != null) {
                pass.decide("pause until", since.plusSeconds(seconds));
                pass.wakeAfter(since.plusSeconds(seconds));
            }
        } else if (!pass.before.controllerPause()) {
            pass.pause(PauseCondition.CANARY_STEP);
            pass.event("RolloutPaused", "Rollout is paused (" + PauseCondition.CANARY_STEP + ")");
        }
    }

    private void status(CanaryReplicas.@Nullable Split weights) {
        counts();
        boolean window = pass.inRollbackWindow();
        if (pass.before.promoteFull() || window) {
            pass.clearPauses();
            pass.dropAbort();
            pass.next.currentStepIndex(steps == 0 ? null : (Integer) steps);
        }
        String reason = promotionReason(window);
        if (!reason.isEmpty()) {
            promote(reason);
        } else if (pass.aborted()) {
            boolean settled = pass.before.stableRS().equals(pass.newHash);
            pass.next.currentStepIndex(steps == 0 ? null : (Integer) (settled ? steps : 0));
        } else if (complete(weights)) {
            int done = Objects.requireNonNull(pass.before.currentStepIndex());
            pass.decide("step " + done + " complete", canary.steps().get(done));
            pass.next.currentStepIndex(done + 1).stepRun(RunRef.NONE);
            if (pass.before.pausedBy(PauseCondition.CANARY_STEP)) {
                pass.event("RolloutResumed", "Rollout is resumed");
            }
            pass.unpause(PauseCondition.CANARY_STEP);
            pass.event(
                    "RolloutStepCompleted",
                    "Rollout step " + (done + 1) + "/" + steps + " completed ("
                            + canary.steps().get(done).display() + ")");
        }
        Conditions.calculate(pass);
        pass.settlePauses();
    }

    private String promotionReason(boolean window) {
        if (pass.before.stableRS().isEmpty() || pass.stableRS == null) {
            return "Initial deploy";
        }
        if (pass.aborted()) {
            return "";
        }
        if (!CanaryWeight.fullyAvailable(canary.threshold(), Pass.pods(pass.newRS), pass.spec.replicas())) {
            pass.decide("canary fully available", false);
            return "";
        }
        boolean unverified = canary.routed() && Boolean.FALSE.equals(pass.next.weights.verified());
        if (unverified) {
            return "";
        }
        if (pass.before.promoteFull()) {
            return "Full promotion requested";
        }
        if (window) {
            return "Rollback within window";
        }
        Integer index = pass.before.currentStepIndex();
        return steps == 0 || Integer.valueOf(steps).equals(index) ? "Completed all " + steps + " canary steps" : "";
    }

    private void promote(String reason) {
        pass.clearPauses();
        pass.dropAbort();
        pass.next.promoteFull(false).currentStepIndex(steps == 0 ? null : (Integer) steps);
        if (pass.before.stableRS().equals(pass.newHash)) {
            return;
        }
        pass.decide("promote", reason);
        pass.next.stableRS(pass.newHash);
        if (canary.pingPong() != null) {
            boolean first = pass.before.stablePingPong().isEmpty();
            boolean initial = pass.before.stableRS().isEmpty();
            String flipped = pass.before.stablePingPong().equals("pong") ? "ping" : "pong";
            pass.next.stablePingPong(first && initial ? "ping" : flipped);
        }
        pass.event(
                "RolloutCompleted",
                "Rollout completed update to revision " + pass.revision + " (" + pass.newHash + "): " + reason);
    }

    private boolean complete(CanaryReplicas.@Nullable Split weights) {
        CanaryStep step = current();
        if (step == null || pass.spec.paused()) {
            return false;
        }
        return switch (step.kind()) {
            case PAUSE -> paused(step);
            case SET_WEIGHT -> sized(weights) && !Boolean.FALSE.equals(pass.next.weights.verified());
            case SET_CANARY_SCALE -> sized(weights);
            case ANALYSIS -> pass.next.stepRun.in(AnalysisPhase.SUCCESSFUL);
            case EXPERIMENT -> {
                Observation.ExperimentView seen = Analyses.experimentSeen(pass, pass.before.currentExperiment());
                yield seen != null && seen.phase() == AnalysisPhase.SUCCESSFUL;
            }
            case SET_HEADER_ROUTE, SET_MIRROR_ROUTE -> true;
            case PLUGIN -> Plugins.finished(pass, Objects.requireNonNull(pass.before.currentStepIndex()));
            case GATE -> opened(step);
            case NONE -> false;
        };
    }

    private boolean opened(CanaryStep step) {
        String gate = step.part("gate").text("name", "");
        boolean open = pass.seen.extras().openGates().contains(gate);
        pass.decide("gate " + gate, open ? "open" : "closed");
        if (!open) {
            java.time.Duration interval =
                    io.gitops4j.quantity.GoDuration.parse(step.part("gate").text("interval", "10s"));
            pass.wake(pass.now.plus(interval == null ? java.time.Duration.ofSeconds(10) : interval));
        }
        return open;
    }

    private boolean paused(CanaryStep step) {
        if (pass.addsPause()) {
            return false;
        }
        Instant since = pass.before.pausedSince(PauseCondition.CANARY_STEP);
        if (since == null) {
            return pass.before.controllerPause();
        }
        Integer seconds = step.pauseSeconds();
        return seconds != null && pass.now.isAfter(since.plusSeconds(seconds));
    }

    private boolean sized(CanaryReplicas.@Nullable Split weights) {
        int older = 0;
        for (Observation.ReplicaSet rs : pass.others) {
            older += rs.available();
        }
        boolean reached = CanaryWeight.atDesired(
                canary,
                pass.canaryTarget(canary, weights),
                Pass.pods(pass.newRS),
                pass.stableDiffers() ? Pass.pods(pass.stableRS) : null,
                pass.stableRS == null ? 0 : pass.stableRS.pods().created(),
                older);
        pass.decide("pods as wanted", reached);
        return reached;
    }
}
