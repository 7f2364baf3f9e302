package io.gitops4j.rollout.experiment;

import io.gitops4j.rollout.analysis.AnalysisPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of an Experiment: Pending until every template is available, Running while its analyses run or its time
 * lasts, then Successful or as bad as the worst of them.
 *
 * <p>Source: Rollouts §4.
 */
public final class ExperimentMachine {
    private ExperimentMachine() {}

    /**
     * The status of an Experiment.
     *
     * @param phase {@code null} before the first step
     * @param message why it ended so
     * @param startedAt when it was first stepped
     * @param availableAt when all templates were available
     * @param finishedAt when it ended
     */
    public record Status(
            @Nullable AnalysisPhase phase,
            String message,
            @Nullable Instant startedAt,
            @Nullable Instant availableAt,
            @Nullable Instant finishedAt) {

        /** Not stepped yet. */
        public static final Status FRESH = new Status(null, "", null, null, null);

        /** Whether it has ended. */
        public boolean completed() {
            return phase != null && phase.completed();
        }
    }

    /**
     * What was seen of it.
     *
     * @param replicas pods asked for, by template; a template without a ReplicaSet is missing
     * @param available available pods, by template
     * @param analyses phases of its AnalysisRuns, by analysis; one without a run is missing
     */
    public record Observation(
            Map<String, Integer> replicas, Map<String, Integer> available, Map<String, AnalysisPhase> analyses) {}

    /** Something that a step wants to happen. */
    public sealed interface Action {

        /** Creates the ReplicaSet of a template. */
        record CreateReplicaSet(String template) implements Action {}

        /** Scales the ReplicaSet of a template. */
        record Scale(String template, int replicas) implements Action {}

        /** Starts the run of an analysis. */
        record StartAnalysis(String analysis) implements Action {}

        /** Ends the run of an analysis. */
        record TerminateAnalysis(String analysis) implements Action {}
    }

    /**
     * The outcome of a step.
     *
     * @param status the next status
     * @param actions what is to happen
     * @param wakeAt when something falls due by itself
     */
    public record Transition(
            Status status, List<Action> actions, @Nullable Instant wakeAt) {}

    /** One step. */
    public static Transition step(ExperimentSpec spec, Status before, Observation seen, Instant now) {
        if (spec.invalid() != null && !before.completed()) {
            Status refused = new Status(AnalysisPhase.ERROR, spec.invalid(), now, null, now);
            return new Transition(refused, List.of(), null);
        }
        return before.completed() ? ended(spec, before, seen, now) : live(spec, before, seen, now);
    }

    private static Transition live(ExperimentSpec spec, Status before, Observation seen, Instant now) {
        List<Action> actions = new ArrayList<>();
        Instant startedAt = before.startedAt() == null ? now : before.startedAt();
        boolean available = true;
        String late = "";
        Instant deadline = startedAt.plusSeconds(spec.progressDeadlineSeconds());
        for (ExperimentSpec.Template template : spec.templates()) {
            Integer replicas = seen.replicas().get(template.name());
            if (replicas == null) {
                actions.add(new Action.CreateReplicaSet(template.name()));
            } else if (replicas != template.replicas()) {
                actions.add(new Action.Scale(template.name(), template.replicas()));
            }
            boolean up = replicas != null && seen.available().getOrDefault(template.name(), 0) >= template.replicas();
            available &= up;
            if (!up && late.isEmpty() && before.availableAt() == null && now.isAfter(deadline)) {
                late = "Template '" + template.name() + "' exceeded its progressDeadlineSeconds ("
                        + spec.progressDeadlineSeconds() + ")";
            }
        }
        Instant availableAt = before.availableAt() != null ? before.availableAt() : available ? now : null;
        if (availableAt != null) {
            for (ExperimentSpec.Analysis analysis : spec.analyses()) {
                if (!seen.analyses().containsKey(analysis.name())) {
                    actions.add(new Action.StartAnalysis(analysis.name()));
                }
            }
        }
        Status verdict = verdict(spec, seen, late, startedAt, availableAt, now);
        if (verdict != null) {
            actions.removeIf(action -> action instanceof Action.StartAnalysis);
            terminate(seen, actions);
            return new Transition(verdict, actions, now.plusSeconds(spec.scaleDownDelaySeconds()));
        }
        AnalysisPhase phase = availableAt == null ? AnalysisPhase.PENDING : AnalysisPhase.RUNNING;
        Duration duration = spec.duration();
        Instant wake = availableAt == null
                ? deadline.plusMillis(1)
                : duration == null ? null : availableAt.plus(duration).plusMillis(1);
        return new Transition(new Status(phase, "", startedAt, availableAt, null), actions, wake);
    }

    /** The final status, or {@code null} while it goes on. */
    private static @Nullable Status verdict(
            ExperimentSpec spec,
            Observation seen,
            String late,
            Instant startedAt,
            @Nullable Instant availableAt,
            Instant now) {
        if (!late.isEmpty()) {
            return new Status(AnalysisPhase.FAILED, late, startedAt, availableAt, now);
        }
        AnalysisPhase worst = null;
        String bad = "";
        boolean required = false;
        boolean allRequired = true;
        for (ExperimentSpec.Analysis analysis : spec.analyses()) {
            AnalysisPhase phase = seen.analyses().get(analysis.name());
            if (phase != null && phase.completed() && phase != AnalysisPhase.SUCCESSFUL && phase.worseThan(worst)) {
                worst = phase;
                bad = analysis.name();
            }
            required |= analysis.required();
            allRequired &= !analysis.required() || phase == AnalysisPhase.SUCCESSFUL;
        }
        if (worst != null) {
            return new Status(worst, "Analysis '" + bad + "' assessed " + worst.wire(), startedAt, availableAt, now);
        }
        if (spec.terminate()) {
            return new Status(AnalysisPhase.SUCCESSFUL, "Experiment terminated", startedAt, availableAt, now);
        }
        if (required && allRequired) {
            return new Status(
                    AnalysisPhase.SUCCESSFUL, "Required Analysis Runs completed", startedAt, availableAt, now);
        }
        Duration duration = spec.duration();
        boolean over = duration != null && availableAt != null && now.isAfter(availableAt.plus(duration));
        return over ? new Status(AnalysisPhase.SUCCESSFUL, "", startedAt, availableAt, now) : null;
    }

    private static void terminate(Observation seen, List<Action> actions) {
        seen.analyses().forEach((name, phase) -> {
            if (!phase.completed()) {
                actions.add(new Action.TerminateAnalysis(name));
            }
        });
    }

    /** After the end: runs are stopped, and the pods go once their delay is over. */
    private static Transition ended(ExperimentSpec spec, Status before, Observation seen, Instant now) {
        List<Action> actions = new ArrayList<>();
        terminate(seen, actions);
        Instant finished = before.finishedAt();
        Instant gone = finished == null ? now : finished.plusSeconds(spec.scaleDownDelaySeconds());
        boolean up = seen.replicas().values().stream().anyMatch(replicas -> replicas > 0);
        if (up && !now.isBefore(gone)) {
            for (ExperimentSpec.Template template : spec.templates()) {
                if (seen.replicas().getOrDefault(template.name(), 0) > 0) {
                    actions.add(new Action.Scale(template.name(), 0));
                }
            }
        }
        return new Transition(before, actions, up && now.isBefore(gone) ? gone : null);
    }
}
