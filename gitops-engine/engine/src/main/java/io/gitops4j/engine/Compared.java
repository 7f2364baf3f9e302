package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.Plan;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last comparison of an application and all that it was made of. Where all of it is the same again, by identity and so
 * without looking into it, the plan is the same, and a reconcile that finds nothing new costs next to nothing.
 *
 * @param application as it was stored after the comparison
 * @param objects version of the cluster's index then
 * @param claims version of what applications want of the cluster then
 * @param keys of the objects that the plan looked at, beside those that the application owns
 * @param live those objects
 * @param problems that the status shows
 */
record Compared(
        Application application,
        RenderedApplication rendered,
        @Nullable AppProject project,
        Kinds kinds,
        long objects,
        long claims,
        List<ResourceKey> keys,
        List<JsonObject> live,
        Outcome<Plan> plan,
        List<Problem> problems) {

    static Compared of(
            Application application,
            RenderedApplication rendered,
            @Nullable AppProject project,
            ClusterLane lane,
            Outcome<Plan> plan,
            List<Problem> problems) {
        List<ResourceKey> keys = rendered.keys(lane.kinds());
        return new Compared(
                application,
                rendered,
                project,
                lane.kinds(),
                lane.index().version(),
                lane.claims(),
                List.copyOf(keys),
                lane.index().of(application.name(), keys),
                plan,
                List.copyOf(problems));
    }

    /** Whether a comparison now would be made of the same. */
    boolean holds(Application now, RenderedApplication wanted, @Nullable AppProject itsProject, ClusterLane lane) {
        return rendered.manifests() == wanted.manifests()
                && rendered.revisions().equals(wanted.revisions())
                && Objects.equals(project, itsProject)
                && isSameSpec(now)
                && kinds == lane.kinds()
                && claims == lane.claims()
                && (objects == lane.index().version() || isSame(lane.index().of(now.name(), keys)));
    }

    private boolean isSameSpec(Application now) {
        return now == application
                || (now.spec().equals(application.spec())
                        && now.body()
                                .object("metadata")
                                .object("annotations")
                                .equals(application.body().object("metadata").object("annotations")));
    }

    private boolean isSame(List<JsonObject> now) {
        if (now.size() != live.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) != live.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the status of an application is the one that was written after this comparison. */
    boolean isShown(Application now, List<Problem> shown) {
        return now == application && problems.equals(shown);
    }
}
