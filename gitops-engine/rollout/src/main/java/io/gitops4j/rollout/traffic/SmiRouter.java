package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Service Mesh Interface: a TrafficSplit of the root service, created when it is missing. */
final class SmiRouter implements TrafficRouter {
    private static final Gvk TRAFFIC_SPLIT = Gvk.of("split.smi-spec.io/v1alpha1", "TrafficSplit");

    @Override
    public String name() {
        return "smi";
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        JsonObject smi = Objects.requireNonNull(canary.trafficRouting()).object("smi");
        String name = smi.text("trafficSplitName", spec.name());
        JsonObject existing = read.apply(ObjectRef.of(TRAFFIC_SPLIT, spec.namespace(), name));
        JsonArray.Builder backends = JsonArray.builder();
        backends.add(backend(weights.canary()));
        backends.add(backend(weights.stable()));
        weights.additional().forEach(other -> backends.add(backend(other)));
        JsonObject base = existing != null
                ? existing
                : JsonObject.builder()
                        .put("apiVersion", TRAFFIC_SPLIT.apiVersion())
                        .put("kind", TRAFFIC_SPLIT.kind())
                        .put("metadata", JsonObject.of("name", Json.of(name), "namespace", Json.of(spec.namespace())))
                        .build();
        JsonObject split = JsonObject.of(
                "service", Json.of(smi.text("rootService", canary.stableService())), "backends", backends.build());
        return Outcome.of(List.of(base.with("spec", split)));
    }

    private static JsonObject backend(CanaryWeights.Destination destination) {
        return JsonObject.of("service", Json.of(destination.serviceName()), "weight", Json.of(destination.weight()));
    }
}
