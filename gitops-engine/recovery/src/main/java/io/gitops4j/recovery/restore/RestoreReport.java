package io.gitops4j.recovery.restore;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a restore did.
 *
 * @param snapshotId the snapshot
 * @param items every object, in the order of writing
 * @param problems warnings and errors: of the store, of references, of objects
 * @param stages how long each stage took, in order
 * @param dryRun whether nothing was written
 */
public record RestoreReport(
        String snapshotId, List<RestoredItem> items, List<Problem> problems, List<Stage> stages, boolean dryRun) {

    /**
     * A stage.
     *
     * @param name its name
     * @param objects how many were tried
     * @param took how long it took
     */
    public record Stage(String name, int objects, Duration took) {}

    /** A report of these parts. */
    public RestoreReport {
        items = List.copyOf(items);
        problems = List.copyOf(problems);
        stages = List.copyOf(stages);
    }

    /** {@code OK}; {@code PARTIAL} when an object failed or its kind is unknown. */
    public String status() {
        boolean partial = items.stream()
                .anyMatch(i -> i.result() == Result.FAILED
                        || i.code().equals("KIND_UNKNOWN")
                        || i.code().equals("NEEDS_CONVERSION"));
        return partial ? "PARTIAL" : "OK";
    }

    /** How many objects had each result, in the order of {@link Result}. */
    public Map<Result, Integer> counts() {
        Map<Result, Integer> counts = new EnumMap<>(Result.class);
        items.forEach(item -> counts.merge(item.result(), 1, Integer::sum));
        return counts;
    }

    /** How long all stages took. */
    public Duration took() {
        return stages.stream().map(Stage::took).reduce(Duration.ZERO, Duration::plus);
    }

    /** For machines. */
    public JsonObject toJson() {
        JsonObject.Builder counts = JsonObject.builder();
        counts().forEach((result, count) -> counts.put(result.name(), count));
        JsonArray.Builder all = JsonArray.builder();
        items.forEach(item -> all.add(item.toJson()));
        JsonArray.Builder found = JsonArray.builder();
        problems.forEach(p -> found.add(
                JsonObject.builder().put("code", p.code()).put("text", p.text()).build()));
        return JsonObject.builder()
                .put("snapshotId", snapshotId)
                .put("status", status())
                .put("dryRun", dryRun)
                .put("tookMs", took().toMillis())
                .put("counts", counts.build())
                .put("problems", found.build())
                .put("items", all.build())
                .build();
    }

    /** {@code 12 CREATED, 1 SKIPPED}. */
    public String summary() {
        StringBuilder out = new StringBuilder();
        counts().forEach((result, count) -> out.append(out.length() == 0 ? "" : ", ")
                .append(count)
                .append(' ')
                .append(result));
        return out.length() == 0 ? "nothing to restore" : out.toString();
    }
}
