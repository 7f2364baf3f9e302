package io.gitops4j.rollout;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.canary.CanaryReplicas;
import io.gitops4j.rollout.canary.CanaryWeight;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Services and weights of a canary. Source: Rollouts §2.10. */
final class Traffic {
    private Traffic() {}

    /** Lets the canary and the stable service follow their ReplicaSets, as soon as those can serve. */
    static void services(Pass pass, CanaryStrategy canary) {
        JsonObject pingPong = canary.pingPong();
        if (pingPong != null) {
            boolean pong = pass.before.stablePingPong().equals("pong");
            String ping = pingPong.text("pingService", "");
            String pongService = pingPong.text("pongService", "");
            follow(pass, pong ? pongService : ping, pass.stableRS == null ? pass.newRS : pass.stableRS);
            follow(pass, pong ? ping : pongService, pass.newRS);
            return;
        }
        follow(pass, canary.stableService(), pass.stableRS == null ? pass.newRS : pass.stableRS);
        if (rollingBack(pass, canary)) {
            pass.decide("service " + canary.canaryService(), "stays until stable is whole");
            return;
        }
        boolean drained = pass.aborted() && pass.stableDiffers();
        if (!drained) {
            follow(pass, canary.canaryService(), pass.newRS);
        } else if (!canary.dynamicStableScale()
                || pass.before.weights().canary().weight() == 0) {
            switchTo(pass, canary.canaryService(), pass.before.stableRS());
        }
    }

    private static void follow(Pass pass, String service, Observation.@Nullable ReplicaSet rs) {
        String selected = service.isEmpty() ? null : pass.seen.serviceHash(service);
        if (rs == null || selected == null || selected.equals(rs.hash())) {
            return;
        }
        boolean ready = selected.isEmpty() ? rs.spec() > 0 && rs.available() >= rs.spec() : rs.available() > 0;
        if (!ready) {
            pass.decide("service " + service, "waits for pods of " + rs.name());
            return;
        }
        switchTo(pass, service, rs.hash());
    }

    static void switchTo(Pass pass, String service, String hash) {
        String selected = service.isEmpty() ? null : pass.seen.serviceHash(service);
        if (selected != null && !selected.equals(hash)) {
            pass.actions.add(new Action.SwitchService(service, hash));
            pass.event(
                    "SwitchService",
                    "Switched selector for service '" + service + "' from '" + selected + "' to '" + hash + "'");
        }
    }

    /**
     * Sets the weights that this pass asks for.
     *
     * @return the weights that the new ReplicaSet is to be sized for
     */
    static CanaryReplicas.@Nullable Split weights(Pass pass, CanaryStrategy canary) {
        if (!canary.routed()) {
            return null;
        }
        int max = canary.maxTrafficWeight();
        int weight = wanted(pass, canary);
        List<CanaryWeights.Destination> additional = experiments(pass);
        int taken =
                additional.stream().mapToInt(CanaryWeights.Destination::weight).sum();
        pass.decide("weight", weight);
        if (pass.stableDiffers()
                && pass.stableRS != null
                && !CanaryWeight.carries(
                        canary, pass.spec.replicas(), max - weight, Objects.requireNonNull(Pass.pods(pass.stableRS)))) {
            pass.decide("stable can carry " + (max - weight), false);
            return pass.storedWeights();
        }
        routes(pass, canary);
        boolean stays = rollingBack(pass, canary);
        String canaryHash = stays ? pass.before.weights().canary().podTemplateHash() : pass.newHash;
        String stableHash = pass.before.stableRS().isEmpty() ? pass.newHash : pass.before.stableRS();
        if (pass.aborted() && weight == 0 && pass.stableDiffers()) {
            canaryHash = stableHash;
        }
        CanaryWeights old = pass.before.weights();
        CanaryWeights.Destination to = new CanaryWeights.Destination(weight, canaryHash, canaryService(pass, canary));
        CanaryWeights.Destination rest =
                new CanaryWeights.Destination(max - weight - taken, stableHash, stableService(pass, canary));
        boolean same = old.canary().equals(to)
                && old.stable().equals(rest)
                && old.additional().equals(additional);
        Boolean verified = pass.seen.weightsVerified();
        if (!same) {
            // a router that can verify has not done so for weights that it was just given
            Boolean pending = pass.seen.weightsVerified() == null ? null : Boolean.FALSE;
            CanaryWeights fresh = new CanaryWeights(to, rest, additional, pending);
            pass.actions.add(new Action.SetWeights(fresh));
            if (old.canary().weight() != weight) {
                pass.event(
                        "TrafficWeightUpdated",
                        "Traffic weight updated from " + old.canary().weight() + " to " + weight);
            }
            pass.next.weights(fresh);
        } else {
            pass.next.weights(new CanaryWeights(to, rest, additional, verified));
            if (Boolean.FALSE.equals(verified)) {
                pass.decide("weights verified", false);
                pass.wake(pass.now.plusSeconds(10));
            }
        }
        return new CanaryReplicas.Split(weight, max - weight - taken);
    }

    private static String canaryService(Pass pass, CanaryStrategy canary) {
        JsonObject pingPong = canary.pingPong();
        if (pingPong == null) {
            return canary.canaryService();
        }
        return pingPong.text(pass.before.stablePingPong().equals("pong") ? "pingService" : "pongService", "");
    }

