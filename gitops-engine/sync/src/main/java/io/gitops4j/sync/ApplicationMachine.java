package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An application under a controller, as a state machine: {@code step(spec, status, observation, now)} says when to compare,
 * when to sync or heal, and when to look again. Pure; one driver runs all applications, by event and by time.
 */
public final class ApplicationMachine {

    /**
     * What does not change between steps.
     *
     * @param resync how old a comparison may become
     * @param seed of the application, for the jitter of retries
     * @param retryFailed whether a failed sync is made again at the same revision, within its retry policy
     */
    public record Spec(
            Application application, Duration resync, SelfHealBackoff backoff, long seed, boolean retryFailed) {

        /** Compared every two minutes, healed with the usual backoff, retried as the application says. */
        public static Spec of(Application application) {
            return new Spec(
                    application,
                    Duration.ofSeconds(120),
                    SelfHealBackoff.defaults(),
                    application.qualifiedName().hashCode(),
                    true);
        }
    }

    /**
     * Where an application stands.
     *
     * @param comparedAt time of the last comparison
     * @param last the last sync
     * @param failures of the present revision in a row
     * @param retryAt when a failed sync is due again
     * @param healAttempts since the revision was synced
     * @param healedAt time of the last of them
     * @param running whether a sync was asked for and has not ended
     */
    public record Status(
            @Nullable Instant comparedAt,
            AutoSync.@Nullable Attempt last,
            int failures,
            @Nullable Instant retryAt,
            int healAttempts,
            @Nullable Instant healedAt,
            boolean running) {

        /**
         * What the status of an application tells of it after a restart: it is compared at once, the last sync is known, and
         * so are its failures and heals.
         */
        public static Status resumed(Spec spec) {
            Application application = spec.application();
            JsonObject state = application.status().object("operationState");
            Instant finished = instant(state.text("finishedAt"));
            if (finished == null) {
                return fresh();
            }
            JsonObject result = state.object("syncResult");
            String sources = result.has("source") || result.has("sources")
                    ? AutoSync.sources(result)
                    : AutoSync.sources(application);
            boolean succeeded = state.text("phase", "").equals("Succeeded");
            AutoSync.Attempt last =
                    new AutoSync.Attempt(result.text("revision", ""), sources, succeeded, state.text("message", ""));
            int retries = state.get("retryCount") instanceof JsonNumber number ? number.intValueOr(0) : 0;
            int failures = succeeded ? 0 : retries + 1;
            RetryPolicy policy = policy(application);
            Instant retryAt = !succeeded && policy.allows(failures - 1)
                    ? policy.nextAt(finished, failures - 1, spec.seed())
                    : null;
            JsonObject sync = state.object("operation").object("sync");
            int heals = sync.get("autoHealAttemptsCount") instanceof JsonNumber number ? number.intValueOr(0) : 0;
            return new Status(null, last, failures, retryAt, heals, heals == 0 ? null : finished, false);
        }

        /** The same, as if it had not been compared: the next step does so. */
        public Status notCompared() {
            return new Status(null, last, failures, retryAt, healAttempts, healedAt, running);
        }

        /** The same without a sync going on. */
        public Status stopped() {
            return new Status(comparedAt, last, failures, retryAt, healAttempts, healedAt, false);
        }

        private static @Nullable Instant instant(@Nullable String text) {
            return text == null ? null : Instant.parse(text);
        }

        /** An application that was never looked at. */
        public static Status fresh() {
            return new Status(null, null, 0, null, 0, null, false);
        }
    }

    /**
     * What is seen.
     *
     * @param comparison made since the last step, {@code null} for none
     * @param finished a sync that ended since, {@code null} for none
     * @param changed whether a source or a live object of the application has changed
     * @param windowAllows whether sync windows let a sync run
     */
    public record Observation(
            @Nullable Outcome<Plan> comparison, @Nullable SyncResult finished, boolean changed, boolean windowAllows) {

        /** Nothing happened but time. */
        public static Observation nothing() {
            return new Observation(null, null, false, true);
        }
    }

    /** What to do. */
    public enum Kind {
        /** Render, read the live objects, plan; the plan goes into the next observation. */
        COMPARE,
        /** Carry out the plan; the result goes into a later observation. */
        SYNC
    }

    /**
     * One thing to do.
     *
     * @param plan to carry out, {@code null} for a comparison
     * @param resources to limit it to, empty for all
     */
    public record Action(Kind kind, @Nullable Plan plan, List<ResourceKey> resources) {}

    /**
     * A step.
     *
     * @param wakeAt when to step again at the latest
     * @param reason of the decision, in words
     * @param blocked whether it is something that a person has to look at
     */
    public record Transition(
            Status status, List<Action> actions, @Nullable Instant wakeAt, String reason, boolean blocked) {

        Transition(Status status, List<Action> actions, @Nullable Instant wakeAt, String reason) {
            this(status, actions, wakeAt, reason, false);
        }
    }

    private ApplicationMachine() {}

