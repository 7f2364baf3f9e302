package io.gitops4j.sync;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.util.List;

/**
 * What became of a sync.
 *
 * @param plan that was carried out
 * @param status of the operation; still running when it waits for something that did not come
 * @param writes calls that changed the cluster
 * @param problems why it was refused before it began, empty otherwise
 * @param permanent whether calls were refused, and every refusal was one that the same call meets again
 */
public record SyncResult(Plan plan, SyncStatus status, int writes, List<Problem> problems, boolean permanent) {

    /** A result without a refusal for good. */
    public SyncResult(Plan plan, SyncStatus status, int writes, List<Problem> problems) {
        this(plan, status, writes, problems, false);
    }

    /** A result of these parts. */
    public SyncResult {
        problems = List.copyOf(problems);
    }

    /** Whether the sync succeeded. */
    public boolean succeeded() {
        return status.phase() == OperationPhase.SUCCEEDED;
    }

    /** The result as Argo CD keeps it in {@code status.operationState}. */
    public JsonObject toOperationState() {
        JsonArray.Builder resources = JsonArray.builder();
        for (SyncTask task : plan.spec().tasks()) {
            TaskResult result = status.results().get(task.id());
            if (result == null) {
                continue;
            }
            JsonObject.Builder out = JsonObject.builder()
                    .put("group", task.key().group())
                    .put("version", task.gvk().version())
                    .put("kind", task.key().kind())
                    .put("namespace", task.key().namespace())
                    .put("name", task.key().name())
                    .put("status", result.code().wire())
                    .put("message", result.message())
                    .put("syncPhase", task.phase().wire());
            OperationPhase phase = result.phase();
            if (phase != null) {
                out.put("hookPhase", phase.wire());
            }
            if (task.isHook()) {
                out.put("hookType", task.phase().wire());
            }
            resources.add(out.build());
        }
        JsonObject.Builder out = JsonObject.builder()
                .put("phase", status.phase().wire())
                .put("message", status.message())
                .put("startedAt", status.startedAt().toString());
        if (status.finishedAt() != null) {
            out.put("finishedAt", status.finishedAt().toString());
        }
        return out.put(
                        "syncResult",
                        JsonObject.builder()
                                .put("revision", plan.revision())
                                .put("resources", resources.build())
                                .build())
                .build();
    }
}
