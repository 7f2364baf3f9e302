package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.SyncSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pass over Applications as the controller makes it: compare, then sync where the policy says so. Each cluster is read
 * once a pass; an Application that fails holds no other up.
 */
public final class Reconciler {
    private final GitOps gitops;
    private final Map<String, String> syncedRevisions = new LinkedHashMap<>();

    /** A reconciler over a facade. */
    public Reconciler(GitOps gitops) {
        this.gitops = gitops;
    }

    /** What a pass did with an Application. */
    public enum Act {
        /** Nothing to do. */
        NONE,
        /** A new revision was synced. */
        SYNCED,
        /** Drift was undone. */
        HEALED,
        /** Drift was seen and left, since the policy does not heal. */
        DRIFTED,
        /** It is out of sync and waits for a person. */
        WAITING,
        /** It could not be compared or synced. */
        FAILED
    }

    /**
     * One Application after a pass.
     *
     * @param view as it stood when it was compared
     * @param act what was done
     * @param writes calls that changed the cluster
     * @param message of the operation, {@code ""} where there was none
     */
    public record Reconciled(ApplicationView view, Act act, int writes, String message) {}

    /** Reconciles all, in their order. */
    public List<Reconciled> pass(List<Application> applications) {
        Map<String, Outcome<ResourceIndex>> indexes = new LinkedHashMap<>();
        List<Reconciled> results = new ArrayList<>();
        for (Application application : applications) {
            Outcome<Cluster> cluster = gitops.clusters().find(application.destination());
            String name = cluster.value().map(Cluster::name).orElse("");
            Outcome<ResourceIndex> index = indexes.computeIfAbsent(name, key -> gitops.observe(application));
            Reconciled result = index.ok()
                    ? reconcile(application, index.orThrow())
                    : failed(ApplicationViews.failed(application, index.problems()), index.problems());
            if (result.writes() > 0) {
                indexes.remove(name);
            }
            results.add(result);
        }
        return List.copyOf(results);
    }

    private Reconciled reconcile(Application application, ResourceIndex index) {
        ApplicationView view = gitops.view(application, index);
        if (view.failed()) {
            return failed(view, view.problems());
        }
        String known = lastSynced(application);
        if (view.sync().equals("Synced")) {
            syncedRevisions.put(application.qualifiedName(), view.revision());
            return new Reconciled(view, Act.NONE, 0, "");
        }
        boolean drift = known.equals(view.revision());
        if (!application.syncPolicy().automated()) {
            return new Reconciled(view, drift ? Act.DRIFTED : Act.WAITING, 0, "");
        }
        if (drift && !application.syncPolicy().selfHeal()) {
            return new Reconciled(view, Act.DRIFTED, 0, "");
        }
        SyncOutcome outcome = gitops.sync(application, List.of(), SyncSettings.of(application.syncPolicy()));
        if (!outcome.succeeded()) {
            return new Reconciled(view, Act.FAILED, outcome.writes(), outcome.message());
        }
        syncedRevisions.put(application.qualifiedName(), view.revision());
        return new Reconciled(view, drift ? Act.HEALED : Act.SYNCED, outcome.writes(), outcome.message());
    }

    private String lastSynced(Application application) {
        String remembered = syncedRevisions.get(application.qualifiedName());
        if (remembered != null) {
            return remembered;
        }
        List<HistoryEntry> history = gitops.history(application);
        return history.isEmpty() ? "" : history.get(history.size() - 1).revision();
    }

    private static Reconciled failed(ApplicationView view, List<Problem> problems) {
        return new Reconciled(
                view, Act.FAILED, 0, problems.isEmpty() ? "" : problems.get(0).toString());
    }
}
