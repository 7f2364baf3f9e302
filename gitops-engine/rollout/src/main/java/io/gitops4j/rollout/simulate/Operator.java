package io.gitops4j.rollout.simulate;

import io.gitops4j.json.Json;
import io.gitops4j.rollout.UserActions;

/** A person's hands on a simulated rollout. */
public final class Operator {
    private final SimulatedCluster cluster;

    Operator(SimulatedCluster cluster) {
        this.cluster = cluster;
    }

    private void apply(UserActions.Edit edit) {
        cluster.edit(rollout -> edit.rollout());
        cluster.editStatus(status -> edit.status());
    }

    /** Ends the pause or skips the step. */
    public void promote() {
        apply(UserActions.promote(cluster.spec(), cluster.status()));
    }

    /** Skips everything that is left. */
    public void promoteFull() {
        apply(UserActions.promoteFull(cluster.spec(), cluster.status()));
    }

    /** Gives the update up. */
    public void abort() {
        apply(UserActions.abort(cluster.spec(), cluster.status()));
    }

    /** Starts an aborted update again. */
    public void retry() {
        apply(UserActions.retry(cluster.spec(), cluster.status()));
    }

    /** Halts everything. */
    public void pause() {
        apply(UserActions.pause(cluster.spec(), cluster.status()));
    }

    /** Skips the current step. */
    public void skip() {
        apply(UserActions.skipCurrentStep(cluster.spec(), cluster.status()));
    }

    /** Restarts all pods. */
    public void restart() {
        apply(UserActions.restart(cluster.spec(), cluster.status(), cluster.now()));
    }

    /** Goes back to the revision before. */
    public void undo() {
        apply(UserActions.undo(cluster.spec(), cluster.status(), cluster.replicaSets(), 0)
                .orThrow());
    }

    /** Goes back to a revision. */
    public void undo(int revision) {
        apply(UserActions.undo(cluster.spec(), cluster.status(), cluster.replicaSets(), revision)
                .orThrow());
    }

    /** Gives all containers of this name another image; {@code *} means all. */
    public void setImage(String container, String image) {
        apply(UserActions.setImage(cluster.spec(), cluster.status(), container, image)
                .orThrow());
    }

    /** Changes the number of replicas. */
    public void scale(int replicas) {
        cluster.edit(rollout -> rollout.with("spec", rollout.object("spec").with("replicas", Json.of(replicas))));
    }

    /** Opens a gate. */
    public void openGate(String name) {
        cluster.openGate(name);
    }
}
