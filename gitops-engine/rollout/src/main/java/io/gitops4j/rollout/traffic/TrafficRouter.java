package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.spi.ClusterReader;
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

    /** The member of {@code trafficRouting} that asks for it, such as {@code istio} or {@code plugins.example/router}. */
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

    /**
     * Whether the traffic really flows by these weights, {@code null} when nothing on the cluster says so. A step waits as long
     * as this is {@code false}.
     */
    default @Nullable Boolean verified(RolloutSpec spec, CanaryWeights weights, ClusterReader cluster) {
        return null;
    }

    /** The routers that a Rollout asks for, in the order in which Argo reconciles them. */
    static List<TrafficRouter> of(RolloutSpec spec) {
        return of(spec, List.of());
    }

    /**
     * The routers that a Rollout asks for, those of {@code added} last.
     *
     * @param added further routers, such as {@code plugins.example/router}; one of the name of a usual one takes its place
     */
    static List<TrafficRouter> of(RolloutSpec spec, List<TrafficRouter> added) {
        CanaryStrategy canary = spec.canary();
        JsonObject routing = canary == null ? null : canary.trafficRouting();
        if (routing == null) {
            return List.of();
        }
        List<TrafficRouter> known = new ArrayList<>(List.of(
                new IstioRouter(),
                new NginxRouter(),
                new AlbRouter(),
                new SmiRouter(),
                new ApisixRouter(),
                new TraefikRouter(),
                new GatewayApiRouter()));
        known.removeIf(usual -> added.stream().anyMatch(router -> router.name().equals(usual.name())));
        known.addAll(added);
        known.removeIf(router -> !asksFor(routing, router.name()));
        return List.copyOf(known);
    }

    private static boolean asksFor(JsonObject routing, String name) {
        return name.startsWith("plugins.")
                ? routing.object("plugins").has(name.substring("plugins.".length()))
                : routing.has(name);
    }

    /** The problem that an object is missing. */
    static <T> Outcome<T> missing(ObjectRef ref) {
        return Outcome.failed(Problem.error(
                "TRAFFIC_OBJECT_MISSING",
                ref.gvk().kind() + " \"" + ref.name() + "\" does not exist in namespace \"" + ref.namespace() + "\""));
    }
}
