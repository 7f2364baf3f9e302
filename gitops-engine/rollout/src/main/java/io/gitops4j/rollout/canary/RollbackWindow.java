package io.gitops4j.rollout.canary;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether going back to an older revision is near enough to skip the steps. Source: Rollouts §2.9. */
public final class RollbackWindow {
    private RollbackWindow() {}

    /**
     * A ReplicaSet as far as it matters here.
     *
     * @param name of the ReplicaSet
     * @param created when it was created
     * @param experiment whether it belongs to an experiment
     */
    public record Revision(String name, Instant created, boolean experiment) {}

    /**
     * Whether {@code wanted} is older than {@code stable} with fewer than {@code revisions} ReplicaSets created strictly
     * between them; those of experiments do not count.
     */
    public static boolean contains(
            @Nullable Integer revisions, @Nullable Revision wanted, @Nullable Revision stable, List<Revision> all) {
        if (revisions == null
                || wanted == null
                || stable == null
                || !wanted.created().isBefore(stable.created())) {
            return false;
        }
        long between = all.stream()
                .filter(r -> !r.experiment()
                        && r.created().isAfter(wanted.created())
                        && r.created().isBefore(stable.created()))
                .count();
        return between < revisions;
    }
}
