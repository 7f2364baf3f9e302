package io.gitops4j.recovery.failover;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Steps with the status of a hub. Several may run at once: who comes second does nothing. */
public final class FailoverDriver {
    private final FailoverSpec spec;
    private final FailoverHub hub;
    private final Consumer<FailoverAction> actions;

    /**
     * A driver.
     *
     * @param actions does what is asked, or hands it on; called after the status is kept
     */
    public FailoverDriver(FailoverSpec spec, FailoverHub hub, Consumer<FailoverAction> actions) {
        this.spec = spec;
        this.hub = hub;
        this.actions = actions;
    }

    /** One step with what was heard; empty when another process was faster, whose status the next call begins with. */
    public Optional<FailoverTransition> drive(FailoverObservation seen, Instant now) {
        FailoverStatus before = hub.read();
        FailoverTransition transition = Failover.step(spec, before, seen, now);
        boolean changed = transition.status().revision() != before.revision();
        if (changed && !hub.replace(before.revision(), transition.status())) {
            return Optional.empty();
        }
        transition.actions().forEach(actions);
        return Optional.of(transition);
    }
}
