package io.gitops4j.rollout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights that were set on the traffic router.
 *
 * @param canary where the canary's share goes
 * @param stable where the rest goes
 * @param additional experiments' shares
 * @param verified whether the router confirmed them, {@code null} when it cannot say
 */
public record CanaryWeights(
        Destination canary,
        Destination stable,
        List<Destination> additional,
        @Nullable Boolean verified) {

    /** No weights were ever set. */
    public static final CanaryWeights NONE = new CanaryWeights(Destination.NONE, Destination.NONE, List.of(), null);

    /**
     * A share of the traffic.
     *
     * @param weight out of the router's maximum
     * @param podTemplateHash the revision it goes to
     * @param serviceName the service it goes through, {@code ""} where the router needs none
     */
    public record Destination(int weight, String podTemplateHash, String serviceName) {

        /** Nowhere. */
        public static final Destination NONE = new Destination(0, "", "");
    }

    /** A copy with an unmodifiable list. */
    public CanaryWeights {
        additional = List.copyOf(additional);
    }

    /** Whether weights were ever set. */
    public boolean set() {
        return !stable.podTemplateHash().isEmpty() || !canary.podTemplateHash().isEmpty() || stable.weight() > 0;
    }
}
