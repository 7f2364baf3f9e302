package io.gitops4j.rollout.canary;

import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.ReplicaProgressThreshold;
import org.jspecify.annotations.Nullable;

/**
 * Which weight the steps ask for, and which counts follow from it with a traffic router.
 *
 * <p>Source: Rollouts §2.7 (effective weight), §2.8, §2.10.
 */
public final class CanaryWeight {
    private CanaryWeight() {}

    /**
     * Where a canary stands.
     *
     * @param index current step, {@code null} when there are no steps
     * @param aborted whether the update is aborted
     * @param promoteFull whether the steps are to be skipped
     * @param settled whether there is no update under way: no stable revision yet, or the current one is stable
     */
    public record Position(@Nullable Integer index, boolean aborted, boolean promoteFull, boolean settled) {}

    /**
     * The canary's size as the steps ask for it.
     *
     * @param replicas explicit pods, {@code null} for "by weight"
     * @param weight weight out of the maximum
     */
    public record ReplicasOrWeight(@Nullable Integer replicas, int weight) {}

    /** The weight of the last {@code setWeight} at or before the current step; 0 before the first and while aborted. */
    public static int currentSetWeight(CanaryStrategy canary, @Nullable Integer index, boolean aborted) {
        if (aborted) {
            return 0;
        }
        if (index == null || index >= canary.steps().size()) {
            return canary.maxTrafficWeight();
        }
        return weightUpTo(canary, index);
    }

    /** The weight of the last {@code setWeight} before {@code index}, or 0. */
    public static int weightBefore(CanaryStrategy canary, int index) {
        return weightUpTo(canary, index - 1);
    }

    private static int weightUpTo(CanaryStrategy canary, int index) {
        for (int i = Math.min(index, canary.steps().size() - 1); i >= 0; i--) {
            Integer weight = canary.steps().get(i).setWeight();
            if (weight != null) {
                return weight;
            }
        }
        return 0;
    }

    /** The effective weight without an explicit canary scale. */
    public static int effective(CanaryStrategy canary, Position position) {
        if (position.promoteFull() || position.settled()) {
            return canary.maxTrafficWeight();
        }
        return currentSetWeight(canary, position.index(), position.aborted());
    }

    /** The explicit replicas or the weight in force, {@code setCanaryScale} included. */
    public static ReplicasOrWeight replicasOrWeight(CanaryStrategy canary, Position position) {
        if (position.promoteFull() || position.settled()) {
            return new ReplicasOrWeight(null, canary.maxTrafficWeight());
        }
        CanaryStep.CanaryScale scale = scaleInForce(canary, position);
        if (scale != null && !scale.matchTrafficWeight()) {
            if (scale.replicas() != null) {
                return new ReplicasOrWeight(scale.replicas(), 0);
            }
            if (scale.weight() != null) {
                return new ReplicasOrWeight(null, scale.weight());
            }
        }
        return new ReplicasOrWeight(null, currentSetWeight(canary, position.index(), position.aborted()));
    }

    private static CanaryStep.@Nullable CanaryScale scaleInForce(CanaryStrategy canary, Position position) {
        boolean kept = !position.aborted() || Integer.valueOf(0).equals(canary.abortScaleDownDelay());
        Integer index = position.index();
        if (!canary.routed()
                || !kept
                || index == null
                || index >= canary.steps().size()) {
            return null;
        }
        for (int i = index; i >= 0; i--) {
            CanaryStep.CanaryScale scale = canary.steps().get(i).setCanaryScale();
            if (scale != null) {
                return scale;
            }
        }
        return null;
    }

    /**
     * The counts with a traffic router.
     *
     * @param weights canary and stable weight that count for this pass, {@code null} when none were ever set
     * @param canaryPods the new ReplicaSet, {@code null} when it does not exist
     * @param stablePods the stable ReplicaSet, {@code null} when it does not exist
     */
    public static CanaryReplicas.Split routed(
            CanaryStrategy canary,
            int replicas,
            Position position,
            CanaryReplicas.@Nullable Split weights,
            CanaryReplicas.@Nullable Pods canaryPods,
            CanaryReplicas.@Nullable Pods stablePods) {
        int max = canary.maxTrafficWeight();
        ReplicasOrWeight wanted = replicasOrWeight(canary, position);
        boolean dynamic = canary.dynamicStableScale();
        int weight = wanted.weight();
        if (dynamic && position.aborted() && !position.settled() && !position.promoteFull()) {
            weight = wanted.replicas() == null && canaryPods != null && stablePods != null
                    ? stepDown(canary, replicas, canaryPods, stablePods)
                    : weight;
        }
        int newCount = wanted.replicas() != null ? wanted.replicas() : CanaryReplicas.ofWeight(weight, replicas, max);
        if (wanted.replicas() == null || dynamic) {
            newCount = lifted(newCount, canary.minPodsPerReplicaSet(), replicas);
        }
        if (!dynamic) {
            return new CanaryReplicas.Split(newCount, replicas);
        }
        int stableWeight = Math.max(0, max - Math.min(max, weight));
        int stableCount =
                lifted(CanaryReplicas.ofWeight(stableWeight, replicas, max), canary.minPodsPerReplicaSet(), replicas);
        if (weights != null) {
            stableCount = Math.max(stableCount, CanaryReplicas.ofWeight(weights.stable(), replicas, max));
            if (position.aborted()) {
                newCount = Math.max(newCount, CanaryReplicas.ofWeight(weights.canary(), replicas, max));
            }
        }
        return new CanaryReplicas.Split(newCount, stableCount);
    }

