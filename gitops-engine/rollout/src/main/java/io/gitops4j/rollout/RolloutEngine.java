package io.gitops4j.rollout;

import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Duration;
import java.time.Instant;

/**
 * The state machine of a Rollout. One call is one bounded transition: it looks at everything once, writes at most one
 * ReplicaSet of a canary and advances at most one step. Pure and total; the same arguments give the same transition. A driver
 * repeats it until nothing moves and then sleeps until {@link Transition#wakeAt()} or until something changes.
 *
 * <p>Source: Rollouts §2.3.
 */
public final class RolloutEngine {
    private static final Duration RECHECK_INVALID = Duration.ofSeconds(20);

    private RolloutEngine() {}

    /**
     * One step.
     *
     * @param spec the Rollout, its workload reference resolved
     * @param status its status as stored, with what people changed in it
     * @param seen its objects
     * @param now the time
     */
    public static Transition step(RolloutSpec spec, RolloutStatus status, Observation seen, Instant now) {
        RolloutStatus heard = status;
        if (status.promoteFull() && status.abort() && status.abortedAt() == null) {
            // an abort that comes after a full promotion was asked for is an abort
            heard = status.toBuilder().promoteFull(false).build();
        }
        Pass pass = new Pass(spec, heard, seen, now);
        String invalid = invalid(spec, seen);
        if (!invalid.isEmpty()) {
            refuse(pass, invalid);
        } else {
            Conditions.remove(pass.next, RolloutCondition.INVALID_SPEC);
            move(pass);
        }
        RolloutStatus unphased = pass.next.build();
        RolloutPhase phase = RolloutPhase.of(spec, unphased);
        pass.next.phase(phase.phase()).message(phase.message());
        Durations.update(pass);
        scaleReference(pass);
        wakeForDeadline(pass);
        RolloutStatus built = pass.next.build();
        return new Transition(built.equals(status) ? status : built, pass.actions, pass.wakeAt, pass.trace);
    }

    private static String invalid(RolloutSpec spec, Observation seen) {
        if (spec.invalid() != null) {
            return spec.invalid();
        }
        if (spec.blueGreen() != null) {
            String missing =
                    missing(seen, "blueGreen.activeService", spec.blueGreen().activeService());
            return missing.isEmpty()
                    ? missing(seen, "blueGreen.previewService", spec.blueGreen().previewService())
                    : missing;
        }
        if (spec.canary() != null) {
            String missing = missing(seen, "canary.canaryService", spec.canary().canaryService());
            return missing.isEmpty()
                    ? missing(seen, "canary.stableService", spec.canary().stableService())
                    : missing;
        }
        return "";
    }

    private static String missing(Observation seen, String field, String service) {
        if (service.isEmpty() || seen.serviceHash(service) != null) {
            return "";
        }
        return "spec.strategy." + field + ": Invalid value: \"" + service + "\": service \"" + service + "\" not found";
    }

    private static void refuse(Pass pass, String error) {
        String message = "The Rollout \"" + pass.spec.name() + "\" is invalid: " + error;
        pass.decide("invalid spec", error);
        RolloutCondition known = pass.before.condition(RolloutCondition.INVALID_SPEC);
        if (known == null || !known.message().equals(message)) {
            Conditions.remove(pass.next, RolloutCondition.INVALID_SPEC);
            Conditions.set(pass.next, RolloutCondition.INVALID_SPEC, "True", "InvalidSpec", message, pass.stamp);
            pass.event("InvalidSpec", message);
        }
        pass.next.observedGeneration(Long.toString(pass.spec.generation()));
        pass.wake(pass.now.plus(RECHECK_INVALID));
    }

