package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of a rebuild.
 *
 * @param units in the order in which they were done
 * @param startedAt when this run began
 */
public record RebuildReport(List<Done> units, Instant startedAt) {

    /** A report of these parts. */
    public RebuildReport {
        units = Collections.unmodifiableList(new ArrayList<>(units));
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
            @Nullable Instant healthyAt) {

        /** From its start until it was healthy. */
        public Duration took() {
            return startedAt == null || healthyAt == null ? Duration.ZERO : Duration.between(startedAt, healthyAt);
        }
    }

    /** Whether everything is there and healthy. */
    public boolean complete() {
        return units.stream().allMatch(done -> done.result() == Result.HEALTHY || done.result() == Result.DONE_BEFORE);
    }

    /** From the start until the last unit was healthy. */
    public Duration rto() {
        return units.stream()
                .flatMap(done -> Optional.ofNullable(done.healthyAt()).stream())
                .max(Instant::compareTo)
                .map(last -> Duration.between(startedAt, last))
                .orElse(Duration.ZERO);
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
        for (Done done : units) {
            list.add(JsonObject.builder()
                    .put("stage", done.unit().stage().toString())
                    .put("application", done.unit().application())
                    .put("objects", done.unit().objects().size())
                    .put("result", done.result().toString())
                    .put("message", done.message())
                    .put("seconds", done.took().toSeconds())
                    .build());
        }
        JsonArray.Builder path = JsonArray.builder();
        criticalPath().forEach(path::add);
        return JsonObject.builder()
                .put("complete", complete())
                .put("rtoSeconds", rto().toSeconds())
                .put("criticalPath", path.build())
                .put("units", list.build())
                .build();
    }
}
