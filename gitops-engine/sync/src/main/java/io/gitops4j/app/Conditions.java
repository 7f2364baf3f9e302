package io.gitops4j.app;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The conditions in the status of an application. The end of a type's name is its severity: {@code …Error} or
 * {@code …Warning}.
 */
public final class Conditions {
    private Conditions() {}

    /** The type under which a problem is reported. */
    public static String type(Problem problem) {
        String code = problem.code();
        if (code.equals("PLAN_REPEATED_RESOURCE")) {
            return "RepeatedResourceWarning";
        }
        if (code.equals("PLAN_SHARED_RESOURCE")) {
            return problem.isError() ? "SyncError" : "SharedResourceWarning";
        }
        if (code.startsWith("SYNC_")) {
            return "SyncError";
        }
        if (code.startsWith("DELETION_") || code.equals("BLOCKED_DELETE")) {
            return "DeletionError";
        }
        if (code.equals("ORPHANED_RESOURCE")) {
            return "OrphanedResourceWarning";
        }
        if (code.startsWith("APP_") || code.startsWith("PROJECT_")) {
            return problem.isError() ? "InvalidSpecError" : "ExcludedResourceWarning";
        }
        return problem.isError() ? "ComparisonError" : "ExcludedResourceWarning";
    }

    /**
     * The conditions for these problems. One that was there with the same type and message keeps its time; the order is that
     * of the problems.
     */
    public static JsonArray of(List<Problem> problems, JsonArray before, Instant now) {
        List<JsonObject> conditions = new ArrayList<>();
        for (Problem problem : problems) {
            String type = type(problem);
            String message = problem.text();
            String since = now.toString();
            for (Json item : before) {
                if (item instanceof JsonObject old
                        && old.text("type", "").equals(type)
                        && old.text("message", "").equals(message)) {
                    since = old.text("lastTransitionTime", since);
                }
            }
            conditions.add(JsonObject.builder()
                    .put("type", type)
                    .put("message", message)
                    .put("lastTransitionTime", since)
                    .build());
        }
        return JsonArray.of(conditions);
    }
}
