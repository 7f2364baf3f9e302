package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Traefik: the weights of a weighted TraefikService. */
final class TraefikRouter implements TrafficRouter {
    private static final Gvk TRAEFIK_SERVICE = Gvk.of("traefik.io/v1alpha1", "TraefikService");

    @Override
    public String name() {
        return "traefik";
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        JsonObject routing =
                Objects.requireNonNull(Objects.requireNonNull(spec.canary()).trafficRouting());
        ObjectRef ref = ObjectRef.of(
                TRAEFIK_SERVICE, spec.namespace(), routing.object("traefik").text("weightedTraefikServiceName", ""));
        JsonObject service = read.apply(ref);
        if (service == null) {
            return TrafficRouter.missing(ref);
        }
        JsonObject body = service.object("spec");
        JsonArray services = body.object("weighted").array("services");
        for (int i = 0; i < services.size(); i++) {
            if (services.get(i) instanceof JsonObject one) {
                Integer weight = Weights.of(weights, one.text("name", ""));
                services = weight == null ? services : services.with(i, one.with("weight", Json.of(weight)));
            }
        }
        JsonObject weighted = body.object("weighted").with("services", services);
        return Outcome.of(List.of(service.with("spec", body.with("weighted", weighted))));
    }
}
