package io.gitops4j.rollout;

import io.gitops4j.rollout.bluegreen.BlueGreenReplicas;
import io.gitops4j.rollout.canary.CanaryReplicas;
import io.gitops4j.rollout.spec.BlueGreenStrategy;
import io.gitops4j.rollout.spec.CanaryStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many pods every ReplicaSet shall have, deadlines and history included. Source: Rollouts §2.8, §2.11, §2.13. */
final class ReplicaSets {
    private static final Comparator<Observation.ReplicaSet> NEWEST_FIRST = Comparator.comparingInt(
                    Observation.ReplicaSet::revision)
            .thenComparing(Observation.ReplicaSet::createdAt)
            .thenComparing(Observation.ReplicaSet::name)
            .reversed();

    private ReplicaSets() {}

    /** One scaling write of a canary: stable, then new, then older ones. Whether there was one. */
    static boolean canary(Pass pass, CanaryStrategy canary, CanaryReplicas.@Nullable Split freshWeights) {
        String halt = pass.halted();
        if (!halt.isEmpty()) {
            pass.decide("scaling", halt);
            return false;
        }
        dropDeadlines(pass, !abortDelays(pass, canary));
        if (pass.stableDiffers() && pass.stableRS != null) {
            int wanted = pass.canaryTarget(canary, pass.storedWeights()).stable();
            if (pass.scale(pass.stableRS, wanted)) {
                pass.decide("scaling", "stable to " + wanted);
                return true;
            }
        }
        if (pass.newRS != null) {
            int wanted = canaryCount(pass, canary, freshWeights, pass.newRS);
            if (pass.scale(pass.newRS, wanted)) {
                pass.decide("scaling", "canary to " + wanted);
                return true;
            }
        }
        return canary.routed() ? routedOthers(pass, canary) : basicOthers(pass, canary);
    }

    private static boolean abortDelays(Pass pass, CanaryStrategy canary) {
        return pass.aborted() && canary.routed() && pass.stableDiffers();
    }

    private static int canaryCount(
            Pass pass, CanaryStrategy canary, CanaryReplicas.@Nullable Split weights, Observation.ReplicaSet newRS) {
        int wanted = pass.canaryTarget(canary, weights).canary();
        if (!abortDelays(pass, canary)) {
            return wanted;
        }
        Integer explicit = canary.abortScaleDownDelay();
        if (Integer.valueOf(0).equals(explicit)) {
            return newRS.spec();
        }
        if (canary.dynamicStableScale() && explicit == null) {
            return Math.min(newRS.spec(), wanted);
        }
        boolean stableFull = pass.stableRS != null && pass.stableRS.available() >= pass.spec.replicas();
        if (!stableFull || pass.before.weights().canary().weight() > 0) {
            return newRS.spec();
        }
        return afterAbort(pass, newRS, canary.abortScaleDownDelaySeconds(), newRS.spec());
    }

    /** The count of the new ReplicaSet after an abort: {@code held} until its deadline, then none. */
    private static int afterAbort(Pass pass, Observation.ReplicaSet newRS, int delaySeconds, int held) {
        if (newRS.spec() == 0) {
            return 0;
        }
        Instant deadline = newRS.scaleDownAt();
        if (deadline == null) {
            deadline = pass.stamp.plusSeconds(delaySeconds);
            pass.actions.add(new Action.SetScaleDownDeadline(newRS.hash(), deadline));
        }
        if (pass.now.isAfter(deadline)) {
            return 0;
        }
        pass.wakeAfter(deadline);
        return held;
    }

    private static void dropDeadlines(Pass pass, boolean alsoNew) {
        if (alsoNew && pass.newRS != null && pass.newRS.scaleDownAt() != null) {
            pass.actions.add(new Action.SetScaleDownDeadline(pass.newRS.hash(), null));
        }
        if (pass.stableDiffers() && pass.stableRS != null && pass.stableRS.scaleDownAt() != null) {
            pass.actions.add(new Action.SetScaleDownDeadline(pass.stableRS.hash(), null));
        }
    }

    private static List<Observation.ReplicaSet> scaledUp(Pass pass) {
        List<Observation.ReplicaSet> up = new ArrayList<>();
        for (Observation.ReplicaSet rs : pass.others) {
            if (rs.spec() > 0) {
                up.add(rs);
            }
        }
        up.sort(NEWEST_FIRST);
        return up;
    }

