package io.gitops4j.app;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pin of an application: it is held at these revisions, whatever its sources name, until the pin ends. That is how a
 * rollback stands beside automated syncs: they heal towards the pinned revision. A pin whose end cannot be read does not end.
 *
 * @param revisions one a source
 * @param until when it ends by itself, {@code null} for never
 * @param actor who asked for it
 */
public record Pin(List<String> revisions, @Nullable Instant until, String actor) {
    /** The revisions, with commas between. */
    public static final String REVISIONS = "gitops4j.io/pinned-revision";

    /** The end, RFC 3339. */
    public static final String UNTIL = "gitops4j.io/pinned-until";

    /** Who. */
    public static final String ACTOR = "gitops4j.io/pinned-by";

    /** A pin of these parts. */
    public Pin {
        revisions = List.copyOf(revisions);
    }

    /** The pin that holds at {@code now}. */
    public static Optional<Pin> of(Application application, Instant now) {
        String revisions = application.annotation(REVISIONS);
        if (revisions == null || revisions.isBlank()) {
            return Optional.empty();
        }
        String until = application.annotation(UNTIL);
        Instant end = until == null ? null : Pause.instant(until);
        if (end != null && !now.isBefore(end)) {
            return Optional.empty();
        }
        String actor = application.annotation(ACTOR);
        return Optional.of(
                new Pin(Splitter.on(',').trimResults().splitToList(revisions), end, actor == null ? "" : actor));
    }

    /** The application with this pin instead of any other. */
    public Application on(Application application) {
        JsonObject annotations =
                without(application).object("annotations").with(REVISIONS, Json.of(String.join(",", revisions)));
        if (until != null) {
            annotations = annotations.with(UNTIL, until.toString());
        }
        if (!actor.isEmpty()) {
            annotations = annotations.with(ACTOR, actor);
        }
        return application.withMetadata(without(application).with("annotations", annotations));
    }

    /** The application without any pin. */
    public static Application remove(Application application) {
        return application.withMetadata(without(application));
    }

    private static JsonObject without(Application application) {
        JsonObject metadata = application.body().object("metadata");
        if (!metadata.has("annotations")) {
            return metadata;
        }
        JsonObject left =
                metadata.object("annotations").without(REVISIONS).without(UNTIL).without(ACTOR);
        return left.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", left);
    }
}
