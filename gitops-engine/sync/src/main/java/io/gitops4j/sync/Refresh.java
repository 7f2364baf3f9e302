package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how thoroughly an application is to be compared again.
 *
 * <p>Source: argocd §1.8.
 *
 * @param level how thoroughly
 * @param hard whether renders that are kept are not to be used
 * @param reason in words
 */
public record Refresh(Level level, boolean hard, String reason) {
    /** The annotation by which a person asks for a refresh: {@code normal} or {@code hard}. */
    public static final String ANNOTATION = "argocd.argoproj.io/refresh";

    /** How thoroughly. The order is that of the levels. */
    public enum Level {
        /** The live objects are looked at again, nothing is compared. */
        TREE,
        /** Compared with the revision of the last comparison. */
        RECENT,
        /** Compared with the newest revision. */
        LATEST,
        /** Compared with the newest revision, which is asked of the repository even when an answer is kept. */
        FORCED
    }

    /** Whether the spec of an application is still what its status was compared to. */
    public static boolean isComparedToSpec(Application application) {
        return changed(application) == null;
    }

    /**
     * The refresh that is due.
     *
     * @param comparedAt time of the last comparison, {@code null} for none
     * @param resync how old a comparison may become
     * @param requested what an event asks for, {@code null} for nothing
     */
    public static Optional<Refresh> due(
            Application application,
            @Nullable Instant comparedAt,
            Duration resync,
            @Nullable Level requested,
            Instant now) {
        String asked = application.annotation(ANNOTATION);
        if (asked != null) {
            return Optional.of(new Refresh(Level.FORCED, asked.equals("hard"), "refresh requested"));
        }
        String changed = comparedAt == null ? null : changed(application);
        if ("source".equals(changed)) {
            return Optional.of(new Refresh(Level.FORCED, false, "the source has changed"));
        }
        if (comparedAt == null || !now.isBefore(comparedAt.plus(resync))) {
            return Optional.of(new Refresh(Level.LATEST, false, "the last comparison is too old"));
        }
        if (changed != null) {
            return Optional.of(new Refresh(Level.LATEST, false, "the " + changed + " has changed"));
        }
        return requested == null ? Optional.empty() : Optional.of(new Refresh(requested, false, "an event"));
    }

    /** What of the spec differs from what the status was compared to, {@code null} for nothing. */
    private static @Nullable String changed(Application application) {
        JsonObject compared = application.status().object("sync").object("comparedTo");
        JsonObject spec = application.spec();
        if (!same(compared, spec, "source") || !same(compared, spec, "sources")) {
            return "source";
        }
        if (!same(compared, spec, "destination")) {
            return "destination";
        }
        JsonObject policy = spec.object("syncPolicy");
        JsonObject before = application.status().object("operationState").object("syncResult");
        if (before.has("managedNamespaceMetadata")
                && !before.object("managedNamespaceMetadata").equals(policy.object("managedNamespaceMetadata"))) {
            return "managed namespace metadata";
        }
        return same(compared, spec, "ignoreDifferences") ? null : "list of ignored differences";
    }

    private static boolean same(JsonObject compared, JsonObject spec, String field) {
        @Nullable Json before = compared.get(field);
        @Nullable Json now = spec.get(field);
        return Objects.equals(before, now);
    }
}
