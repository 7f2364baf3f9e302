package io.gitops4j.project;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.quantity.GoDuration;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A time in which syncs are allowed or denied: it opens by a schedule and stays open for a duration.
 *
 * <p>The hours of the schedule are those of the window's time zone at each instant, daylight saving included. (Argo CD takes
 * the zone's present offset for every instant, which shifts windows by an hour around a change; that is not followed.)
 */
public final class SyncWindow {
    private final JsonObject body;
    private final CronSchedule schedule;
    private final Duration duration;
    private final @Nullable ZoneId zone;
    private final boolean asArgoCd;

    private SyncWindow(
            JsonObject body, CronSchedule schedule, Duration duration, @Nullable ZoneId zone, boolean asArgoCd) {
        this.asArgoCd = asArgoCd;
        this.body = body;
        this.schedule = schedule;
        this.duration = duration;
        this.zone = zone;
    }

    /** Reads a window. Errors: {@code WINDOW_KIND}, {@code CRON_INVALID}, {@code WINDOW_DURATION}, {@code WINDOW_DESCRIPTION}. */
    public static Outcome<SyncWindow> of(JsonObject body) {
        String kind = body.text("kind", "");
        if (!kind.equals("allow") && !kind.equals("deny")) {
            return Outcome.failed(
                    Problem.error("WINDOW_KIND", "kind '" + kind + "' of a sync window can only be allow or deny"));
        }
        String text = body.text("duration", "");
        OptionalLong nanos = GoDuration.nanos(text);
        if (body.text("description", "").length() > 255) {
            return Outcome.failed(
                    Problem.error("WINDOW_DESCRIPTION", "a sync window's description has at most 255 characters"));
        }
        return CronSchedule.parse(body.text("schedule", "")).then(schedule -> {
            if (nanos.isEmpty()) {
                return Outcome.failed(
                        Problem.error("WINDOW_DURATION", "cannot parse duration '" + text + "' of a sync window")
                                .hint("such as 1h or 30m"));
            }
            return Outcome.of(new SyncWindow(
                    body, schedule, Duration.ofNanos(nanos.getAsLong()), zone(body.text("timeZone", "")), false));
        });
    }

    private static @Nullable ZoneId zone(String name) {
        try {
            return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether syncs are allowed in it, rather than denied. */
    public boolean allows() {
        return body.text("kind", "").equals("allow");
    }

    /** Whether a person may sync all the same. */
    public boolean manualSync() {
        return body.bool("manualSync", false);
    }

    /** Whether a sync that began when it was allowed may go on. */
    public boolean syncOverrun() {
        return body.bool("syncOverrun", false);
    }

    /** The time zone as written. */
    public String timeZone() {
        return body.text("timeZone", "");
    }

    /** The window as Argo CD reads it: an unknown zone is UTC, and a schedule that never fires is open at all times. */
    SyncWindow asArgoCd() {
        return new SyncWindow(body, schedule, duration, zone, true);
    }

    /** Whether it can be said when the window is open; with an unknown zone it cannot. */
    public boolean isDecidable() {
        return zone != null || asArgoCd;
    }

    /** Whether the window is open at an instant. */
    public boolean isOpen(Instant now) {
        ZoneId at = zone == null ? ZoneOffset.UTC : zone;
        ZonedDateTime then = now.atZone(at);
        // the wall clock is what the duration is taken from, so that a window is as long as it says on every day
        Optional<ZonedDateTime> opened = schedule.next(then.minus(duration));
        return opened.map(time -> time.toInstant().isBefore(now)).orElse(asArgoCd);
    }

    /** Whether the window speaks of this application. */
    public boolean matches(String application, String namespace, String server, String cluster) {
        List<Boolean> fits = new ArrayList<>();
        test("applications", fits, application);
        test("namespaces", fits, namespace);
        test("clusters", fits, server, cluster);
        return body.bool("andOperator", false) ? !fits.isEmpty() && !fits.contains(false) : fits.contains(true);
    }

    private void test(String field, List<Boolean> fits, String... texts) {
        List<String> patterns = new ArrayList<>();
        if (body.get(field) instanceof JsonArray array) {
            for (Json item : array) {
                String text = item.textOrNull();
                if (text != null) {
                    patterns.add(text);
                }
            }
        }
        if (patterns.isEmpty()) {
            return;
        }
        boolean any = false;
        for (String text : texts) {
            any |= !text.isEmpty() && NamePatterns.matchesAny(patterns, text, NamePatterns.Mode.GLOB);
        }
        fits.add(any);
    }

    /** Whether it names any application, namespace or cluster. */
    public boolean namesAnything() {
        return !body.array("applications").isEmpty()
                || !body.array("namespaces").isEmpty()
                || !body.array("clusters").isEmpty();
    }

    /** What makes the window this one: two of a project may not have the same. */
    public JsonObject identity() {
        return body.without("manualSync").without("description");
    }
}