    private static String stableService(Pass pass, CanaryStrategy canary) {
        JsonObject pingPong = canary.pingPong();
        if (pingPong == null) {
            return canary.stableService();
        }
        return pingPong.text(pass.before.stablePingPong().equals("pong") ? "pongService" : "pingService", "");
    }

    /** Whether a dynamic rollout is on its way back to stable and the old canary still carries traffic. */
    private static boolean rollingBack(Pass pass, CanaryStrategy canary) {
        String carried = pass.before.weights().canary().podTemplateHash();
        return canary.dynamicStableScale()
                && pass.before.stableRS().equals(pass.newHash)
                && !carried.isEmpty()
                && !carried.equals(pass.newHash)
                && pass.newRS != null
                && pass.newRS.available() < pass.spec.replicas();
    }

    private static int wanted(Pass pass, CanaryStrategy canary) {
        int max = canary.maxTrafficWeight();
        CanaryReplicas.Pods pods = Pass.pods(pass.newRS);
        CanaryReplicas.Pods stable = Pass.pods(pass.stableRS);
        CanaryWeights stored = pass.before.weights();
        Integer old = stored.set() ? (Integer) stored.canary().weight() : null;
        if (rollingBack(pass, canary)) {
            CanaryReplicas.Pods previous = Pass.pods(pass.byHash(stored.canary().podTemplateHash()));
            return CanaryWeight.onAbort(
                    canary,
                    pass.spec.replicas(),
                    old,
                    previous == null ? new CanaryReplicas.Pods(0, 0) : previous,
                    stable == null ? new CanaryReplicas.Pods(0, 0) : stable);
        }
        if (pass.before.stableRS().isEmpty() || pass.before.stableRS().equals(pass.newHash)) {
            return 0;
        }
        if (pass.aborted()) {
            return canary.dynamicStableScale() && pods != null && stable != null
                    ? CanaryWeight.onAbort(canary, pass.spec.replicas(), old, pods, stable)
                    : 0;
        }
        if (pods == null || pods.available() == 0) {
            return 0;
        }
        Integer index = pass.before.currentStepIndex();
        int n = canary.steps().size();
        if (pass.before.promoteFull()) {
            boolean full = CanaryWeight.fullyAvailable(canary.threshold(), pods, pass.spec.replicas());
            if (full) {
                return max;
            }
            return canary.dynamicStableScale()
                    ? (int) Math.min(max, (long) max * pods.available() / Math.max(1, pass.spec.replicas()))
                    : old == null ? 0 : old;
        }
        if (index == null || index >= n) {
            return CanaryWeight.fullyAvailable(canary.threshold(), pods, pass.spec.replicas())
                    ? max
                    : index == null || canary.steps().isEmpty() ? 0 : CanaryWeight.weightBefore(canary, n);
        }
        CanaryStep step = canary.steps().get(index);
        boolean sized = CanaryWeight.atDesired(
                canary,
                pass.canaryTarget(canary, pass.storedWeights()),
                pods,
                stable,
                pass.stableRS == null ? 0 : pass.stableRS.pods().created(),
                0);
        boolean weighing = step.setWeight() != null;
        return weighing && !sized
                ? CanaryWeight.weightBefore(canary, index)
                : CanaryWeight.currentSetWeight(canary, index, false);
    }

    private static List<CanaryWeights.Destination> experiments(Pass pass) {
        List<CanaryWeights.Destination> additional = new ArrayList<>();
        for (Observation.ExperimentView experiment : pass.seen.experiments()) {
            if (experiment.name().equals(pass.before.currentExperiment())
                    && experiment.phase() == AnalysisPhase.RUNNING
                    && !pass.aborted()) {
                additional.addAll(experiment.destinations());
            }
        }
        return additional;
    }

    private static void routes(Pass pass, CanaryStrategy canary) {
        JsonObject routing = canary.trafficRouting();
        List<String> managed = new ArrayList<>();
        if (routing != null) {
            Fields.objects(routing, "managedRoutes").forEach(route -> managed.add(route.text("name", "")));
        }
        if (managed.isEmpty()) {
            return;
        }
        Integer index = pass.before.currentStepIndex();
        boolean over = pass.aborted()
                || pass.before.promoteFull()
                || pass.before.stableRS().equals(pass.newHash)
                || pass.newRS == null
                || pass.newRS.available() == 0;
        if (over) {
            List<String> present = pass.seen.extras().managedRoutes();
            if (!present.isEmpty()) {
                pass.actions.add(new Action.RemoveManagedRoutes(present));
            }
            return;
        }
        if (index == null || index >= canary.steps().size()) {
            return;
        }
        CanaryStep step = canary.steps().get(index);
        if (step.kind() == CanaryStep.Kind.SET_HEADER_ROUTE) {
            route(pass, "header", step.part("setHeaderRoute"));
        } else if (step.kind() == CanaryStep.Kind.SET_MIRROR_ROUTE) {
            route(pass, "mirror", step.part("setMirrorRoute"));
        }
    }

    private static void route(Pass pass, String kind, JsonObject route) {
        boolean present = pass.seen.extras().managedRoutes().contains(route.text("name", ""));
        if (present == route.array("match").isEmpty()) {
            pass.actions.add(new Action.SetRoute(kind, route));
        }
    }
}