    private static void move(Pass pass) {
        String generation = Long.toString(pass.spec.generation());
        boolean observed = pass.before.observedGeneration().equals(generation);
        pass.next.observedGeneration(generation);
        pass.next.workloadObservedGeneration(pass.seen.extras().workload().generation());
        syncRevision(pass);
        if (pass.before.abort()
                && pass.before.fullyPromoted()
                && pass.before.stableRS().equals(pass.newHash)) {
            pass.decide("abort", "nothing to abort, the rollout is fully promoted");
            pass.dropAbort();
        }
        if (observed && Conditions.refreshPaused(pass)) {
            return;
        }
        boolean created = pass.newRS == null;
        boolean scaling = !created && observed && isScalingEvent(pass);
        Metadata.follow(pass);
        if (pass.spec.canary() != null) {
            CanaryPass canary = new CanaryPass(pass, pass.spec.canary());
            if (scaling && pass.before.currentPodHash().equals(pass.newHash)) {
                canary.scaleOnly();
            } else {
                canary.run();
            }
        } else if (pass.spec.blueGreen() != null) {
            BlueGreenPass blueGreen = new BlueGreenPass(pass, pass.spec.blueGreen());
            if (scaling && pass.before.currentPodHash().equals(pass.newHash)) {
                blueGreen.scaleOnly();
            } else {
                blueGreen.run();
            }
        }
    }

    /** Creates the new ReplicaSet where it is missing and sees to it that it has the highest revision. */
    private static void syncRevision(Pass pass) {
        int highest = 0;
        for (Observation.ReplicaSet rs : pass.all) {
            if (rs != pass.newRS) {
                highest = Math.max(highest, rs.revision());
            }
        }
        if (pass.newRS == null) {
            pass.revision = highest + 1;
            String name = pass.newName();
            pass.event("RolloutUpdated", "Rollout updated to revision " + pass.revision);
            pass.actions.add(new Action.CreateReplicaSet(name, pass.newHash, pass.revision, Metadata.template(pass)));
            pass.event("NewReplicaSetCreated", "Created ReplicaSet " + name + " (revision " + pass.revision + ")");
            Conditions.set(
                    pass.next,
                    RolloutCondition.PROGRESSING,
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + name + "\"",
                    pass.stamp);
            return;
        }
        pass.revision = pass.newRS.revision();
        if (pass.revision <= highest) {
            pass.revision = highest + 1;
            pass.event("RolloutUpdated", "Rollout updated to revision " + pass.revision);
            pass.actions.add(new Action.SetRevision(pass.newHash, pass.revision));
        }
        if (pass.before.condition(RolloutCondition.PROGRESSING) == null) {
            Conditions.set(
                    pass.next,
                    RolloutCondition.PROGRESSING,
                    "True",
                    "FoundNewReplicaSet",
                    "Found new replica set \"" + pass.newName() + "\"",
                    pass.stamp);
        }
    }

    private static boolean isScalingEvent(Pass pass) {
        for (Observation.ReplicaSet rs : pass.all) {
            boolean active = rs == pass.newRS || rs == pass.stableRS;
            if (active && rs.spec() > 0 && rs.desired() != null && rs.desired() != pass.spec.replicas()) {
                pass.decide("replicas changed", rs.desired() + " to " + pass.spec.replicas());
                return true;
            }
        }
        return false;
    }

    /** Lets the workload that the Rollout was made from go, as its scaleDown says. */
    private static void scaleReference(Pass pass) {
        int now = pass.seen.extras().workload().replicas();
        boolean healthy = pass.next.phase.equals(RolloutPhase.HEALTHY);
        int target = now;
        switch (pass.spec.referenceScaleDown()) {
            case "onsuccess" -> target = healthy ? 0 : now;
            case "progressively" -> {
                int ready = pass.next.readyReplicas;
                boolean first = pass.revision <= 1;
                int left = Math.max(0, pass.spec.replicas() - ready);
                target = healthy ? 0 : first && ready > 0 ? Math.min(now, left) : now;
            }
            default -> {}
        }
        if (target != now) {
            pass.actions.add(new Action.ScaleReference(target));
        }
    }

    private static void wakeForDeadline(Pass pass) {
        Instant deadline = Conditions.deadline(pass);
        String phase = pass.next.phase;
        if (deadline != null && !phase.equals(RolloutPhase.PAUSED) && !phase.equals(RolloutPhase.HEALTHY)) {
            pass.wakeAfter(deadline);
        }
    }
}
