package io.gitops4j.rollout;

import io.gitops4j.rollout.canary.CanaryReplicas;
import io.gitops4j.rollout.canary.CanaryWeight;
import io.gitops4j.rollout.canary.RollbackWindow;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one step works with: its inputs, who is who among the ReplicaSets, and what it has decided so far. */
final class Pass {
    final RolloutSpec spec;
    final RolloutStatus before;
    final RolloutStatus.Builder next;
    final Observation seen;
    final Instant now;

    /** {@code now} in whole seconds, as the status keeps times. */
    final Instant stamp;

    final List<Action> actions = new ArrayList<>();
    final List<Transition.Decision> trace = new ArrayList<>();

    @Nullable
    Instant wakeAt;

    /** All ReplicaSets but those of experiments. */
    final List<Observation.ReplicaSet> all = new ArrayList<>();

    final List<Observation.ReplicaSet> others = new ArrayList<>();
    final String newHash;
    final Observation.@Nullable ReplicaSet newRS;
    final Observation.@Nullable ReplicaSet stableRS;
    int revision;

    private final List<String> addedPauses = new ArrayList<>();
    private final List<String> removedPauses = new ArrayList<>();
    private boolean clearPauses;
    private boolean abort;
    private boolean abortDropped;
    String abortMessage = "";

    Pass(RolloutSpec spec, RolloutStatus before, Observation seen, Instant now) {
        this.spec = spec;
        this.before = before;
        this.next = before.toBuilder();
        this.seen = seen;
        this.now = now;
        this.stamp = now.truncatedTo(ChronoUnit.SECONDS);
        for (Observation.ReplicaSet rs : seen.replicaSets()) {
            if (!rs.experiment()) {
                all.add(rs);
            }
        }
        int collisions = before.collisionCount();
        String hash = collisions == 0 ? spec.templateHash() : TemplateIdentity.hash(spec.template(), collisions);
        Observation.ReplicaSet found = findNew(hash);
        while (found == null && taken(hash)) {
            collisions++;
            hash = TemplateIdentity.hash(spec.template(), collisions);
        }
        next.collisionCount(collisions);
        this.newRS = found;
        this.newHash = found == null ? hash : found.hash();
        this.stableRS = byHash(before.stableRS());
        for (Observation.ReplicaSet rs : all) {
            if (rs != newRS && rs != stableRS) {
                others.add(rs);
            }
        }
        this.abort = false;
    }

    private Observation.@Nullable ReplicaSet findNew(String hash) {
        Observation.ReplicaSet named = byHash(hash);
        boolean accepted = hash.equals(before.currentPodHash());
        if (named != null
                && (accepted
                        || named.template().isEmpty()
                        || TemplateIdentity.same(named.template(), spec.template()))) {
            return named;
        }
        for (Observation.ReplicaSet rs : all) {
            if (!rs.template().isEmpty() && TemplateIdentity.same(rs.template(), spec.template())) {
                return rs;
            }
        }
        return null;
    }

    private boolean taken(String hash) {
        return byHash(hash) != null;
    }

    Observation.@Nullable ReplicaSet byHash(String hash) {
        if (hash.isEmpty()) {
            return null;
        }
        for (Observation.ReplicaSet rs : all) {
            if (rs.hash().equals(hash)) {
                return rs;
            }
        }
        return null;
    }

    String newName() {
        return newRS == null ? spec.name() + "-" + newHash : newRS.name();
    }

    /** Whether there is a stable ReplicaSet other than the new one. */
    boolean stableDiffers() {
        return stableRS != null && stableRS != newRS;
    }

    void decide(String predicate, @Nullable Object value) {
        trace.add(new Transition.Decision(predicate, String.valueOf(value)));
    }

    void event(String reason, String message) {
        actions.add(new Action.Emit(reason, message));
    }

    void wake(@Nullable Instant at) {
        if (at != null && at.isAfter(now) && (wakeAt == null || at.isBefore(wakeAt))) {
            wakeAt = at;
        }
    }

    /** Wakes up just after a moment that has to have passed. */
    void wakeAfter(Instant deadline) {
        wake(deadline.plusMillis(1));
    }

    boolean aborted() {
        return abort || (before.abort() && !abortDropped);
    }

    void abort(String message) {
        abort = true;
        abortDropped = false;
        abortMessage = message;
    }

    void dropAbort() {
        abortDropped = true;
        abort = false;
    }

    void pause(String reason) {
        addedPauses.add(reason);
    }

    void unpause(String reason) {
        removedPauses.add(reason);
    }

    void clearPauses() {
        clearPauses = true;
    }

    boolean addsPause() {
        return !addedPauses.isEmpty();
    }

