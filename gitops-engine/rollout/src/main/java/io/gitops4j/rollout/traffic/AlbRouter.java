package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.spi.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * AWS load balancer controller: a forward action with weighted target groups in an annotation of the Ingress; header routes as
 * an action and a condition of their own, and a path that uses them.
 */
final class AlbRouter implements TrafficRouter {
    private static final Gvk TARGET_GROUP_BINDING = Gvk.of("elbv2.k8s.aws/v1beta1", "TargetGroupBinding");
    private static final Gvk INGRESS = Gvk.of("networking.k8s.io/v1", "Ingress");

    @Override
    public String name() {
        return "alb";
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        JsonObject alb = alb(spec);
        List<JsonObject> changed = new ArrayList<>();
        for (String name : ingresses(alb)) {
            ObjectRef ref = ObjectRef.of(INGRESS, spec.namespace(), name);
            JsonObject ingress = read.apply(ref);
            if (ingress == null) {
                return TrafficRouter.missing(ref);
            }
            String root = alb.text("rootService", canary.stableService());
            String key = key(alb, "actions", root);
            JsonObject annotations =
                    ingress.object("metadata").object("annotations").with(key, Json.of(action(alb, weights)));
            changed.add(ingress.with("metadata", ingress.object("metadata").with("annotations", annotations)));
        }
        return Outcome.of(List.copyOf(changed));
    }

