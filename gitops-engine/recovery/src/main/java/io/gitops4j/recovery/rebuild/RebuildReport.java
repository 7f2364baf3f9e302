package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a rebuild.
 *
 * @param units in the order in which they were done
 * @param startedAt when this run began
 * @param cached applications that came from a snapshot's render and not from Git, with its commit
 * @param notRebuilt what the last snapshot holds and Git could not bring back; nothing without a snapshot
 */
public record RebuildReport(
        List<Done> units, Instant startedAt, Map<String, String> cached, List<NotRebuilt> notRebuilt) {

    /** A report of these parts. */
    public RebuildReport {
        units = Collections.unmodifiableList(new ArrayList<>(units));
        cached = Collections.unmodifiableMap(new LinkedHashMap<>(cached));
        notRebuilt = Collections.unmodifiableList(new ArrayList<>(notRebuilt));
    }

    /** An object of the last snapshot that the rebuild did not bring back as it was. */
    public record NotRebuilt(ResourceKey key, Why why) {

        /** Why it is not as it was. */
        public enum Why {
            /** It was in the cluster and not in Git. */
            LIVE_ONLY,
            /** It had drifted from Git, and is now as Git has it. */
            DRIFT
        }
    }

    /**
     * When an object was there.
     *
     * @param healthyAt {@code null} when it was not in time
     */
    public record ObjectTimes(
            ResourceKey key, Instant appliedAt, @Nullable Instant healthyAt) {

        ObjectTimes healthy(Instant now) {
            return healthyAt == null ? new ObjectTimes(key, appliedAt, now) : this;
        }
    }

    /** How a unit ended. */
    public enum Result {
        /** Applied and healthy. */
        HEALTHY,
        /** A run before this one did it. */
        DONE_BEFORE,
        /** Not begun, because something that it needs is missing. */
        BLOCKED,
        /** Refused by the cluster, or not healthy in time. */
        FAILED
    }

    /**
     * A unit.
     *
     * @param message such as {@code BLOCKED_BY CustomResourceDefinition/x}
     */
    public record Done(
            RebuildUnit unit,
            Result result,
            String message,
            @Nullable Instant startedAt,
            @Nullable Instant appliedAt,
            @Nullable Instant healthyAt,
            List<ObjectTimes> objects) {

        /** How a unit ended. */
        public Done {
            objects = Collections.unmodifiableList(new ArrayList<>(objects));
        }

        static Done without(RebuildUnit unit, Result result, String message) {
            return new Done(unit, result, message, null, null, null, List.of());
        }

        /** Whether it is as it should be. */
        public boolean fine() {
            return result == Result.HEALTHY || result == Result.DONE_BEFORE;
        }

        /** From its start until it was healthy. */
        public Duration took() {
            return startedAt == null || healthyAt == null ? Duration.ZERO : Duration.between(startedAt, healthyAt);
        }
    }

    /** Whether everything is there and healthy. */
    public boolean complete() {
        return units.stream().allMatch(Done::fine);
    }

    /** From the start until the last application was healthy. */
    public Duration rto() {
        return applications().values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** How long after the start each application was healthy as a whole; those that are not are left out. */
    public Map<String, Duration> applications() {
        Map<String, Duration> times = new TreeMap<>();
        Map<String, Boolean> whole = new TreeMap<>();
        for (Done done : units) {
            String application = done.unit().application();
            whole.merge(application, done.fine(), Boolean::logicalAnd);
            Duration after = done.healthyAt() == null ? Duration.ZERO : Duration.between(startedAt, done.healthyAt());
            boolean work = done.unit().stage() != RebuildStage.VERIFICATION;
            times.merge(
                    application, work ? after : Duration.ZERO, (one, other) -> one.compareTo(other) < 0 ? other : one);
        }
        whole.forEach((application, fine) -> {
            if (!fine) {
                times.remove(application);
            }
        });
        return times;
    }

    /** The chain of units, each needing the one before, that took the longest; what to shorten first. */
    public List<String> criticalPath() {
        Map<String, Duration> longest = new LinkedHashMap<>();
        Map<String, List<String>> paths = new LinkedHashMap<>();
        List<String> best = List.of();
        Duration most = Duration.ofSeconds(-1);
        for (Done done : units) {
            Duration before = Duration.ZERO;
            List<String> path = List.of();
            for (String need : done.unit().needs()) {
                Duration there = longest.get(need);
                if (there != null && (path.isEmpty() || there.compareTo(before) > 0)) {
                    before = there;
                    path = paths.getOrDefault(need, List.of());
                }
            }
            List<String> extended = new ArrayList<>(path);
            extended.add(done.unit().id());
            Duration total = before.plus(done.took());
            longest.put(done.unit().id(), total);
            paths.put(done.unit().id(), extended);
            if (total.compareTo(most) > 0) {
                most = total;
                best = extended;
            }
        }
        return Collections.unmodifiableList(new ArrayList<>(best));
    }

    /** The report as JSON. */
    public JsonObject toJson() {
        JsonArray.Builder list = JsonArray.builder();
        units.forEach(done -> list.add(json(done)));
        JsonArray.Builder path = JsonArray.builder();
        criticalPath().forEach(path::add);
        JsonObject.Builder times = JsonObject.builder();
        applications().forEach((name, time) -> times.put(name, time.toSeconds()));
        JsonObject.Builder kept = JsonObject.builder();
        cached.forEach(kept::put);
        JsonArray.Builder lost = JsonArray.builder();
        notRebuilt.forEach(one -> lost.add(JsonObject.builder()
                .put("object", one.key().toString())
                .put("why", one.why().toString())
                .build()));
        return JsonObject.builder()
                .put("complete", complete())
                .put("rtoSeconds", rto().toSeconds())
                .put("criticalPath", path.build())
                .put("healthyAfterSeconds", times.build())
                .put("cachedRenders", kept.build())
                .put("notRebuilt", lost.build())
                .put("units", list.build())
                .build();
    }

    private static JsonObject json(Done done) {
        JsonArray.Builder objects = JsonArray.builder();
        for (ObjectTimes times : done.objects()) {
            JsonObject.Builder one = JsonObject.builder()
                    .put("object", times.key().toString())
                    .put("appliedAt", times.appliedAt().toString());
            time(one, "healthyAt", times.healthyAt());
            objects.add(one.build());
        }
        JsonObject.Builder out = JsonObject.builder()
                .put("stage", done.unit().stage().toString())
                .put("application", done.unit().application())
                .put("result", done.result().toString())
                .put("message", done.message())
                .put("seconds", done.took().toSeconds());
        time(out, "startedAt", done.startedAt());
        time(out, "appliedAt", done.appliedAt());
        time(out, "healthyAt", done.healthyAt());
        return out.put("objectCount", done.unit().objects().size())
                .put("objects", objects.build())
                .build();
    }

    private static void time(JsonObject.Builder out, String field, @Nullable Instant at) {
        if (at != null) {
            out.put(field, at.toString());
        }
    }
}