    /** Writes abort and pauses into the next status. */
    void settlePauses() {
        next.controllerPause(false).pauseConditions(List.of());
        if (aborted()) {
            Instant since = before.abortedAt();
            next.abort(true).abortedAt(since == null ? stamp : since);
            return;
        }
        next.abort(false).abortedAt(null);
        if (clearPauses) {
            return;
        }
        List<PauseCondition> pauses = new ArrayList<>();
        for (PauseCondition pause : before.pauseConditions()) {
            if (!removedPauses.contains(pause.reason())) {
                pauses.add(pause);
            }
        }
        boolean paused = before.controllerPause();
        for (String reason : addedPauses) {
            if (pauses.stream().noneMatch(p -> p.reason().equals(reason))) {
                pauses.add(new PauseCondition(reason, stamp));
                paused = true;
            }
        }
        if (!pauses.isEmpty()) {
            next.controllerPause(paused).pauseConditions(pauses);
        }
    }

    /** Whether the update is back to a revision near enough to skip everything. */
    boolean inRollbackWindow() {
        if (spec.rollbackWindowRevisions() == null || newRS == null || stableRS == null) {
            return false;
        }
        List<RollbackWindow.Revision> revisions = new ArrayList<>();
        RollbackWindow.Revision wanted = null;
        RollbackWindow.Revision stable = null;
        for (Observation.ReplicaSet rs : seen.replicaSets()) {
            RollbackWindow.Revision r = new RollbackWindow.Revision(rs.name(), rs.createdAt(), rs.experiment());
            revisions.add(r);
            wanted = rs == newRS ? r : wanted;
            stable = rs == stableRS ? r : stable;
        }
        return RollbackWindow.contains(spec.rollbackWindowRevisions(), wanted, stable, revisions);
    }

    /** Whether the new template was already known when the stable one was created. */
    boolean isRollback() {
        return newRS != null && stableRS != null && newRS.createdAt().isBefore(stableRS.createdAt());
    }

    /** Why nothing may be scaled or switched, {@code ""} when it may. */
    String halted() {
        if (spec.paused()) {
            return "paused by a person";
        }
        return before.pausedBy(PauseCondition.INCONCLUSIVE_ANALYSIS) ? "inconclusive analysis" : "";
    }

    CanaryWeight.Position position() {
        boolean settled = stableRS == null || before.stableRS().equals(newHash);
        return new CanaryWeight.Position(before.currentStepIndex(), aborted(), before.promoteFull(), settled);
    }

    static CanaryReplicas.@Nullable Pods pods(Observation.@Nullable ReplicaSet rs) {
        return rs == null ? null : new CanaryReplicas.Pods(rs.spec(), rs.available());
    }

    CanaryReplicas.@Nullable Split storedWeights() {
        CanaryWeights weights = before.weights();
        return weights.set()
                ? new CanaryReplicas.Split(
                        weights.canary().weight(), weights.stable().weight())
                : null;
    }

    /** The counts that canary and stable shall have. */
    CanaryReplicas.Split canaryTarget(CanaryStrategy canary, CanaryReplicas.@Nullable Split weights) {
        if (canary.routed()) {
            return CanaryWeight.routed(canary, spec.replicas(), position(), weights, pods(newRS), pods(stableRS));
        }
        List<CanaryReplicas.Pods> older = new ArrayList<>();
        for (Observation.ReplicaSet rs : others) {
            older.add(new CanaryReplicas.Pods(rs.spec(), rs.available()));
        }
        return CanaryReplicas.basic(
                spec.replicas(),
                CanaryWeight.effective(canary, position()),
                canary.maxTrafficWeight(),
                canary.budget(spec.replicas()),
                pods(newRS),
                stableDiffers() ? pods(stableRS) : null,
                older);
    }

    /** Scales a ReplicaSet or brings its note of the rollout's replicas up to date; whether there was anything to do. */
    boolean scale(Observation.ReplicaSet rs, int to) {
        boolean noted = Integer.valueOf(spec.replicas()).equals(rs.desired());
        if (rs.spec() == to && noted) {
            return false;
        }
        actions.add(new Action.ScaleReplicaSet(rs.hash(), rs.spec(), to, spec.replicas()));
        if (rs.spec() != to) {
            event(
                    "ScalingReplicaSet",
                    "Scaled " + (to > rs.spec() ? "up" : "down") + " ReplicaSet " + rs.name() + " (revision "
                            + rs.revision() + ") from " + rs.spec() + " to " + to);
            return true;
        }
        return false;
    }

    int sum(java.util.function.ToIntFunction<Observation.ReplicaSet> of) {
        int total = 0;
        for (Observation.ReplicaSet rs : all) {
            total += of.applyAsInt(rs);
        }
        return total;
    }

    /** The transition out of what was decided. */
    Transition finish() {
        RolloutStatus built = next.build();
        return new Transition(built.equals(before) ? before : built, actions, wakeAt, trace);
    }
}
