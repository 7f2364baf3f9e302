package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether an application syncs by itself, and says why or why not. Pure. */
public final class AutoSync {

    /** What to do. */
    public enum Verdict {
        /** Sync to the revision. */
        SYNC,
        /** Undo drift at a revision that was synced before. */
        HEAL,
        /** Nothing now; something is due later or blocked. */
        WAIT,
        /** Nothing. */
        NONE
    }

    /**
     * The last sync of an application.
     *
     * @param revision that it was to be at
     * @param sources digest of the sources and their options, so that a changed option counts as something new
     */
    public record Attempt(String revision, String sources, boolean succeeded, String message) {}

    /**
     * What is known.
     *
     * @param plan the comparison
     * @param last the last attempt, {@code null} when there was none
     * @param healAttempts since the revision was last synced
     * @param healedAt time of the last of them
     * @param running whether an operation is going on or asked for
     * @param windowAllows whether the project's sync windows let a sync run
     * @param retryFailed whether a failed attempt may be made again at the same revision
     */
    public record Facts(
            Application application,
            Plan plan,
            @Nullable Attempt last,
            int healAttempts,
            @Nullable Instant healedAt,
            boolean running,
            boolean windowAllows,
            boolean retryFailed) {}

    /**
     * A decision.
     *
     * @param reason in words
     * @param error whether it is something that a person has to look at
     * @param wakeAt when to decide again, {@code null} when only a change helps
     * @param resources what to sync, empty for everything
     */
    public record Decision(
            Verdict verdict,
            String reason,
            boolean error,
            @Nullable Instant wakeAt,
            List<ResourceKey> resources) {

        static Decision none(String reason) {
            return new Decision(Verdict.NONE, reason, false, null, List.of());
        }
    }

    private AutoSync() {}

    /** The decision at {@code now}. */
    public static Decision decide(Facts facts, SelfHealBackoff backoff, Instant now) {
        Application application = facts.application();
        Plan plan = facts.plan();
        if (!application.syncPolicy().automated()) {
            return Decision.none("automated sync is off");
        }
        if (facts.running()) {
            return Decision.none("an operation is running");
        }
        if (application.body().object("metadata").has("deletionTimestamp")) {
            return Decision.none("the application is being deleted");
        }
        if (!plan.outOfSync()) {
            return Decision.none("in sync");
        }
        boolean prunesOnly =
                plan.steps().stream().noneMatch(step -> step.writes() && step.action() != PlanStep.Action.DELETE);
        if (prunesOnly && !application.syncPolicy().prune()) {
            return Decision.none("what is left needs pruning, which is off");
        }
        if (prunesOnly && wipesOut(plan) && !application.syncPolicy().allowEmpty()) {
            return new Decision(
                    Verdict.NONE, "a sync would wipe out all resources; allowEmpty permits it", true, null, List.of());
        }
        if (!facts.windowAllows()) {
            return new Decision(Verdict.WAIT, "a sync window blocks", false, null, List.of());
        }
        Attempt last = facts.last();
        boolean attempted = last != null
                && last.revision().equals(plan.revision())
                && last.sources().equals(sources(application));
        if (last == null || !attempted) {
            return new Decision(Verdict.SYNC, "revision " + plan.revision(), false, null, List.of());
        }
        if (!last.succeeded()) {
            return facts.retryFailed()
                    ? new Decision(Verdict.SYNC, "again after a failure", false, null, List.of())
                    : new Decision(
                            Verdict.NONE,
                            "the last sync to " + plan.revision() + " failed: " + last.message(),
                            true,
                            null,
                            List.of());
        }
        return heal(facts, backoff, now);
    }

    private static Decision heal(Facts facts, SelfHealBackoff backoff, Instant now) {
        if (!facts.application().syncPolicy().selfHeal()) {
            return Decision.none("drift, and self-healing is off");
        }
        Instant healedAt = facts.healedAt();
        if (healedAt != null && facts.healAttempts() > 0) {
            Instant due = backoff.nextAt(healedAt, facts.healAttempts());
            if (now.isBefore(due)) {
                return new Decision(Verdict.WAIT, "healed a moment ago", false, due, List.of());
            }
        }
        List<ResourceKey> drifted = new ArrayList<>();
        for (PlanStep step : facts.plan().steps()) {
            if (step.writes() && step.action() != PlanStep.Action.HOOK) {
                drifted.add(step.task().key());
            }
        }
        return new Decision(Verdict.HEAL, drifted.size() + " objects have drifted", false, null, List.copyOf(drifted));
    }

    private static boolean wipesOut(Plan plan) {
        return plan.steps().stream()
                .allMatch(step -> step.action() == PlanStep.Action.DELETE || step.action() == PlanStep.Action.KEEP);
    }

    /** A digest of where an application comes from and how it is rendered, without the revisions. */
    public static String sources(Application application) {
        return digest(
                application.sources().stream().map(ApplicationSource::body).toList());
    }

    /** The same digest of the sources that a sync result names. */
    static String sources(JsonObject syncResult) {
        List<JsonObject> bodies = new ArrayList<>();
        if (syncResult.get("source") instanceof JsonObject one) {
            bodies.add(one);
        }
        syncResult.array("sources").forEach(item -> {
            if (item instanceof JsonObject each) {
                bodies.add(each);
            }
        });
        return digest(bodies);
    }

    private static String digest(List<JsonObject> sources) {
        StringBuilder text = new StringBuilder();
        sources.forEach(source ->
                text.append(source.without("targetRevision").canonical()).append('\n'));
        return Integer.toHexString(text.toString().hashCode()) + "-" + text.length();
    }
}
