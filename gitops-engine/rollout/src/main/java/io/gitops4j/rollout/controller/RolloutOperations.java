package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.UserActions;
import io.gitops4j.spi.Cluster;
import java.util.function.Function;

/**
 * What people do to a Rollout of a cluster, as the smallest patches of its spec and its status. They work under Argo's own
 * controller as well as under ours.
 */
public final class RolloutOperations {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j");

    private final Cluster cluster;

    /** Operations on a cluster. */
    public RolloutOperations(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Applies an edit out of {@link UserActions}. Problems: {@code ROLLOUT_UNKNOWN}, and those of the edit.
     *
     * @return whether anything changed
     */
    public Outcome<Boolean> apply(
            String namespace, String name, Function<RolloutView, Outcome<UserActions.Edit>> operation) {
        RolloutView view = RolloutView.of(cluster, namespace, name).orElse(null);
        if (view == null) {
            return Outcome.failed(Problem.error(
                    "ROLLOUT_UNKNOWN", "rollouts.argoproj.io \"" + name + "\" not found in namespace " + namespace));
        }
        return operation.apply(view).map(edit -> write(view, edit));
    }

    private boolean write(RolloutView view, UserActions.Edit edit) {
        ObjectRef ref = ObjectRef.of(
                ArgoNames.ROLLOUT, view.spec().namespace(), view.spec().name());
        JsonObject spec =
                change(view.spec().rollout().object("spec"), edit.rollout().object("spec"));
        boolean changed = false;
        if (!spec.isEmpty()) {
            cluster.patch(ref, PatchType.MERGE, JsonObject.of("spec", spec), WRITE);
            changed = true;
        }
        JsonObject status = change(RolloutStatusJson.write(view.status()), RolloutStatusJson.write(edit.status()));
        if (!status.isEmpty()) {
            cluster.patch(ref.sub("status"), PatchType.MERGE, JsonObject.of("status", status), WRITE);
            changed = true;
        }
        return changed;
    }

    /** The merge patch from one object to another. */
    private static JsonObject change(JsonObject from, JsonObject to) {
        JsonObject patch = JsonObject.empty();
        for (String key : from.keys()) {
            if (!to.has(key)) {
                patch = patch.with(key, Json.nul());
            }
        }
        for (int i = 0; i < to.size(); i++) {
            String key = to.keyAt(i);
            Json before = from.get(key);
            Json after = to.valueAt(i);
            if (after.equals(before)) {
                continue;
            }
            patch = before instanceof JsonObject a && after instanceof JsonObject b
                    ? patch.with(key, change(a, b))
                    : patch.with(key, after);
        }
        return patch;
    }
}
