package io.gitops4j.rollout;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.BlueGreenStrategy;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.CanaryStrategy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which AnalysisRuns and Experiments there shall be, and what their outcome does to the rollout. Source: Rollouts §3.7. */
final class Analyses {
    private Analyses() {}

    /** One kind of analysis: how its run is named and labelled and how an abort for it is worded. */
    private record Kind(String type, String suffix, String failure) {}

    private static final Kind BACKGROUND = new Kind("Background", "", "Background analysis phase error/failed");
    private static final Kind PRE =
            new Kind("PrePromotion", "-pre", "Blue/green pre-promotion analysis phase error/failed");
    private static final Kind POST =
            new Kind("PostPromotion", "-post", "Blue/green post-promotion analysis phase error/failed");

    static void canary(Pass pass, CanaryStrategy canary) {
        RunRef step = latest(pass, pass.before.stepRun());
        RunRef background = latest(pass, pass.before.backgroundRun());
        Integer index = pass.before.currentStepIndex();
        boolean over = pass.aborted()
                || pass.before.promoteFull()
                || pass.before.stableRS().isEmpty()
                || pass.before.stableRS().equals(pass.newHash)
                || pass.inRollbackWindow();
        CanaryStep current = index == null || index >= canary.steps().size()
                ? null
                : canary.steps().get(index);
        if (over || current == null || current.kind() != CanaryStep.Kind.ANALYSIS) {
            step = end(pass, step);
            step = over && !pass.aborted() ? RunRef.NONE : step;
        } else {
            Kind kind = new Kind("Step", "-" + index, "Step-based analysis phase error/failed");
            step = drive(pass, kind, step, current.part("analysis"), index);
        }
        boolean wanted = !over && canary.analysis() != null && (index == null || index >= canary.startingStep());
        if (over || canary.analysis() == null) {
            background = end(pass, background);
        } else if (wanted) {
            background = drive(pass, BACKGROUND, background, canary.analysis(), null);
        }
        pass.next.stepRun(step).backgroundRun(background);
        experiment(pass, canary, over ? null : current, index);
        endStrays(pass, step, background);
    }

    static void blueGreen(Pass pass, BlueGreenStrategy strategy, boolean ready, boolean skipped) {
        RunRef pre = latest(pass, pass.before.prePromotionRun());
        RunRef post = latest(pass, pass.before.postPromotionRun());
        boolean switched = pass.before.activeSelector().equals(pass.newHash);
        boolean over = pass.aborted()
                || pass.before.promoteFull()
                || pass.before.stableRS().isEmpty()
                || pass.before.stableRS().equals(pass.newHash);
        JsonObject preAnalysis = strategy.prePromotionAnalysis();
        if (over || switched || skipped) {
            pre = end(pass, pre);
        } else if (preAnalysis != null && ready) {
            pre = drive(pass, PRE, pre, preAnalysis, null);
        }
        JsonObject postAnalysis = strategy.postPromotionAnalysis();
        if (over || skipped && !post.exists()) {
            post = end(pass, post);
        } else if (postAnalysis != null && switched && ready) {
            post = drive(pass, POST, post, postAnalysis, null);
        }
        pass.next.prePromotionRun(pre).postPromotionRun(post);
        endStrays(pass, pre, post);
    }

    /** The reference with the phase that was seen. */
    private static RunRef latest(Pass pass, RunRef ref) {
        Observation.Run run = ref.exists() ? pass.seen.run(ref.name()) : null;
        AnalysisPhase phase = run == null ? null : run.phase();
        if (run == null || phase == null) {
            return run == null ? ref : new RunRef(ref.name(), null, run.message());
        }
        if (!ref.in(phase)) {
            String why = run.message().isEmpty() ? "" : ": " + run.message();
            pass.event("AnalysisRun" + phase.wire(), "AnalysisRun '" + run.name() + "' is " + phase.wire() + why);
        }
        return new RunRef(ref.name(), phase, run.message());
    }

    private static RunRef end(Pass pass, RunRef ref) {
        Observation.Run run = ref.exists() ? pass.seen.run(ref.name()) : null;
        if (run != null && run.running()) {
            pass.actions.add(new Action.TerminateAnalysisRun(ref.name()));
        }
        return ref;
    }

