package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanStep;
import io.gitops4j.sync.ResourceIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts views together. */
final class ApplicationViews {
    private static final Health MISSING = new Health(Health.Status.MISSING, "");

    private ApplicationViews() {}

    static ApplicationView failed(Application application, List<Problem> problems) {
        return new ApplicationView(
                application, "Unknown", new Health(Health.Status.UNKNOWN, ""), Optional.empty(), List.of(), problems);
    }

    static ApplicationView of(
            Application application, Plan plan, ResourceIndex index, HealthSummary summary, List<Problem> problems) {
        List<ResourceView> resources = new ArrayList<>();
        List<Health> healths = new ArrayList<>();
        for (PlanStep step : plan.steps()) {
            if (step.action() == PlanStep.Action.HOOK) {
                continue;
            }
            JsonObject live = index.get(step.task().key());
            Health health = live == null ? MISSING : summary.of(live);
            boolean prune = step.task().isPrune();
            resources.add(new ResourceView(
                    step.task().key(),
                    step.task().gvk().version(),
                    step.action() == PlanStep.Action.NOOP ? "Synced" : "OutOfSync",
                    health,
                    prune,
                    step));
            if (!prune) {
                healths.add(health);
            }
        }
        return new ApplicationView(
                application,
                plan.outOfSync() ? "OutOfSync" : "Synced",
                HealthSummary.worst(healths),
                Optional.of(plan),
                resources,
                problems);
    }
}
