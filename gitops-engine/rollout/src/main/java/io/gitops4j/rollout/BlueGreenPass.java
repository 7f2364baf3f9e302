package io.gitops4j.rollout;

import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.bluegreen.BlueGreenReplicas;
import io.gitops4j.rollout.spec.BlueGreenStrategy;
import io.gitops4j.rollout.spec.IntOrPercent;
import java.time.Instant;

/** One pass of the blue-green strategy. Source: Rollouts §2.13. */
final class BlueGreenPass {
    private final Pass pass;
    private final BlueGreenStrategy strategy;
    private String active;
    private String preview;

    BlueGreenPass(Pass pass, BlueGreenStrategy strategy) {
        this.pass = pass;
        this.strategy = strategy;
        this.active = selected(strategy.activeService());
        this.preview = selected(strategy.previewService());
    }

    private String selected(String service) {
        String hash = service.isEmpty() ? null : pass.seen.serviceHash(service);
        return hash == null ? "" : hash;
    }

    void run() {
        if (!pass.spec.paused() && !strategy.previewService().isEmpty()) {
            Traffic.switchTo(pass, strategy.previewService(), pass.newHash);
            preview = pass.newHash;
        }
        if (!pass.before.currentPodHash().equals(pass.newHash)) {
            pass.decide("template changed", true);
            reset();
            counts();
            Conditions.calculate(pass);
            pass.settlePauses();
            return;
        }
        IntOrPercent unavailable = IntOrPercent.parse(strategy.body().get("maxUnavailable"));
        ReplicaSets.restart(pass, unavailable == null ? 0 : unavailable.roundedDown(pass.spec.replicas()));
        ReplicaSets.history(pass);
        boolean fast = fastTracked();
        boolean ready = ready();
        ReplicaSets.blueGreen(pass, strategy, fast);
        Analyses.blueGreen(pass, strategy, ready, fast && !active.equals(pass.newHash) || rolledBack());
        pauseForPromotion(ready, fast);
        switchActive(ready, fast);
        status();
    }

    void scaleOnly() {
        ReplicaSets.blueGreen(pass, strategy, fastTracked());
        counts();
        Conditions.calculate(pass);
        pass.settlePauses();
    }

    private void reset() {
        pass.clearPauses();
        pass.dropAbort();
        pass.next
                .promoteFull(false)
                .prePromotionRun(RunRef.NONE)
                .postPromotionRun(RunRef.NONE)
                .scaleUpPreviewCheckPoint(false)
                .restartedAt(pass.spec.restartAt());
    }

    private void counts() {
        Observation.ReplicaSet serving = pass.byHash(active);
        String selector = pass.spec.selectorText();
        pass.next
                .currentPodHash(pass.newHash)
                .currentStepIndex(null)
                .currentStepHash("")
                .weights(CanaryWeights.NONE)
                .stablePingPong("")
                .stepRun(RunRef.NONE)
                .backgroundRun(RunRef.NONE)
                .currentExperiment("")
                .plugins(java.util.List.of())
                .replicas(pass.sum(rs -> rs.pods().created()))
                .updatedReplicas(pass.newRS == null ? 0 : pass.newRS.pods().created())
                .activeSelector(active)
                .previewSelector(preview);
        if (serving == null) {
            pass.next
                    .readyReplicas(pass.sum(rs -> rs.pods().ready()))
                    .availableReplicas(pass.sum(Observation.ReplicaSet::available))
                    .hpaReplicas(pass.sum(rs -> rs.pods().created()))
                    .selector(selector);
        } else {
            pass.next
                    .readyReplicas(serving.pods().ready())
                    .availableReplicas(serving.available())
                    .hpaReplicas(serving.pods().created())
                    .selector((selector.isEmpty() ? "" : selector + ",")
                            + io.gitops4j.rollout.spec.TemplateIdentity.HASH_LABEL + "=" + active);
        }
    }

    /** Whether there is nothing to wait for: the new revision serves already, or did so a moment ago. */
    private boolean fastTracked() {
        return active.isEmpty() || active.equals(pass.newHash) || pass.before.promoteFull() || rolledBack();
    }

    private boolean rolledBack() {
        boolean warm = pass.newRS != null && pass.newRS.scaleDownAt() != null && !pass.aborted();
        return (warm && pass.isRollback()) || pass.inRollbackWindow();
    }

    /** Whether the new ReplicaSet has the pods that it is to have for now. */
    private boolean ready() {
        if (pass.newRS == null) {
            return false;
        }
        int wanted = BlueGreenReplicas.ofNew(
                pass.spec.replicas(),
                strategy.previewReplicaCount(),
                pass.newHash,
                pass.before.activeSelector(),
                pass.before.currentPodHash(),
                pass.before.scaleUpPreviewCheckPoint(),
                pass.before.promoteFull(),
                !pass.before.pauseConditions().isEmpty());
        boolean ready = pass.newRS.spec() == wanted && pass.newRS.available() == wanted;
        pass.decide("new pods ready (" + pass.newRS.available() + "/" + wanted + ")", ready);
        return ready;
    }