    private static RunRef drive(Pass pass, Kind kind, RunRef ref, JsonObject analysis, @Nullable Integer index) {
        boolean waiting = pass.before.pausedBy(PauseCondition.INCONCLUSIVE_ANALYSIS);
        boolean planned =
                pass.before.pausedBy(PauseCondition.CANARY_STEP) || pass.before.pausedBy(PauseCondition.BLUE_GREEN);
        if (!ref.exists()) {
            return waiting ? ref : start(pass, kind, analysis, index);
        }
        if (pass.seen.run(ref.name()) == null) {
            // the order to start it got lost
            pass.actions.add(new Action.StartAnalysisRun(ref.name(), kind.type(), pass.newHash, index, analysis));
            return ref;
        }
        if (ref.bad()) {
            pass.decide(kind.type() + " analysis", ref.phase());
            pass.abort(kind.failure() + ": " + ref.message());
            return ref;
        }
        if (ref.in(AnalysisPhase.INCONCLUSIVE)) {
            if (waiting) {
                return ref;
            }
            boolean resumed = pass.before.controllerPause()
                    && pass.before.pauseConditions().isEmpty()
                    && wasInconclusive(pass, ref);
            if (resumed && !planned) {
                pass.decide(kind.type() + " analysis", "resumed after an inconclusive run");
                return start(pass, kind, analysis, index);
            }
            pass.pause(PauseCondition.INCONCLUSIVE_ANALYSIS);
        }
        return ref;
    }

    /** Whether the status already knew that the run was inconclusive, so that a missing pause means a resume. */
    private static boolean wasInconclusive(Pass pass, RunRef ref) {
        for (RunRef known : new RunRef[] {
            pass.before.stepRun(),
            pass.before.backgroundRun(),
            pass.before.prePromotionRun(),
            pass.before.postPromotionRun()
        }) {
            if (known.name().equals(ref.name()) && known.in(AnalysisPhase.INCONCLUSIVE)) {
                return true;
            }
        }
        return false;
    }

    private static RunRef start(Pass pass, Kind kind, JsonObject analysis, @Nullable Integer index) {
        String base = pass.spec.name() + "-" + pass.newHash + "-" + pass.revision + kind.suffix();
        String name = base;
        for (int i = 1; pass.seen.run(name) != null; i++) {
            name = base + "." + i;
        }
        pass.decide("start analysis", name);
        pass.actions.add(new Action.StartAnalysisRun(name, kind.type(), pass.newHash, index, analysis));
        pass.event("AnalysisRunPending", kind.type() + " AnalysisRun '" + name + "' is created");
        return new RunRef(name, AnalysisPhase.PENDING, "");
    }

    private static void experiment(
            Pass pass, CanaryStrategy canary, @Nullable CanaryStep current, @Nullable Integer index) {
        String name = pass.before.currentExperiment();
        Observation.ExperimentView seen = experimentSeen(pass, name);
        if (current == null || current.kind() != CanaryStep.Kind.EXPERIMENT) {
            if (seen != null && (seen.phase() == null || !seen.phase().completed())) {
                pass.actions.add(new Action.TerminateExperiment(name));
            }
            boolean done = canary.steps().stream().noneMatch(s -> s.kind() == CanaryStep.Kind.EXPERIMENT);
            pass.next.currentExperiment(done || current != null ? "" : name);
            return;
        }
        String wanted = pass.spec.name() + "-" + pass.newHash + "-" + pass.revision + "-" + index;
        if (seen == null) {
            pass.next.currentExperiment(wanted);
            pass.actions.add(new Action.StartExperiment(
                    wanted, pass.newHash, index == null ? 0 : index, current.part("experiment")));
            return;
        }
        if (seen.phase() == AnalysisPhase.FAILED || seen.phase() == AnalysisPhase.ERROR) {
            pass.abort("Experiment phase error/failed: " + seen.message());
        } else if (seen.phase() == AnalysisPhase.INCONCLUSIVE
                && !pass.before.pausedBy(PauseCondition.INCONCLUSIVE_EXPERIMENT)) {
            pass.pause(PauseCondition.INCONCLUSIVE_EXPERIMENT);
        }
    }

    static Observation.@Nullable ExperimentView experimentSeen(Pass pass, String name) {
        for (Observation.ExperimentView experiment : pass.seen.experiments()) {
            if (experiment.name().equals(name)) {
                return experiment;
            }
        }
        return null;
    }

    /** Ends the runs of revisions and steps that nobody waits for any more. */
    private static void endStrays(Pass pass, RunRef a, RunRef b) {
        List<String> kept = new ArrayList<>();
        kept.add(a.name());
        kept.add(b.name());
        for (Observation.Run run : pass.seen.analysisRuns()) {
            if (run.running() && !kept.contains(run.name())) {
                Action end = new Action.TerminateAnalysisRun(run.name());
                if (!pass.actions.contains(end)) {
                    pass.actions.add(end);
                }
            }
        }
    }
}
