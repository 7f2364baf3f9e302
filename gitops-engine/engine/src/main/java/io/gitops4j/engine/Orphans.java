package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.ProjectRules;
import io.gitops4j.sync.OrphanDetection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a project wants to be told of objects that belong to nobody. */
final class Orphans {
    private Orphans() {}

    static List<Problem> conditions(@Nullable AppProject project, Application application, ClusterLane lane) {
        if (project == null || !project.watchesOrphans() || !project.warnsOfOrphans()) {
            return List.of();
        }
        int count = OrphanDetection.in(
                        lane.index(),
                        ProjectRules.of(project),
                        application.destination().namespace())
                .size();
        return count == 0
                ? List.of()
                : List.of(Problem.warning("ORPHANED_RESOURCE", "Application has " + count + " orphaned resources"));
    }
}
