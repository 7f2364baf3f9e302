package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.util.List;

/** The status of an ApplicationSet, with the fields and the names of Argo CD. */
final class SetStatus {
    private static final int MOST_RESOURCES = 5_000;
    private static final int MOST_PROBLEMS = 10;

    private SetStatus() {}

    /** After an expansion that was applied. */
    static JsonObject of(ApplicationSet set, List<Application> applications, List<Problem> problems, Instant now) {
        JsonArray.Builder resources = JsonArray.builder();
        applications.stream()
                .limit(MOST_RESOURCES)
                .forEach(application -> resources.add(JsonObject.builder()
                        .put("group", "argoproj.io")
                        .put("version", "v1alpha1")
                        .put("kind", "Application")
                        .put("namespace", application.namespace())
                        .put("name", application.name())
                        .put("status", application.status().object("sync").text("status", ""))
                        .put("health", application.status().object("health"))
                        .build()));
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        boolean fine = errors.isEmpty();
        return set.status()
                .with("conditions", conditions(set, fine, errors, "ApplicationValidationError", now))
                .with("resources", resources.build())
                .with("resourcesCount", Json.of(applications.size()))
                .with("health", JsonObject.of("status", Json.of(fine ? "Healthy" : "Degraded")));
    }

    /** Where nothing was changed because of these. */
    static JsonObject failed(ApplicationSet set, List<Problem> problems, Instant now) {
        return set.status()
                .with("conditions", conditions(set, false, problems, "ApplicationGenerationFromParamsError", now))
                .with("health", JsonObject.of("status", Json.of("Degraded")));
    }

    private static JsonArray conditions(
            ApplicationSet set, boolean fine, List<Problem> problems, String reason, Instant now) {
        StringBuilder text = new StringBuilder();
        problems.stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem -> text.append(text.isEmpty() ? "" : "; ")
                        .append(problem.code())
                        .append(": ")
                        .append(problem.text()));
        if (problems.size() > MOST_PROBLEMS) {
            text.append("; and ").append(problems.size() - MOST_PROBLEMS).append(" more");
        }
        String done = fine ? "ApplicationSetUpToDate" : reason;
        return JsonArray.builder()
                .add(condition(
                        set,
                        "ErrorOccurred",
                        !fine,
                        done,
                        fine ? "All applications have been generated successfully" : text.toString(),
                        now))
                .add(condition(
                        set,
                        "ParametersGenerated",
                        fine,
                        fine ? "ParametersGenerated" : reason,
                        fine ? "Successfully generated parameters for all Applications" : text.toString(),
                        now))
                .add(condition(
                        set,
                        "ResourcesUpToDate",
                        fine,
                        done,
                        fine ? "All applications have been generated successfully" : text.toString(),
                        now))
                .build();
    }

    /** A condition, its time kept where nothing else of it has changed. */
    static JsonObject condition(
            ApplicationSet set, String type, boolean holds, String reason, String message, Instant now) {
        JsonObject fresh = JsonObject.builder()
                .put("type", type)
                .put("status", holds ? "True" : "False")
                .put("reason", reason)
                .put("message", message)
                .build();
        for (Json item : set.status().array("conditions")) {
            if (item instanceof JsonObject old
                    && old.without("lastTransitionTime").equals(fresh)) {
                return old;
            }
        }
        return fresh.with("lastTransitionTime", now.toString());
    }
}
