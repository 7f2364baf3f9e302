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

/** ingress-nginx: a second Ingress beside the stable one that carries the canary's weight in its annotations. */
final class NginxRouter implements TrafficRouter {
    private static final Gvk INGRESS = Gvk.of("networking.k8s.io/v1", "Ingress");

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        JsonObject nginx = Objects.requireNonNull(canary.trafficRouting()).object("nginx");
        List<String> names = nginx.has("stableIngress")
                ? List.of(nginx.text("stableIngress", ""))
                : Fields.texts(nginx, "stableIngresses");
        List<JsonObject> made = new ArrayList<>();
        for (String name : names) {
            ObjectRef ref = ObjectRef.of(INGRESS, spec.namespace(), name);
            JsonObject stable = read.apply(ref);
            if (stable == null) {
                return TrafficRouter.missing(ref);
            }
            JsonObject existing = read.apply(ObjectRef.of(INGRESS, spec.namespace(), canaryName(spec.name(), name)));
            made.add(canaryIngress(spec, nginx, stable, existing, weights));
        }
        return Outcome.of(List.copyOf(made));
    }

    private static String canaryName(String rollout, String ingress) {
        String name = rollout + "-" + ingress + "-canary";
        return name.length() <= 253 ? name : name.substring(0, 253);
    }

    private static JsonObject canaryIngress(
            RolloutSpec spec,
            JsonObject nginx,
            JsonObject stable,
            @Nullable JsonObject existing,
            CanaryWeights weights) {
        String prefix = nginx.text("annotationPrefix", "nginx.ingress.kubernetes.io");
        JsonObject annotations = stable.object("metadata")
                .object("annotations")
                .without("kubectl.kubernetes.io/last-applied-configuration");
        for (String key : new String[] {"additionalIngressAnnotations", "canaryIngressAnnotations"}) {
            JsonObject more = nginx.object(key);
            for (int i = 0; i < more.size(); i++) {
                String name = more.keyAt(i);
                annotations = annotations.with(name.contains("/") ? name : prefix + "/" + name, more.valueAt(i));
            }
        }
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        annotations = annotations
                .with(prefix + "/canary", Json.of("true"))
                .with(
                        prefix + "/canary-weight",
                        Json.of(Integer.toString(weights.canary().weight())));
        if (canary.maxTrafficWeight() != 100) {
            annotations = annotations.with(
                    prefix + "/canary-weight-total", Json.of(Integer.toString(canary.maxTrafficWeight())));
        }
        JsonObject base = existing == null ? JsonObject.empty() : existing.object("metadata");
        JsonObject metadata = base.with(
                        "name",
                        Json.of(canaryName(
                                spec.name(), stable.object("metadata").text("name", ""))))
                .with("namespace", Json.of(spec.namespace()))
                .with("labels", stable.object("metadata").object("labels"))
                .with("annotations", annotations);
        return JsonObject.builder()
                .put("apiVersion", stable.text("apiVersion", "networking.k8s.io/v1"))
                .put("kind", "Ingress")
                .put("metadata", metadata)
                .put("spec", canarySpec(stable.object("spec"), canary))
                .build();
    }

    /** The stable Ingress's rules that lead to the stable service, leading to the canary service. */
    private static JsonObject canarySpec(JsonObject stable, CanaryStrategy canary) {
        JsonArray.Builder rules = JsonArray.builder();
        for (JsonObject rule : Fields.objects(stable, "rules")) {
            JsonArray.Builder paths = JsonArray.builder();
            for (JsonObject path : Fields.objects(rule.object("http"), "paths")) {
                JsonObject service = path.object("backend").object("service");
                if (service.text("name", "").equals(canary.stableService())) {
                    JsonObject to = service.with("name", Json.of(canary.canaryService()));
                    paths.add(path.with("backend", path.object("backend").with("service", to)));
                }
            }
            if (paths.size() > 0) {
                rules.add(rule.with("http", JsonObject.of("paths", paths.build())));
            }
        }
        JsonObject spec = JsonObject.of("rules", rules.build());
        return stable.has("ingressClassName")
                ? spec.with("ingressClassName", Json.of(stable.text("ingressClassName", "")))
                : spec;
    }
}
