package io.gitops4j.rollout.traffic;

import io.gitops4j.rollout.CanaryWeights;
import org.jspecify.annotations.Nullable;

/** The weight of a service. */
final class Weights {
    private Weights() {}

    /** The weight that a service gets, or {@code null} when it is none of the rollout's. */
    static @Nullable Integer of(CanaryWeights weights, String service) {
        if (service.equals(weights.canary().serviceName())) {
            return weights.canary().weight();
        }
        if (service.equals(weights.stable().serviceName())) {
            return weights.stable().weight();
        }
        for (CanaryWeights.Destination other : weights.additional()) {
            if (service.equals(other.serviceName())) {
                return other.weight();
            }
        }
        return null;
    }
}
