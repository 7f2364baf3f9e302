package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gateway API HTTPRoutes: the weights of the backends that are the canary and the stable service, in every rule. */
final class GatewayApiRouter implements TrafficRouter {
    static final String PLUGIN = "argoproj-labs/gatewayAPI";
    private static final Gvk HTTP_ROUTE = Gvk.of("gateway.networking.k8s.io/v1", "HTTPRoute");

    @Override
    public String name() {
        return "plugins." + PLUGIN;
    }

    private static List<ObjectRef> refs(RolloutSpec spec) {
        JsonObject routing = spec.canary() == null ? null : spec.canary().trafficRouting();
        JsonObject config =
                routing == null ? JsonObject.empty() : routing.object("plugins").object(PLUGIN);
        String namespace = config.text("namespace", spec.namespace());
        List<ObjectRef> refs = new ArrayList<>();
        if (config.text("httpRoute") != null) {
            refs.add(ObjectRef.of(HTTP_ROUTE, namespace, config.text("httpRoute", "")));
        }
        for (JsonObject route : Fields.objects(config, "httpRoutes")) {
            refs.add(ObjectRef.of(HTTP_ROUTE, namespace, route.text("name", "")));
        }
        return refs;
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        List<JsonObject> changed = new ArrayList<>();
        for (ObjectRef ref : refs(spec)) {
            JsonObject route = read.apply(ref);
            if (route == null) {
                return TrafficRouter.missing(ref);
            }
            JsonArray rules = route.object("spec").array("rules");
            for (int i = 0; i < rules.size(); i++) {
                if (rules.get(i) instanceof JsonObject rule) {
                    rules = rules.with(i, rule.with("backendRefs", backends(rule.array("backendRefs"), weights)));
                }
            }
            changed.add(route.with("spec", route.object("spec").with("rules", rules)));
        }
        return Outcome.of(List.copyOf(changed));
    }

    private static JsonArray backends(JsonArray backends, CanaryWeights weights) {
        boolean both = false;
        for (Json backend : backends) {
            both |= weights.canary().serviceName().equals(backend instanceof JsonObject b ? b.text("name") : null);
        }
        if (!both) {
            return backends;
        }
        JsonArray result = backends;
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i) instanceof JsonObject backend) {
                Integer weight = Weights.of(weights, backend.text("name", ""));
                result = weight == null ? result : result.with(i, backend.with("weight", Json.of(weight)));
            }
        }
        return result;
    }
}