    private boolean pauses() {
        return !strategy.autoPromotionEnabled() || strategy.autoPromotionSeconds() > 0;
    }

    private boolean preAnalysed() {
        return strategy.prePromotionAnalysis() == null || pass.next.prePromotionRun.in(AnalysisPhase.SUCCESSFUL);
    }

    private void pauseForPromotion(boolean ready, boolean fast) {
        if (pass.aborted() || pass.spec.paused()) {
            return;
        }
        if (fast || !pauses()) {
            pass.unpause(PauseCondition.BLUE_GREEN);
            return;
        }
        boolean paused = pass.before.pausedBy(PauseCondition.BLUE_GREEN);
        if (!ready || !preAnalysed() || pass.before.scaleUpPreviewCheckPoint()) {
            return;
        }
        if (!paused && !pass.before.controllerPause()) {
            pass.pause(PauseCondition.BLUE_GREEN);
            pass.event("RolloutPaused", "Rollout is paused (" + PauseCondition.BLUE_GREEN + ")");
            return;
        }
        Instant since = pass.before.pausedSince(PauseCondition.BLUE_GREEN);
        if (pauseComplete()) {
            pass.unpause(PauseCondition.BLUE_GREEN);
        } else if (since != null && strategy.autoPromotionEnabled()) {
            pass.decide("pause until", since.plusSeconds(strategy.autoPromotionSeconds()));
            pass.wakeAfter(since.plusSeconds(strategy.autoPromotionSeconds()));
        }
    }

    private boolean pauseComplete() {
        if (pass.addsPause()) {
            return false;
        }
        if (pass.before.scaleUpPreviewCheckPoint() || !pauses()) {
            return true;
        }
        Instant since = pass.before.pausedSince(PauseCondition.BLUE_GREEN);
        if (since == null) {
            return pass.before.controllerPause();
        }
        return strategy.autoPromotionEnabled() && pass.now.isAfter(since.plusSeconds(strategy.autoPromotionSeconds()));
    }

    private void switchActive(boolean ready, boolean fast) {
        if (!pass.halted().isEmpty()) {
            return;
        }
        String target = active;
        if (ready && pass.newRS != null && Conditions.saturated(pass, pass.newRS)) {
            boolean analysed = preAnalysed() && !pass.addsPause();
            if (fast || (pauseComplete() && analysed)) {
                target = pass.newHash;
            }
        }
        if (pass.aborted() && !pass.before.stableRS().isEmpty()) {
            target = pass.before.stableRS();
        }
        if (!target.equals(active) && !target.isEmpty()) {
            pass.decide("active service", target);
            Traffic.switchTo(pass, strategy.activeService(), target);
            active = target;
        }
    }

    private void status() {
        if (pass.before.promoteFull() || pass.inRollbackWindow()) {
            pass.clearPauses();
            pass.dropAbort();
        }
        counts();
        String reason = promotionReason();
        if (!reason.isEmpty()) {
            promote(reason);
        } else if (!pass.before.scaleUpPreviewCheckPoint() && strategy.previewReplicaCount() != null) {
            boolean reached = pass.newRS != null
                    && pass.newRS.available() == strategy.previewReplicaCount()
                    && preAnalysed()
                    && pauseComplete()
                    && !active.equals(pass.newHash)
                    && !pass.aborted();
            pass.next.scaleUpPreviewCheckPoint(reached);
        }
        Conditions.calculate(pass);
        pass.settlePauses();
    }

    private String promotionReason() {
        if (active.isEmpty() || !active.equals(pass.newHash)) {
            return "";
        }
        if (pass.before.stableRS().isEmpty() || pass.stableRS == null) {
            return "Initial deploy";
        }
        if (pass.before.promoteFull()) {
            return "Full promotion requested";
        }
        if (pass.aborted()) {
            return "";
        }
        if (pass.before.stableRS().equals(pass.newHash) || (rolledBack() && !pass.next.postPromotionRun.exists())) {
            return "Fast rollback";
        }
        boolean unanalysed =
                strategy.postPromotionAnalysis() != null && !pass.next.postPromotionRun.in(AnalysisPhase.SUCCESSFUL);
        return unanalysed ? "" : "Completed blue-green update";
    }

    private void promote(String reason) {
        pass.clearPauses();
        pass.dropAbort();
        pass.next.promoteFull(false).scaleUpPreviewCheckPoint(false);
        if (pass.before.stableRS().equals(pass.newHash)) {
            return;
        }
        pass.decide("promote", reason);
        pass.next.stableRS(pass.newHash);
        pass.event(
                "RolloutCompleted",
                "Rollout completed update to revision " + pass.revision + " (" + pass.newHash + "): " + reason);
    }
}
