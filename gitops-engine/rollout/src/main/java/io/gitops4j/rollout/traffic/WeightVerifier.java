package io.gitops4j.rollout.traffic;

import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.RolloutSpec;
import org.jspecify.annotations.Nullable;

/**
 * Asks a load balancer itself whether it shares the traffic as it was told, where the cluster does not say: AWS for the target
 * groups of a listener, for one. Asked before each step of a routed canary; it may throw nothing.
 */
@FunctionalInterface
public interface WeightVerifier {

    /** Whether the traffic flows by these weights; {@code null} when this Rollout is none of its business. */
    @Nullable
    Boolean verified(RolloutSpec spec, CanaryWeights weights);
}
