package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people do to a rollout, as edits of its object and its status. Applying one changes nothing else; the next step of the
 * engine acts on it.
 *
 * <p>Source: Rollouts §2.6.
 */
public final class UserActions {
    private UserActions() {}

    /**
     * A Rollout as it shall be stored.
     *
     * @param rollout the object without status
     * @param status its status
     */
    public record Edit(JsonObject rollout, RolloutStatus status) {}

    /** Lets it go on: ends the pause, or skips the current step when there is none. */
    public static Edit promote(RolloutSpec spec, RolloutStatus status) {
        JsonObject rollout = specField(spec, "paused", spec.paused() ? Json.of(false) : null);
        RolloutStatus.Builder next = status.toBuilder();
        boolean inconclusive = status.stepRun().in(AnalysisPhase.INCONCLUSIVE)
                && !status.pauseConditions().isEmpty()
                && status.controllerPause();
        Integer index = status.currentStepIndex();
        if (inconclusive) {
            next.pauseConditions(List.of()).controllerPause(false);
            advance(next, spec, index);
        } else if (!status.pauseConditions().isEmpty()) {
            next.pauseConditions(List.of());
        } else if (spec.canary() != null && !spec.paused()) {
            next.pauseConditions(List.of());
            advance(next, spec, index);
        }
        return new Edit(rollout, next.build());
    }

    private static void advance(RolloutStatus.Builder next, RolloutSpec spec, @Nullable Integer index) {
        if (index != null && index < spec.steps().size()) {
            next.currentStepIndex(index + 1).stepRun(RunRef.NONE);
        }
    }

    /** Skips all remaining steps, pauses and analyses; surge and unavailability still hold. */
    public static Edit promoteFull(RolloutSpec spec, RolloutStatus status) {
        JsonObject rollout = specField(spec, "paused", spec.paused() ? Json.of(false) : null);
        return new Edit(
                rollout,
                status.fullyPromoted()
                        ? status
                        : status.toBuilder().promoteFull(true).build());
    }

    /** Skips the current step. */
    public static Edit skipCurrentStep(RolloutSpec spec, RolloutStatus status) {
        RolloutStatus.Builder next = status.toBuilder();
        advance(next, spec, status.currentStepIndex());
        return new Edit(
                spec.rollout(),
                next.pauseConditions(List.of()).controllerPause(false).build());
    }

    /** Skips all steps. */
    public static Edit skipAllSteps(RolloutSpec spec, RolloutStatus status) {
        int steps = spec.steps().size();
        return new Edit(
                spec.rollout(),
                status.toBuilder()
                        .currentStepIndex(steps == 0 ? null : (Integer) steps)
                        .pauseConditions(List.of())
                        .controllerPause(false)
                        .build());
    }

    /** Gives the update up: back to the stable revision. */
    public static Edit abort(RolloutSpec spec, RolloutStatus status) {
        return new Edit(spec.rollout(), status.toBuilder().abort(true).build());
    }

    /** Starts an aborted update again from its first step. */
    public static Edit retry(RolloutSpec spec, RolloutStatus status) {
        return new Edit(spec.rollout(), status.toBuilder().abort(false).build());
    }

    /** Halts everything. */
    public static Edit pause(RolloutSpec spec, RolloutStatus status) {
        return new Edit(specField(spec, "paused", Json.of(true)), status);
    }

    /** Restarts all pods that exist at {@code now}. */
    public static Edit restart(RolloutSpec spec, RolloutStatus status, Instant now) {
        String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new Edit(specField(spec, "restartAt", Json.of(at)), status);
    }

    /** Gives a container another image ({@code *} for all); a problem when there is no such container. */
    public static Outcome<Edit> setImage(RolloutSpec spec, RolloutStatus status, String container, String image) {
        JsonObject template = spec.template();
        JsonObject pod = template.object("spec");
        boolean found = false;
        for (String list : new String[] {"containers", "initContainers"}) {
            JsonArray containers = pod.array(list);
            for (int i = 0; i < containers.size(); i++) {
                if (containers.get(i) instanceof JsonObject one
                        && (container.equals("*") || container.equals(one.text("name")))) {
                    found = true;
                    containers = containers.with(i, one.with("image", Json.of(image)));
                }
            }
            pod = pod.has(list) ? pod.with(list, containers) : pod;
        }
        if (!found) {
            return Outcome.failed(
                    Problem.error("ROLLOUT_ACTION", "unable to find container named \"" + container + "\""));
        }
        return Outcome.of(new Edit(specField(spec, "template", template.with("spec", pod)), status));
    }

    /**
     * Goes back to the template of an older revision.
     *
     * @param toRevision the revision, 0 for the one before the current one
     */
    public static Outcome<Edit> undo(
            RolloutSpec spec, RolloutStatus status, List<Observation.ReplicaSet> replicaSets, int toRevision) {
        List<Observation.ReplicaSet> own = new ArrayList<>(replicaSets);
        own.removeIf(Observation.ReplicaSet::experiment);
        own.sort(java.util.Comparator.comparingInt(Observation.ReplicaSet::revision)
                .reversed());
        Observation.ReplicaSet target = null;
        if (toRevision == 0) {
            target = own.size() < 2 ? null : own.get(1);
        } else {
            for (Observation.ReplicaSet rs : own) {
                target = rs.revision() == toRevision ? rs : target;
            }
        }
        if (target == null) {
            return Outcome.failed(Problem.error(
                    "ROLLOUT_ACTION",
                    toRevision == 0
                            ? "no revision found for rollout \"" + spec.name() + "\""
                            : "unable to find specified revision " + toRevision + " in history"));
        }
        if (TemplateIdentity.same(target.template(), spec.template())) {
            return Outcome.failed(Problem.error(
                    "ROLLOUT_ACTION",
                    "skipped rollback (current template already matches revision " + target.revision() + ")"));
        }
        JsonObject metadata = target.template().object("metadata");
        JsonObject labels = metadata.object("labels").without(TemplateIdentity.HASH_LABEL);
        JsonObject template = target.template().with("metadata", metadata.with("labels", labels));
        return Outcome.of(new Edit(specField(spec, "template", template), status));
    }

    private static JsonObject specField(RolloutSpec spec, String field, @Nullable Json value) {
        if (value == null) {
            return spec.rollout();
        }
        return spec.rollout().with("spec", spec.rollout().object("spec").with(field, value));
    }

    /** Which actions make sense now, by name, as Argo CD enables them. */
    public static Map<String, Boolean> enabled(RolloutSpec spec, RolloutStatus status) {
        boolean paused = spec.paused() || !status.pauseConditions().isEmpty();
        boolean promoted = status.fullyPromoted();
        Integer index = status.currentStepIndex();
        Map<String, Boolean> enabled = new LinkedHashMap<>();
        enabled.put("abort", !promoted && !status.abort());
        enabled.put("pause", !promoted && !status.abort() && !spec.paused());
        enabled.put("promote-full", !promoted);
        enabled.put("restart", true);
        enabled.put("resume", paused);
        enabled.put("retry", status.abort());
        enabled.put("skip-current-step", index != null && index < spec.steps().size());
        return Collections.unmodifiableMap(enabled);
    }

    /** The step that {@link #promote} would skip, or {@code null}. */
    public static @Nullable CanaryStep currentStep(RolloutSpec spec, RolloutStatus status) {
        Integer index = status.currentStepIndex();
        return index == null || index >= spec.steps().size()
                ? null
                : spec.steps().get(index);
    }
}
