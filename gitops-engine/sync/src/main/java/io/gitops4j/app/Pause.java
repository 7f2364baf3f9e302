package io.gitops4j.app;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pause of an application: nothing is synced or healed while it lasts; comparisons go on, so that drift stays visible. It is
 * said in annotations of the Application. Argo CD's {@code skip-reconcile} is a pause without an end.
 *
 * @param reason why
 * @param until when it ends by itself, {@code null} for never
 * @param actor who asked for it
 */
public record Pause(String reason, @Nullable Instant until, String actor) {
    /** Why; its presence pauses. */
    public static final String REASON = "gitops4j.io/paused";

    /** The end, RFC 3339. */
    public static final String UNTIL = "gitops4j.io/paused-until";

    /** Who. */
    public static final String ACTOR = "gitops4j.io/paused-by";

    private static final String SKIP_RECONCILE = "argocd.argoproj.io/skip-reconcile";

    /**
     * The pause that holds at {@code now}, empty for none. Error {@code APP_PAUSE_UNTIL}; such an application is to be taken
     * as paused.
     */
    public static Outcome<Optional<Pause>> of(Application application, Instant now) {
        if ("true".equals(application.annotation(SKIP_RECONCILE))) {
            return Outcome.of(Optional.of(new Pause("skip-reconcile", null, "")));
        }
        String reason = application.annotation(REASON);
        if (reason == null) {
            return Outcome.of(Optional.empty());
        }
        String actor = application.annotation(ACTOR);
        String until = application.annotation(UNTIL);
        if (until == null || until.isEmpty()) {
            return Outcome.of(Optional.of(new Pause(reason, null, actor == null ? "" : actor)));
        }
        Instant end = instant(until);
        if (end == null) {
            return Outcome.failed(Problem.error(
                            "APP_PAUSE_UNTIL",
                            application.qualifiedName() + ": the annotation " + UNTIL + " is no time: " + until)
                    .at(application.origin().where())
                    .hint("such as 2026-01-31T12:00:00Z; until then the Application stays paused"));
        }
        return Outcome.of(
                now.isBefore(end) ? Optional.of(new Pause(reason, end, actor == null ? "" : actor)) : Optional.empty());
    }

    /** The application with this pause instead of any other. */
    public Application on(Application application) {
        JsonObject annotations = without(application).object("annotations").with(REASON, reason);
        if (until != null) {
            annotations = annotations.with(UNTIL, until.toString());
        }
        if (!actor.isEmpty()) {
            annotations = annotations.with(ACTOR, actor);
        }
        return application.withMetadata(without(application).with("annotations", annotations));
    }

    /** The application without any pause. */
    public static Application remove(Application application) {
        return application.withMetadata(without(application));
    }

    private static JsonObject without(Application application) {
        JsonObject metadata = application.body().object("metadata");
        if (!metadata.has("annotations")) {
            return metadata;
        }
        JsonObject left = metadata.object("annotations")
                .without(REASON)
                .without(UNTIL)
                .without(ACTOR)
                .without(SKIP_RECONCILE);
        return left.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", left);
    }

    static @Nullable Instant instant(String text) {
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "paused" + (actor.isEmpty() ? "" : " by " + actor) + (until == null ? "" : " until " + until)
                + (reason.isEmpty() ? "" : ": " + reason);
    }
}
