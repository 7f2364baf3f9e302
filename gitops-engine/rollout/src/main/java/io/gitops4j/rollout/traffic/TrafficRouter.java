package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One kind of traffic router: which objects it reads, and what they look like with given weights. Applying the same weights
 * twice changes nothing.
 *
 * <p>Source: Rollouts §1.4, §2.10.
 */
public interface TrafficRouter {

    /** The member of {@code trafficRouting} that asks for it, such as {@code istio}. */
    String name();

    /**
     * The router's objects with these weights.
     *
     * @param read an object as it stands, {@code null} when it does not exist
     * @return objects to be written, in order; a problem when one that must exist does not
     */
    Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read);

    /**
     * The router's objects with a header or mirror route set, or removed when it has no match.
     *
     * @param kind {@code header} or {@code mirror}
     */
    default Outcome<List<JsonObject>> routed(
            RolloutSpec spec, String kind, JsonObject route, Function<ObjectRef, @Nullable JsonObject> read) {
        return Outcome.failed(Problem.error("TRAFFIC_ROUTE", name() + " has no " + kind + " routes"));
    }

    /** The router's objects without these managed routes. */
    default Outcome<List<JsonObject>> withoutRoutes(
            RolloutSpec spec, List<String> names, Function<ObjectRef, @Nullable JsonObject> read) {
        return Outcome.of(List.of());
    }

    /** The names of managed routes that the router's objects have. */
    default List<String> routes(RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read) {
        return List.of();
    }

    /** The routers that a Rollout asks for, in the order in which Argo reconciles them. */
    static List<TrafficRouter> of(RolloutSpec spec) {
        CanaryStrategy canary = spec.canary();
        JsonObject routing = canary == null ? null : canary.trafficRouting();
        if (routing == null) {
            return List.of();
        }
        List<TrafficRouter> routers = new ArrayList<>();
        for (TrafficRouter router :
                List.of(new IstioRouter(), new NginxRouter(), new AlbRouter(), new SmiRouter(), new TraefikRouter())) {
            if (routing.has(router.name())) {
                routers.add(router);
            }
        }
        if (routing.object("plugins").has(GatewayApiRouter.PLUGIN)) {
            routers.add(new GatewayApiRouter());
        }
        return List.copyOf(routers);
    }

    /** The problem that an object is missing. */
    static <T> Outcome<T> missing(ObjectRef ref) {
        return Outcome.failed(Problem.error(
                "TRAFFIC_OBJECT_MISSING",
                ref.gvk().kind() + " \"" + ref.name() + "\" does not exist in namespace \"" + ref.namespace() + "\""));
    }
}
