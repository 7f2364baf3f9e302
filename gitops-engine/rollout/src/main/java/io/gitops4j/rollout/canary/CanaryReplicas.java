package io.gitops4j.rollout.canary;

import io.gitops4j.rollout.spec.IntOrPercent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many pods canary and stable shall have. All arithmetic is in whole numbers, 64 bit.
 *
 * <p>Source: Rollouts §2.7 (without traffic router), §2.8 (with one).
 */
public final class CanaryReplicas {
    private CanaryReplicas() {}

    /**
     * Pods of one ReplicaSet.
     *
     * @param spec replicas asked of it
     * @param available replicas that are available
     */
    public record Pods(int spec, int available) {}

    /**
     * A pair of counts.
     *
     * @param canary pods of the new ReplicaSet
     * @param stable pods of the stable one
     */
    public record Split(int canary, int stable) {}

    /**
     * What may be above and below the wanted count.
     *
     * @param surge pods above it
     * @param unavailable pods below it
     */
    public record Fenceposts(int surge, int unavailable) {}

    /**
     * The resolved budget before it is capped: surge rounds up, unavailable rounds down, and when both are zero one pod may
     * be unavailable, so that an update can move at all.
     */
    public static Fenceposts fenceposts(
            @Nullable IntOrPercent maxSurge, @Nullable IntOrPercent maxUnavailable, int replicas) {
        int surge = maxSurge == null ? 0 : maxSurge.roundedUp(replicas);
        int unavailable = maxUnavailable == null ? 0 : maxUnavailable.roundedDown(replicas);
        return new Fenceposts(surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
    }

    /** The budget of a rollout: {@link #fenceposts} with {@code unavailable} capped at the replicas. */
    public static Fenceposts budget(
            @Nullable IntOrPercent maxSurge, @Nullable IntOrPercent maxUnavailable, int replicas) {
        Fenceposts raw = fenceposts(maxSurge, maxUnavailable, replicas);
        return new Fenceposts(raw.surge(), Math.min(raw.unavailable(), replicas));
    }

    /** The pods that carry {@code weight} of {@code maxWeight}, rounded up. */
    public static int ofWeight(int weight, int replicas, int maxWeight) {
        return (int) -Math.floorDiv(-(long) weight * replicas, (long) maxWeight);
    }

    /**
     * The split whose share of canary pods is closest to the weight. With a surge of at least one a total of one more than
     * the replicas is allowed too. A weight between nothing and everything keeps a pod on both sides where there is more
     * than one pod.
     */
    public static Split closest(int replicas, int weight, int maxWeight, int surge) {
        if (replicas == 0) {
            return new Split(0, 0);
        }
        long product = (long) replicas * weight;
        int ceil = (int) -Math.floorDiv(-product, (long) maxWeight);
        int floor = (int) (product / maxWeight);
        boolean zeroAllowed = weight == 0 || weight == maxWeight || (replicas == 1 && surge == 0);
        Choice choice = new Choice(weight, maxWeight);
        if (ceil < replicas || zeroAllowed) {
            choice.offer(ceil, replicas);
        }
        if (!halfway(replicas, weight, maxWeight) && (floor > 0 || zeroAllowed)) {
            choice.offer(floor, replicas);
        }
        if (surge > 0) {
            choice.offer(ceil, replicas + 1);
            if (!halfway(replicas + 1, weight, maxWeight) && (floor > 0 || zeroAllowed)) {
                choice.offer(floor, replicas + 1);
            }
        }
        if (choice.total == 0) {
            // an exact half just below the top, without surge: the one split that keeps a pod on both sides
            choice.offer(floor, replicas);
        }
        return new Split(choice.canary, choice.total - choice.canary);
    }

    private static boolean halfway(long replicas, int weight, int maxWeight) {
        return 2 * (replicas * weight % maxWeight) == maxWeight;
    }

    /** The best split offered so far: the first of those closest to the weight, compared as exact fractions. */
    private static final class Choice {
        private final long weight;
        private final long maxWeight;
        private int canary;
        private int total;
        private double distance;

        Choice(int weight, int maxWeight) {
            this.weight = weight;
            this.maxWeight = maxWeight;
        }

        void offer(int newCanary, int newTotal) {
            double newDistance = Math.abs((double) newCanary * maxWeight / newTotal - weight);
            if (total == 0 || newDistance < distance) {
                canary = newCanary;
                total = newTotal;
                distance = newDistance;
            }
        }
    }

    /**
     * The counts to write next without a traffic router. Nobody is scaled beyond {@code replicas + surge} in total and no
     * available pod is taken below {@code replicas - unavailable}.
     *
     * @param weight the effective weight (see {@link CanaryWeight})
     * @param canary the new ReplicaSet, {@code null} when it does not exist
     * @param stable the stable ReplicaSet, {@code null} when there is none other than the new one
     * @param older all others
     */
    public static Split basic(
            int replicas,
            int weight,
            int maxWeight,
            Fenceposts budget,
            @Nullable Pods canary,
            @Nullable Pods stable,
            List<Pods> older) {
        if (stable == null) {
            return new Split(replicas, 0);
        }
        Split target = closest(replicas, weight, maxWeight, budget.surge());
        int canarySpec = canary == null ? 0 : canary.spec();
        int canaryAvailable = canary == null ? 0 : canary.available();
        int olderSpec = 0;
        for (Pods pods : older) {
            olderSpec += pods.spec();
        }
        int room = replicas + budget.surge() - canarySpec - stable.spec() - olderSpec;
        int stableNext = stable.spec();
        int canaryNext = canarySpec;
        if (target.stable() > stableNext && room > 0) {
            int grown = Math.min(room, target.stable() - stableNext);
            stableNext += grown;
            room -= grown;
        }
        if (target.canary() > canaryNext && room > 0) {
            canaryNext += Math.min(room, target.canary() - canaryNext);
        }
        if (olderSpec > 0) {
            return new Split(canaryNext, stableNext);
        }
        int least = replicas - budget.unavailable();
        boolean growing = canary == null || target.canary() >= canary.spec();
        int removable = removable(canary, !growing) + removable(stable, growing);
        if (removable <= least) {
            return new Split(canaryNext, stableNext);
        }
        int most = replicas + budget.surge();
        if (growing) {
            int[] pair = shrink(
                    stableNext,
                    stable.spec(),
                    stable.available(),
                    target.stable(),
                    canaryNext,
                    canaryAvailable,
                    removable - least,
                    least,
                    most);
            return new Split(pair[1], pair[0]);
        }
        int[] pair = shrink(
                canaryNext,
                canarySpec,
                canaryAvailable,
                target.canary(),
                stableNext,
                stable.available(),
                removable - least,
                least,
                most);
        return new Split(pair[0], pair[1]);
    }

    /** Drains one side by at most {@code excess}, then holds both sides within the surge and availability limits. */
    private static int[] shrink(
            int drainNext,
            int drainSpec,
            int drainAvailable,
            int drainTarget,
            int otherNext,
            int otherAvailable,
            int excess,
            int least,
            int most) {
        int drained = drainNext > drainTarget ? Math.max(drainTarget, drainSpec - excess) : drainNext;
        int other = otherNext - Math.max(0, otherNext + drained - most);
        int available = Math.min(drainAvailable, drained) + Math.min(otherAvailable, other);
        other += Math.min(Math.max(0, otherAvailable - other), Math.max(0, least - available));
        drained -= Math.max(0, other + drained - most);
        return new int[] {drained, other};
    }

    /** The pods of a ReplicaSet that count when it is decided how many may be taken away. */
    public static int removable(@Nullable Pods pods, boolean ignoreAvailability) {
        if (pods == null) {
            return 0;
        }
        return pods.spec() < pods.available() || ignoreAvailability ? pods.spec() : pods.available();
    }
}
