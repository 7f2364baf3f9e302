package io.gitops4j.rollout.controller;

import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.traffic.TrafficRouter;
import io.gitops4j.rollout.traffic.WeightVerifier;
import io.gitops4j.spi.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routers that a controller knows besides the usual ones, and who can tell whether weights hold.
 *
 * @param added further routers
 * @param verifiers asked after the routers
 */
record Routers(List<TrafficRouter> added, List<WeightVerifier> verifiers) {
    static final Routers USUAL = new Routers(List.of(), List.of());

    Routers {
        added = List.copyOf(added);
        verifiers = List.copyOf(verifiers);
    }

    List<TrafficRouter> of(RolloutSpec spec) {
        return TrafficRouter.of(spec, added);
    }

    /** Whether all who can tell say that the weights of the status hold; {@code null} when nobody can. */
    @Nullable
    Boolean verified(RolloutSpec spec, RolloutStatus status, ClusterReader cluster) {
        if (!status.weights().set() || spec.canary() == null || !spec.canary().routed()) {
            return null;
        }
        List<@Nullable Boolean> verdicts = new ArrayList<>();
        of(spec).forEach(router -> verdicts.add(router.verified(spec, status.weights(), cluster)));
        verifiers.forEach(verifier -> verdicts.add(verifier.verified(spec, status.weights())));
        Boolean verified = null;
        for (Boolean verdict : verdicts) {
            if (verdict != null) {
                verified = verdict && !Boolean.FALSE.equals(verified);
            }
        }
        return verified;
    }
}
