package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Plan;
import java.util.List;
import java.util.Optional;

/**
 * An Application as it stands: what a person asks first.
 *
 * @param application the Application
 * @param sync {@code Synced}, {@code OutOfSync} or {@code Unknown} when it could not be compared
 * @param health aggregated over the resources
 * @param plan what a sync would do; empty when it could not be compared
 * @param resources the objects, in the order of the plan
 * @param problems why it could not be compared, and warnings
 */
public record ApplicationView(
        Application application,
        String sync,
        Health health,
        Optional<Plan> plan,
        List<ResourceView> resources,
        List<Problem> problems) {

    /** A view of these parts. */
    public ApplicationView {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }

    /** The commit that it was compared with, {@code ""} when it could not be. */
    public String revision() {
        return plan.map(Plan::revision).orElse("");
    }

    /** Whether something keeps it from being compared. */
    public boolean failed() {
        return plan.isEmpty();
    }

    /** The status as Argo CD keeps it: {@code sync}, {@code health}, {@code resources}, {@code conditions}. */
    public JsonObject toStatus() {
        JsonObject.Builder out = JsonObject.builder()
                .put(
                        "sync",
                        JsonObject.builder()
                                .put("status", sync)
                                .put("revision", revision())
                                .build())
                .put(
                        "health",
                        JsonObject.builder()
                                .put("status", health.status().wire())
                                .build())
                .put(
                        "resources",
                        JsonArray.of(
                                resources.stream().map(ResourceView::toJson).toList()));
        if (!problems.isEmpty()) {
            out.put(
                    "conditions",
                    JsonArray.of(problems.stream()
                            .map(problem -> JsonObject.builder()
                                    .put("type", problem.isError() ? "ComparisonError" : "ResourceWarning")
                                    .put("message", problem.toString())
                                    .build())
                            .toList()));
        }
        return out.build();
    }
}