    private static int lifted(int count, @Nullable Integer minPods, int replicas) {
        return minPods == null || count == 0 ? count : Math.max(count, Math.min(minPods, replicas));
    }

    /**
     * The weight to step down to while aborted with a dynamic stable scale: the last {@code setWeight} that needs fewer pods
     * than stable still lacks (or than the canary has), 0 when there is none.
     */
    public static int stepDown(
            CanaryStrategy canary, int replicas, CanaryReplicas.Pods canaryPods, CanaryReplicas.Pods stablePods) {
        Integer delay = canary.abortScaleDownDelay();
        int lacking = replicas - stablePods.available();
        int held = delay != null && delay != 0 ? lacking : Math.max(lacking, canaryPods.available());
        for (int i = canary.steps().size() - 1; i >= 0; i--) {
            Integer weight = canary.steps().get(i).setWeight();
            if (weight != null && CanaryReplicas.ofWeight(weight, replicas, canary.maxTrafficWeight()) < held) {
                return weight;
            }
        }
        return 0;
    }

    /**
     * The traffic weight while aborted with a dynamic stable scale: {@link #stepDown} held back until stable can carry the
     * rest.
     *
     * @param stored the canary weight set last, {@code null} when none was
     */
    public static int onAbort(
            CanaryStrategy canary,
            int replicas,
            @Nullable Integer stored,
            CanaryReplicas.Pods canaryPods,
            CanaryReplicas.Pods stablePods) {
        int max = canary.maxTrafficWeight();
        if (replicas == 0) {
            return 0;
        }
        int down = stepDown(canary, replicas, canaryPods, stablePods);
        int uncovered = Math.max(0, max - (int) ((long) max * stablePods.available() / replicas));
        if (stored == null) {
            return Math.max(uncovered, down);
        }
        if (down <= 0) {
            return Math.min(uncovered, stored);
        }
        boolean carries = stablePods.available() >= CanaryReplicas.ofWeight(max - down, replicas, max);
        return carries ? Math.min(down, stored) : stored;
    }

    /** Whether enough pods are available to carry {@code weight}: the share of the replicas, rounded down. */
    public static boolean carries(CanaryStrategy canary, int replicas, int weight, CanaryReplicas.Pods pods) {
        int needed = (int) ((long) weight * replicas / canary.maxTrafficWeight());
        return pods.available() >= needed
                || (canary.threshold() != null
                        && ReplicaProgressThreshold.reached(
                                canary.threshold(), true, pods.spec(), pods.available(), needed));
    }

    /**
     * Whether a {@code setWeight} or {@code setCanaryScale} step has got its pods.
     *
     * @param target counts to be reached
     * @param stableCreated pods of stable that exist, ready or not
     * @param olderAvailable available pods of all other revisions
     */
    public static boolean atDesired(
            CanaryStrategy canary,
            CanaryReplicas.Split target,
            CanaryReplicas.@Nullable Pods canaryPods,
            CanaryReplicas.@Nullable Pods stablePods,
            int stableCreated,
            int olderAvailable) {
        boolean newReached = ReplicaProgressThreshold.reached(
                canary.threshold(),
                canaryPods != null,
                canaryPods == null ? 0 : canaryPods.spec(),
                canaryPods == null ? 0 : canaryPods.available(),
                target.canary());
        if (!newReached) {
            return false;
        }
        boolean stableCounts = !canary.routed() || canary.dynamicStableScale();
        if (stableCounts
                && stablePods != null
                && (stablePods.spec() != target.stable() || stableCreated != target.stable())) {
            return false;
        }
        return canary.routed() || olderAvailable == 0;
    }

    /** Whether the new ReplicaSet has enough pods to become stable. */
    public static boolean fullyAvailable(
            @Nullable ReplicaProgressThreshold threshold, CanaryReplicas.@Nullable Pods pods, int replicas) {
        return pods != null
                && (pods.available() >= replicas
                        || ReplicaProgressThreshold.reached(threshold, true, pods.spec(), pods.available(), replicas));
    }
}
