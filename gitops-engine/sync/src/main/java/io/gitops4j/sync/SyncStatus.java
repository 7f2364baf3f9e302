package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a sync operation stands. A value: kept before the actions of a step are done, it lets another process go on after a
 * crash without doing a thing twice.
 *
 * @param phase of the operation
 * @param message for people
 * @param stage inside the operation
 * @param results by task id, in the order in which they came
 * @param dryRuns ids of the tasks that were tried out
 * @param deletedHooks ids of the hooks deleted in the present stage
 * @param wave the wave in work: phase, and number
 * @param outcome what the operation becomes once its hooks are cleaned up
 * @param startedAt when it began
 * @param finishedAt when it ended
 * @param notBefore when the next wave may begin
 * @param stepAt when the wave in work began
 */
public record SyncStatus(
        OperationPhase phase,
        String message,
        Stage stage,
        Map<String, TaskResult> results,
        List<String> dryRuns,
        List<String> deletedHooks,
        @Nullable Wave wave,
        @Nullable OperationPhase outcome,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant notBefore,
        @Nullable Instant stepAt) {

    /** Stages. The legal transitions are the table in {@link SyncOperation}. */
    public enum Stage {
        NEW,
        DRY_RUN,
        READY,
        PRUNE,
        HOOK_DELETE,
        APPLY,
        SYNC_FAIL,
        CLEANUP,
        DONE
    }

    /** A phase and a wave number in it. */
    public record Wave(SyncPhase phase, long number) {
        boolean holds(SyncTask task) {
            return task.phase() == phase && task.wave() == number;
        }
    }

    /** A status of these parts. */
    public SyncStatus {
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
        dryRuns = List.copyOf(dryRuns);
        deletedHooks = List.copyOf(deletedHooks);
    }

    /** A status that says nothing of when its wave began. */
    public SyncStatus(
            OperationPhase phase,
            String message,
            Stage stage,
            Map<String, TaskResult> results,
            List<String> dryRuns,
            List<String> deletedHooks,
            @Nullable Wave wave,
            @Nullable OperationPhase outcome,
            Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable Instant notBefore) {
        this(
                phase,
                message,
                stage,
                results,
                dryRuns,
                deletedHooks,
                wave,
                outcome,
                startedAt,
                finishedAt,
                notBefore,
                null);
    }

    /** An operation that has not begun. */
    public static SyncStatus begun(Instant now) {
        return new SyncStatus(
                OperationPhase.RUNNING,
                "",
                Stage.NEW,
                new LinkedHashMap<>(),
                List.of(),
                List.of(),
                null,
                null,
                now,
                null,
                null,
                null);
    }

    /** The status as JSON, to be kept. */
    public JsonObject toJson() {
        JsonObject.Builder taskResults = JsonObject.builder();
        results.forEach((id, result) -> taskResults.put(
                id,
                JsonObject.builder()
                        .put("code", result.code().wire())
                        .putIfPresent(
                                "phase",
                                result.phase() == null ? null : result.phase().wire())
                        .put("message", result.message())
                        .build()));
        return JsonObject.builder()
                .put("phase", phase.wire())
                .put("message", message)
                .put("stage", stage.name())
                .put("results", taskResults.build())
                .put("dryRuns", texts(dryRuns))
                .put("deletedHooks", texts(deletedHooks))
                .putIfPresent(
                        "wave",
                        wave == null
                                ? null
                                : JsonObject.builder()
                                        .put("phase", wave.phase().wire())
                                        .put("number", wave.number())
                                        .build())
                .putIfPresent("outcome", outcome == null ? null : outcome.wire())
                .put("startedAt", startedAt.toString())
                .putIfPresent("finishedAt", finishedAt == null ? null : finishedAt.toString())
                .putIfPresent("notBefore", notBefore == null ? null : notBefore.toString())
                .putIfPresent("stepAt", stepAt == null ? null : stepAt.toString())
                .build();
    }

    /** Reads what {@link #toJson} wrote. */
    public static SyncStatus fromJson(JsonObject json) {
        Map<String, TaskResult> results = new LinkedHashMap<>();
        json.object("results").forEach((id, value) -> {
            JsonObject result = (JsonObject) value;
            String phase = result.text("phase");
            results.put(
                    id,
                    new TaskResult(
                            TaskResult.Code.of(result.text("code", "")),
                            phase == null ? null : OperationPhase.of(phase),
                            result.text("message", "")));
        });
        String outcome = json.text("outcome");
        return new SyncStatus(
                OperationPhase.of(json.text("phase", "")),
                json.text("message", ""),
                Stage.valueOf(json.text("stage", "")),
                results,
                texts(json.array("dryRuns")),
                texts(json.array("deletedHooks")),
                json.get("wave") instanceof JsonObject at ? wave(at) : null,
                outcome == null ? null : OperationPhase.of(outcome),
                Instant.parse(json.text("startedAt", "")),
                instant(json.text("finishedAt")),
                instant(json.text("notBefore")),
                instant(json.text("stepAt")));
    }

    private static Wave wave(JsonObject json) {
        for (SyncPhase phase : SyncPhase.values()) {
            if (phase.wire().equals(json.text("phase", ""))
                    && json.get("number") instanceof io.gitops4j.json.JsonNumber number) {
                return new Wave(phase, number.longValue());
            }
        }
        throw new IllegalArgumentException("no wave: " + json);
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static JsonArray texts(List<String> texts) {
        return JsonArray.of(texts.stream().map(Json::of).toList());
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(String.valueOf(item.textOrNull())));
        return texts;
    }
}
