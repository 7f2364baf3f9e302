package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.ResourceView;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.restore.RestoreRequest;
import io.gitops4j.recovery.restore.Restorer;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotScope;
import io.gitops4j.spi.Cluster;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanStep;
import io.gitops4j.sync.SyncPhase;
import io.gitops4j.testkit.FakeCluster;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What Git brings to one cluster, as recovery needs to know it. */
final class GitSide {
    private final Map<ResourceKey, String> synced = new LinkedHashMap<>();
    private final Map<String, String> revisions = new LinkedHashMap<>();

    private GitSide() {}

    /** The Applications that go to a cluster. */
    static List<Application> applicationsOf(GitOps gitops, List<Application> all, Cluster cluster) {
        return all.stream()
                .filter(app -> gitops.clusters()
                        .find(app.destination())
                        .value()
                        .filter(found -> found.name().equals(cluster.name()))
                        .isPresent())
                .toList();
    }

    /** What of a cluster is as Git has it. */
    static GitSide of(GitOps gitops, List<Application> applications, Cluster cluster) {
        GitSide side = new GitSide();
        for (Application application : applicationsOf(gitops, applications, cluster)) {
            ApplicationView view = gitops.view(application);
            side.revisions.put(application.name(), view.revision());
            for (ResourceView resource : view.resources()) {
                if (resource.sync().equals("Synced") && resource.step().task().target() != null) {
                    side.synced.put(resource.key(), application.name());
                }
            }
        }
        return side;
    }

    /** Leaves to Git what is as Git has it; drifted objects are kept. */
    SnapshotScope scope() {
        return live -> Optional.ofNullable(synced.get(ObjectRef.of(live).key()));
    }

    /** Application to commit. */
    Map<String, String> revisions() {
        return revisions;
    }

    /** The objects that the Applications bring to an empty cluster, hooks left out; what cannot be planned goes to {@code lost}. */
    static List<JsonObject> wanted(GitOps gitops, List<Application> applications, Consumer<Problem> lost) {
        List<JsonObject> objects = new ArrayList<>();
        for (Application application : applications) {
            Outcome<Plan> plan = gitops.plan(application);
            plan.errors().forEach(lost);
            plan.value().ifPresent(found -> {
                for (PlanStep step : found.steps()) {
                    JsonObject target = step.task().target();
                    if (target != null && step.task().phase() == SyncPhase.SYNC) {
                        objects.add(target);
                    }
                }
            });
        }
        return objects;
    }

    /** An empty cluster that knows the kinds which the newest snapshot defines, to plan in. */
    static FakeCluster planningGround(SnapshotChain chain, Cluster like, InstantSource clock) {
        FakeCluster ground =
                FakeCluster.builder().name(like.name()).server(like.server()).build();
        RestoreRequest definitions = RestoreRequest.of()
                .only(key -> key.kind().equals("CustomResourceDefinition"))
                .force(true)
                .build();
        // Where this fails, the drill says so itself.
        Restorer.from(chain, clock).restore(definitions, ground);
        return ground;
    }
}