    /** Without a router the pods of older revisions get traffic, so they all go, unhealthy ones first. */
    private static boolean basicOthers(Pass pass, CanaryStrategy canary) {
        boolean scaled = false;
        List<Observation.ReplicaSet> up = scaledUp(pass);
        for (Observation.ReplicaSet rs : up) {
            if (rs.available() < rs.spec()) {
                scaled |= pass.scale(rs, rs.available());
            }
        }
        if (scaled) {
            return true;
        }
        int least = pass.spec.replicas() - canary.budget(pass.spec.replicas()).unavailable();
        int removable = pass.sum(Observation.ReplicaSet::available) - least;
        for (Observation.ReplicaSet rs : up) {
            if (removable <= 0) {
                break;
            }
            int wanted = Math.max(0, rs.spec() - removable);
            removable -= rs.spec() - wanted;
            scaled |= pass.scale(rs, wanted);
        }
        return scaled;
    }

    private static boolean routedOthers(Pass pass, CanaryStrategy canary) {
        boolean scaled = false;
        int waiting = 0;
        for (Observation.ReplicaSet rs : scaledUp(pass)) {
            if (referenced(pass, rs, canary)) {
                pass.decide("scale down of " + rs.name(), "still referenced");
                continue;
            }
            int wanted = 0;
            if (pass.before.fullyPromoted() || rs.scaleDownAt() != null) {
                boolean room =
                        canary.scaleDownDelayRevisionLimit() == null || waiting < canary.scaleDownDelayRevisionLimit();
                waiting++;
                wanted = room ? delayed(pass, rs, canary.scaleDownDelaySeconds()) : 0;
            }
            scaled |= wanted != rs.spec() && pass.scale(rs, wanted);
        }
        return scaled;
    }

    private static boolean referenced(Pass pass, Observation.ReplicaSet rs, CanaryStrategy canary) {
        CanaryWeights weights = pass.before.weights();
        boolean weighted = (weights.canary().weight() > 0
                        && rs.hash().equals(weights.canary().podTemplateHash()))
                || (weights.stable().weight() > 0
                        && rs.hash().equals(weights.stable().podTemplateHash()));
        return weighted
                || rs.hash().equals(pass.seen.serviceHash(canary.canaryService()))
                || rs.hash().equals(pass.seen.serviceHash(canary.stableService()));
    }

    /** The count of an old ReplicaSet that may wait: all pods until its deadline, then none. */
    private static int delayed(Pass pass, Observation.ReplicaSet rs, int delaySeconds) {
        Instant deadline = rs.scaleDownAt();
        if (deadline == null) {
            if (delaySeconds <= 0) {
                return 0;
            }
            deadline = pass.stamp.plusSeconds(delaySeconds);
            pass.actions.add(new Action.SetScaleDownDeadline(rs.hash(), deadline));
            pass.wakeAfter(deadline);
            return rs.spec();
        }
        if (pass.now.isAfter(deadline)) {
            return 0;
        }
        pass.wakeAfter(deadline);
        return pass.spec.replicas();
    }

    /** All scaling writes of a blue-green pass. */
    static void blueGreen(Pass pass, BlueGreenStrategy strategy, boolean fastTracked) {
        String halt = pass.halted();
        if (pass.stableDiffers() && pass.stableRS != null && !pass.spec.paused()) {
            if (pass.stableRS.scaleDownAt() != null) {
                pass.actions.add(new Action.SetScaleDownDeadline(pass.stableRS.hash(), null));
            }
            pass.scale(pass.stableRS, pass.spec.replicas());
        }
        if (pass.spec.paused()) {
            pass.decide("scaling", halt);
            return;
        }
        if (pass.newRS != null) {
            newOfBlueGreen(pass, strategy, fastTracked, pass.newRS);
        }
        if (halt.isEmpty()) {
            othersOfBlueGreen(pass, strategy);
        }
    }