    /**
     * Whether the controller has made a target group for every service that is to get traffic. What the listener of the load
     * balancer says is known to AWS alone; a {@link WeightVerifier} can ask there.
     */
    @Override
    public @Nullable Boolean verified(RolloutSpec spec, CanaryWeights weights, ClusterReader cluster) {
        List<JsonObject> bindings;
        try {
            bindings = cluster.list(ListQuery.of(TARGET_GROUP_BINDING).in(spec.namespace()))
                    .items();
        } catch (ApiException e) {
            // another version of the controller, or none
            return null;
        }
        List<CanaryWeights.Destination> destinations = new ArrayList<>(weights.additional());
        destinations.add(weights.canary());
        destinations.add(weights.stable());
        for (CanaryWeights.Destination destination : destinations) {
            if (destination.weight() > 0 && !isBound(bindings, destination.serviceName())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBound(List<JsonObject> bindings, String service) {
        return bindings.stream()
                .anyMatch(binding -> binding.object("spec")
                                .object("serviceRef")
                                .text("name", "")
                                .equals(service)
                        && (!binding.object("status").has("observedGeneration")
                                || Weights.number(binding.object("status").get("observedGeneration"))
                                        >= Weights.generation(binding)));
    }

    // ---- header routes

    @Override
    public Outcome<List<JsonObject>> routed(
            RolloutSpec spec, String kind, JsonObject route, Function<ObjectRef, @Nullable JsonObject> read) {
        if (!kind.equals("header")) {
            return TrafficRouter.super.routed(spec, kind, route, read);
        }
        JsonArray.Builder conditions = JsonArray.builder();
        for (JsonObject match : Fields.objects(route, "match")) {
            JsonObject value = match.object("headerValue");
            if (!value.has("exact")) {
                return Outcome.failed(Problem.error("TRAFFIC_ROUTE", "alb header routes match exact values only"));
            }
            conditions.add(JsonObject.of(
                    "Field",
                    Json.of("http-header"),
                    "HttpHeaderConfig",
                    JsonObject.of(
                            "HttpHeaderName",
                            Json.of(match.text("headerName", "")),
                            "Values",
                            JsonArray.of(Json.of(value.text("exact", ""))))));
        }
        String name = route.text("name", "");
        return edited(spec, read, ingress -> {
            JsonObject without = without(spec, ingress, List.of(name));
            return conditions.size() == 0 ? without : withRoute(spec, without, name, conditions.build());
        });
    }

    @Override
    public Outcome<List<JsonObject>> withoutRoutes(
            RolloutSpec spec, List<String> names, Function<ObjectRef, @Nullable JsonObject> read) {
        return edited(spec, read, ingress -> without(spec, ingress, names));
    }

    @Override
    public List<String> routes(RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read) {
        List<String> found = new ArrayList<>();
        for (String ingress : ingresses(alb(spec))) {
            JsonObject object = read.apply(ObjectRef.of(INGRESS, spec.namespace(), ingress));
            JsonObject annotations = object == null
                    ? JsonObject.empty()
                    : object.object("metadata").object("annotations");
            for (String name : ManagedRoutes.of(spec)) {
                if (annotations.has(key(alb(spec), "conditions", name)) && !found.contains(name)) {
                    found.add(name);
                }
            }
        }
        return List.copyOf(found);
    }

    private static Outcome<List<JsonObject>> edited(
            RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read, UnaryOperator<JsonObject> edit) {
        List<JsonObject> changed = new ArrayList<>();
        for (String name : ingresses(alb(spec))) {
            ObjectRef ref = ObjectRef.of(INGRESS, spec.namespace(), name);
            JsonObject ingress = read.apply(ref);
            if (ingress == null) {
                return TrafficRouter.missing(ref);
            }
            changed.add(edit.apply(ingress));
        }
        return Outcome.of(List.copyOf(changed));
    }

    private static JsonObject without(RolloutSpec spec, JsonObject ingress, List<String> names) {
        JsonObject metadata = ingress.object("metadata");
        JsonObject annotations = metadata.object("annotations");
        for (String name : names) {
            annotations =
                    annotations.without(key(alb(spec), "actions", name)).without(key(alb(spec), "conditions", name));
        }
        JsonObject changed = metadata.has("annotations")
                ? ingress.with("metadata", metadata.with("annotations", annotations))
                : ingress;
        return withPaths(changed, paths -> {
            JsonArray.Builder kept = JsonArray.builder();
            for (Json path : paths) {
                if (!names.contains(service(path))) {
                    kept.add(path);
                }
            }
            return kept.build();
        });
    }

    private static JsonObject withRoute(RolloutSpec spec, JsonObject ingress, String name, JsonArray conditions) {
        JsonObject alb = alb(spec);
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        CanaryWeights.Destination all = new CanaryWeights.Destination(100, "", canary.canaryService());
        String port = String.valueOf(Fields.integer(alb, "servicePort", 80));
        String action = JsonObject.of(
                        "Type",
                        Json.of("forward"),
                        "ForwardConfig",
                        JsonObject.of("TargetGroups", JsonArray.of(group(all, port))))
                .toJson();
        JsonObject metadata = ingress.object("metadata");
        JsonObject annotations = metadata.object("annotations")
                .with(key(alb, "actions", name), Json.of(action))
                .with(key(alb, "conditions", name), Json.of(conditions.toJson()));
        JsonObject backend = JsonObject.of(
                "service",
                JsonObject.of("name", Json.of(name), "port", JsonObject.of("name", Json.of("use-annotation"))));
        String root = alb.text("rootService", canary.stableService());
        List<String> order = ManagedRoutes.of(spec);
        return withPaths(ingress.with("metadata", metadata.with("annotations", annotations)), paths -> {
            for (int i = 0; i < paths.size(); i++) {
                boolean later = order.indexOf(service(paths.get(i))) > order.indexOf(name);
                if ((later || service(paths.get(i)).equals(root)) && paths.get(i) instanceof JsonObject like) {
                    return paths.inserted(i, like.with("backend", backend));
                }
            }
            return paths;
        });
    }

    private static String service(Json path) {
        return path instanceof JsonObject object
                ? object.object("backend").object("service").text("name", "")
                : "";
    }

    private static JsonObject withPaths(JsonObject ingress, UnaryOperator<JsonArray> edit) {
        JsonArray rules = ingress.object("spec").array("rules");
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) instanceof JsonObject rule && rule.object("http").has("paths")) {
                JsonArray paths = edit.apply(rule.object("http").array("paths"));
                rules = rules.with(i, rule.with("http", rule.object("http").with("paths", paths)));
            }
        }
        return rules.isEmpty()
                ? ingress
                : ingress.with("spec", ingress.object("spec").with("rules", rules));
    }

    private static JsonObject alb(RolloutSpec spec) {
        JsonObject routing = spec.canary() == null ? null : spec.canary().trafficRouting();
        return routing == null ? JsonObject.empty() : routing.object("alb");
    }

    private static List<String> ingresses(JsonObject alb) {
        return alb.has("ingress") ? List.of(alb.text("ingress", "")) : Fields.texts(alb, "ingresses");
    }

    private static String key(JsonObject alb, String what, String name) {
        return alb.text("annotationPrefix", "alb.ingress.kubernetes.io") + "/" + what + "." + name;
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