    /** One step. */
    public static Transition step(Spec spec, Status status, Observation observation, Instant now) {
        Status at = observation.finished() == null ? status : finished(spec, status, observation.finished(), now);
        Outcome<Plan> comparison = observation.comparison();
        if (comparison != null) {
            Status compared = new Status(
                    now, at.last(), at.failures(), at.retryAt(), at.healAttempts(), at.healedAt(), at.running());
            Plan plan = comparison.orNull();
            return plan == null
                    ? new Transition(compared, List.of(), now.plus(spec.resync()), "cannot be compared")
                    : decide(spec, compared, plan, observation.windowAllows(), now);
        }
        Instant comparedAt = at.comparedAt();
        boolean due = comparedAt == null
                || observation.changed()
                || observation.finished() != null
                || !now.isBefore(comparedAt.plus(spec.resync()))
                || isReached(at.retryAt(), now)
                || isReached(healDue(spec, at), now);
        if (due && !at.running()) {
            return new Transition(at, List.of(new Action(Kind.COMPARE, null, List.of())), null, "compare");
        }
        Instant next = comparedAt == null ? now.plus(spec.resync()) : comparedAt.plus(spec.resync());
        return new Transition(at, List.of(), earliest(next, at.retryAt()), "nothing new");
    }

    private static Transition decide(Spec spec, Status status, Plan plan, boolean windowAllows, Instant now) {
        boolean retryDue = spec.retryFailed() && status.retryAt() != null && isReached(status.retryAt(), now);
        AutoSync.Decision decision = AutoSync.decide(
                new AutoSync.Facts(
                        spec.application(),
                        plan,
                        status.last(),
                        status.healAttempts(),
                        status.healedAt(),
                        status.running(),
                        windowAllows,
                        retryDue),
                spec.backoff(),
                now);
        Instant wakeAt =
                earliest(earliest(now.plus(spec.resync()), decision.wakeAt()), retryDue ? null : status.retryAt());
        return switch (decision.verdict()) {
            case SYNC ->
                new Transition(
                        new Status(status.comparedAt(), status.last(), status.failures(), null, 0, null, true),
                        List.of(new Action(Kind.SYNC, plan, List.of())),
                        null,
                        decision.reason());
            case HEAL ->
                new Transition(
                        new Status(
                                status.comparedAt(),
                                status.last(),
                                status.failures(),
                                status.retryAt(),
                                status.healAttempts() + 1,
                                now,
                                true),
                        List.of(new Action(Kind.SYNC, plan, decision.resources())),
                        null,
                        decision.reason());
            case WAIT, NONE ->
                new Transition(settled(status, plan), List.of(), wakeAt, decision.reason(), decision.error());
        };
    }

    /** In sync for a while: the next drift is healed at once again. */
    private static Status settled(Status status, Plan plan) {
        return plan.outOfSync() || status.healAttempts() == 0
                ? status
                : new Status(
                        status.comparedAt(),
                        status.last(),
                        status.failures(),
                        status.retryAt(),
                        0,
                        null,
                        status.running());
    }

    private static Status finished(Spec spec, Status status, SyncResult result, Instant now) {
        AutoSync.Attempt attempt = new AutoSync.Attempt(
                result.plan().revision(),
                AutoSync.sources(spec.application()),
                result.succeeded(),
                result.problems().isEmpty()
                        ? result.status().message()
                        : result.problems().get(0).text());
        if (result.succeeded()) {
            return new Status(status.comparedAt(), attempt, 0, null, status.healAttempts(), status.healedAt(), false);
        }
        AutoSync.Attempt before = status.last();
        boolean again =
                before != null && !before.succeeded() && before.revision().equals(attempt.revision());
        int failures = again ? status.failures() + 1 : 1;
        RetryPolicy policy = policy(spec.application());
        boolean worthATry = !result.permanent();
        Instant retryAt =
                worthATry && policy.allows(failures - 1) ? policy.nextAt(now, failures - 1, spec.seed()) : null;
        return new Status(
                status.comparedAt(), attempt, failures, retryAt, status.healAttempts(), status.healedAt(), false);
    }

    /** The application's retry block; without one an automated sync is tried again five times. */
    private static RetryPolicy policy(Application application) {
        RetryPolicy fallback =
                new RetryPolicy(RetryPolicy.AUTOMATED_LIMIT, Duration.ofSeconds(5), 2, Duration.ofMinutes(3), false);
        if (!application.syncPolicy().hasRetry()) {
            return fallback;
        }
        RetryPolicy own = RetryPolicy.of(application.syncPolicy().retry()).orNull();
        return own == null ? fallback : own;
    }

    private static @Nullable Instant healDue(Spec spec, Status status) {
        Instant healedAt = status.healedAt();
        return healedAt == null ? null : spec.backoff().nextAt(healedAt, status.healAttempts());
    }

    private static boolean isReached(@Nullable Instant due, Instant now) {
        return due != null && !now.isBefore(due);
    }

    private static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
        return a == null ? b : b == null || a.isBefore(b) ? a : b;
    }
}
