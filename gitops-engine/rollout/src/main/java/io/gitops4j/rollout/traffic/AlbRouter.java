package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** AWS load balancer controller: a forward action with weighted target groups in an annotation of the Ingress. */
final class AlbRouter implements TrafficRouter {
    private static final Gvk INGRESS = Gvk.of("networking.k8s.io/v1", "Ingress");

    @Override
    public String name() {
        return "alb";
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        JsonObject alb = Objects.requireNonNull(canary.trafficRouting()).object("alb");
        List<String> names = alb.has("ingress") ? List.of(alb.text("ingress", "")) : Fields.texts(alb, "ingresses");
        List<JsonObject> changed = new ArrayList<>();
        for (String name : names) {
            ObjectRef ref = ObjectRef.of(INGRESS, spec.namespace(), name);
            JsonObject ingress = read.apply(ref);
            if (ingress == null) {
                return TrafficRouter.missing(ref);
            }
            String root = alb.text("rootService", canary.stableService());
            String key = alb.text("annotationPrefix", "alb.ingress.kubernetes.io") + "/actions." + root;
            JsonObject annotations =
                    ingress.object("metadata").object("annotations").with(key, Json.of(action(alb, weights)));
            changed.add(ingress.with("metadata", ingress.object("metadata").with("annotations", annotations)));
        }
        return Outcome.of(List.copyOf(changed));
    }

    private static String action(JsonObject alb, CanaryWeights weights) {
        String port = String.valueOf(Fields.integer(alb, "servicePort", 80));
        JsonArray.Builder groups = JsonArray.builder();
        groups.add(group(weights.canary(), port));
        groups.add(group(weights.stable(), port));
        weights.additional().forEach(other -> groups.add(group(other, port)));
        JsonObject forward = JsonObject.of("TargetGroups", groups.build());
        JsonObject sticky = alb.object("stickinessConfig");
        if (sticky.bool("enabled", false)) {
            forward = forward.with(
                    "TargetGroupStickinessConfig",
                    JsonObject.of(
                            "Enabled",
                            Json.of(true),
                            "DurationSeconds",
                            Json.of(Fields.integer(sticky, "durationSeconds", 3600))));
        }
        return JsonObject.of("Type", Json.of("forward"), "ForwardConfig", forward)
                .toJson();
    }

    private static JsonObject group(CanaryWeights.Destination destination, String port) {
        return JsonObject.builder()
                .put("ServiceName", destination.serviceName())
                .put("ServicePort", port)
                .put("Weight", destination.weight())
                .build();
    }
}
