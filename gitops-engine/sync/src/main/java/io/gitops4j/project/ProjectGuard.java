package io.gitops4j.project;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.app.Destination;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.SyncTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A project over one application: what of it is refused. The same guard goes into the plan and into the runner that carries
 * it out, so that nothing is written that a plan did not ask about.
 *
 * @param rules of the project
 * @param server of the destination
 * @param cluster name of the destination
 * @param kinds scopes of the kinds
 */
public record ProjectGuard(ProjectRules rules, String server, String cluster, Kinds kinds)
        implements Function<SyncTask, Optional<String>> {

    /** Why a task is refused, empty when it is permitted. */
    @Override
    public Optional<String> apply(SyncTask task) {
        ResourceKey key = task.key();
        boolean namespaced = kinds.namespaced(task.gvk());
        if (!rules.permitsKind(key.group(), key.kind(), key.name(), namespaced)) {
            return Optional.of("kind " + key.kind() + (key.group().isEmpty() ? "" : "." + key.group())
                    + " is not permitted in project " + rules.project().name());
        }
        if (namespaced && !rules.permitsDestination(server, cluster, key.namespace(), List.of(server))) {
            return Optional.of("namespace " + key.namespace() + " is not permitted in project "
                    + rules.project().name());
        }
        return Optional.empty();
    }

    /**
     * What of an application's spec the project does not permit: {@code PROJECT_SOURCE_REFUSED},
     * {@code PROJECT_DESTINATION_REFUSED}, {@code PROJECT_NAMESPACE_REFUSED}.
     *
     * @param server of the destination, found from its name where the application gives that
     * @param ownClusters servers of the clusters that belong to the project
     * @param controlPlane namespace of the control plane
     */
    public static List<Problem> check(
            ProjectRules rules, Application application, String server, List<String> ownClusters, String controlPlane) {
        List<Problem> problems = new ArrayList<>();
        String project = rules.project().name();
        if (!rules.permitsApplicationsIn(application.namespace(), controlPlane)) {
            problems.add(Problem.error(
                    "PROJECT_NAMESPACE_REFUSED",
                    "applications in namespace " + application.namespace() + " may not use project " + project));
        }
        for (ApplicationSource source : application.sources()) {
            if (!rules.permitsSource(source.repoUrl())) {
                problems.add(Problem.error(
                        "PROJECT_SOURCE_REFUSED",
                        "repository " + source.repoUrl() + " is not permitted in project " + project));
            }
        }
        Destination destination = application.destination();
        if (!rules.permitsDestination(server, destination.name(), destination.namespace(), ownClusters)) {
            problems.add(Problem.error(
                    "PROJECT_DESTINATION_REFUSED",
                    "destination " + destination.cluster() + "/" + destination.namespace()
                            + " is not permitted in project " + project));
        }
        return List.copyOf(problems);
    }
}