    private static void newOfBlueGreen(
            Pass pass, BlueGreenStrategy strategy, boolean fastTracked, Observation.ReplicaSet newRS) {
        boolean active = pass.before.activeSelector().equals(newRS.hash());
        boolean aborted = pass.aborted() && pass.stableDiffers();
        if (newRS.scaleDownAt() != null && !aborted && (active || !fastTracked)) {
            pass.actions.add(new Action.SetScaleDownDeadline(newRS.hash(), null));
        }
        int wanted = fastTracked && newRS.scaleDownAt() != null
                ? pass.spec.replicas()
                : BlueGreenReplicas.ofNew(
                        pass.spec.replicas(),
                        strategy.previewReplicaCount(),
                        newRS.hash(),
                        pass.before.activeSelector(),
                        pass.before.currentPodHash(),
                        pass.before.scaleUpPreviewCheckPoint(),
                        pass.before.promoteFull(),
                        !pass.before.pauseConditions().isEmpty());
        if (aborted) {
            int delay = strategy.abortScaleDownDelaySeconds();
            boolean stays = delay == 0 || active;
            wanted = stays ? wanted : afterAbort(pass, newRS, delay, wanted);
        }
        pass.scale(newRS, wanted);
    }

    private static void othersOfBlueGreen(Pass pass, BlueGreenStrategy strategy) {
        boolean held = strategy.postPromotionAnalysis() != null
                && !strategy.scaleDownDelayExplicit()
                && pass.before.postPromotionRun().exists()
                && !pass.before.postPromotionRun().in(io.gitops4j.rollout.analysis.AnalysisPhase.SUCCESSFUL)
                && !pass.before.fullyPromoted();
        if (held) {
            return;
        }
        int waiting = 0;
        for (Observation.ReplicaSet rs : scaledUp(pass)) {
            if (rs.hash().equals(pass.before.activeSelector()) || rs.hash().equals(pass.before.stableRS())) {
                continue;
            }
            Integer limit = strategy.scaleDownDelayRevisionLimit();
            boolean room = limit == null || waiting < limit;
            waiting++;
            int wanted = room ? delayed(pass, rs, strategy.scaleDownDelaySeconds()) : 0;
            if (wanted != rs.spec()) {
                pass.scale(rs, wanted);
            }
        }
    }

    /** Deletes the oldest ReplicaSets without pods beyond the history limit. */
    static void history(Pass pass) {
        List<Observation.ReplicaSet> idle = new ArrayList<>();
        for (Observation.ReplicaSet rs : pass.others) {
            if (rs.spec() == 0 && rs.pods().created() == 0 && rs.scaleDownAt() == null) {
                idle.add(rs);
            }
        }
        idle.sort(NEWEST_FIRST);
        for (int i = idle.size() - 1; i >= pass.spec.revisionHistoryLimit(); i--) {
            pass.actions.add(new Action.DeleteReplicaSet(idle.get(i).hash()));
        }
    }

    /** Evicts pods older than {@code restartAt} within the budget; stable first, then new, then older. */
    static void restart(Pass pass, int maxUnavailable) {
        Instant at = pass.spec.restartAt();
        if (at == null || at.equals(pass.before.restartedAt())) {
            return;
        }
        if (pass.now.isBefore(at)) {
            pass.wake(at);
            return;
        }
        int total = Math.max(pass.spec.replicas(), pass.sum(rs -> rs.pods().created()));
        int budget = pass.sum(Observation.ReplicaSet::available) - (total - Math.max(maxUnavailable, 1));
        boolean left = false;
        List<String> order = new ArrayList<>();
        order.add(pass.before.stableRS());
        order.add(pass.newHash);
        pass.others.forEach(rs -> order.add(rs.hash()));
        List<String> done = new ArrayList<>();
        for (String hash : order) {
            for (Observation.StalePods stale : pass.seen.extras().stalePods()) {
                if (!stale.hash().equals(hash) || stale.count() == 0 || done.contains(hash)) {
                    continue;
                }
                done.add(hash);
                left = true;
                int evict = Math.min(stale.count(), budget);
                if (evict > 0) {
                    budget -= evict;
                    pass.actions.add(new Action.EvictPods(hash, evict, at));
                }
            }
        }
        if (left) {
            pass.decide("restart", "pods older than " + at + " are left");
            pass.wake(pass.now.plusSeconds(30));
        } else {
            pass.next.restartedAt(at);
        }
    }
}
