package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.CanaryWeights;
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
 * Gateway API HTTPRoutes: the weights of the backends that are the canary and the stable service, in every rule; header and
 * mirror routes as rules of their own, remembered in an annotation, since a rule has no name of its own in every version.
 */
final class GatewayApiRouter implements TrafficRouter {
    static final String PLUGIN = "argoproj-labs/gatewayAPI";
    private static final String ROUTES = "gitops4j.io/managed-routes";
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

    /** By the conditions that the gateways write for their parent reference. */
    @Override
    public @Nullable Boolean verified(RolloutSpec spec, CanaryWeights weights, ClusterReader cluster) {
        Boolean verified = null;
        for (ObjectRef ref : refs(spec)) {
            JsonObject route = cluster.get(ref).orElse(JsonObject.empty());
            long generation = Weights.generation(route);
            for (JsonObject parent : Fields.objects(route.object("status"), "parents")) {
                boolean accepted = Fields.objects(parent, "conditions").stream()
                        .anyMatch(condition -> condition.text("type", "").equals("Accepted")
                                && condition.text("status", "").equals("True")
                                && Weights.number(condition.get("observedGeneration")) >= generation);
                verified = accepted && !Boolean.FALSE.equals(verified);
            }
        }
        return verified;
    }

    // ---- header and mirror routes

    @Override
    public Outcome<List<JsonObject>> routed(
            RolloutSpec spec, String kind, JsonObject route, Function<ObjectRef, @Nullable JsonObject> read) {
        String name = route.text("name", "");
        return edited(spec, read, object -> {
            JsonObject without = without(object, List.of(name));
            if (route.array("match").isEmpty()) {
                return without;
            }
            JsonObject rule =
                    kind.equals("header") ? headerRule(spec, route, without) : mirrorRule(spec, route, without);
            return rule == null ? without : inserted(spec, without, name, rule);
        });
    }

    @Override
    public Outcome<List<JsonObject>> withoutRoutes(
            RolloutSpec spec, List<String> names, Function<ObjectRef, @Nullable JsonObject> read) {
        return edited(spec, read, object -> without(object, names));
    }

    @Override
    public List<String> routes(RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read) {
        List<String> found = new ArrayList<>();
        List<String> managed = ManagedRoutes.of(spec);
        for (ObjectRef ref : managed.isEmpty() ? List.<ObjectRef>of() : refs(spec)) {
            JsonObject object = read.apply(ref);
            JsonObject noted = object == null ? JsonObject.empty() : noted(object);
            for (String name : managed) {
                if (noted.has(name) && !found.contains(name)) {
                    found.add(name);
                }
            }
        }
        return List.copyOf(found);
    }

    private static Outcome<List<JsonObject>> edited(
            RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read, UnaryOperator<JsonObject> edit) {
        List<JsonObject> changed = new ArrayList<>();
        for (ObjectRef ref : refs(spec)) {
            JsonObject route = read.apply(ref);
            if (route == null) {
                return TrafficRouter.missing(ref);
            }
            changed.add(edit.apply(route));
        }
        return Outcome.of(List.copyOf(changed));
    }

    private static JsonObject noted(JsonObject object) {
        String text = object.object("metadata").object("annotations").text(ROUTES, "{}");
        return JsonReader.parse(text).orNull() instanceof JsonObject noted ? noted : JsonObject.empty();
    }

    private static JsonObject note(JsonObject object, JsonObject noted) {
        JsonObject metadata = object.object("metadata");
        JsonObject annotations = metadata.object("annotations");
        annotations = noted.isEmpty() ? annotations.without(ROUTES) : annotations.with(ROUTES, Json.of(noted.toJson()));
        return object.with(
                "metadata",
                annotations.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", annotations));
    }

    private static JsonObject without(JsonObject object, List<String> names) {
        JsonObject noted = noted(object);
        JsonObject left = noted;
        JsonArray.Builder kept = JsonArray.builder();
        for (Json rule : object.object("spec").array("rules")) {
            boolean goes = names.stream().anyMatch(name -> noted.has(name) && says(rule, noted.object(name)));
            if (!goes) {
                kept.add(rule);
            }
        }
        for (String name : names) {
            left = left.without(name);
        }
        return left.equals(noted)
                ? object
                : note(object.with("spec", object.object("spec").with("rules", kept.build())), left);
    }

    /** Whether a value says all that another one says; the server may have added its defaults. */
    private static boolean says(@Nullable Json value, Json wanted) {
        if (wanted instanceof JsonObject object) {
            return value instanceof JsonObject live
                    && object.keys().stream()
                            .allMatch(key -> says(live.get(key), Objects.requireNonNull(object.get(key))));
        }
        if (wanted instanceof JsonArray array) {
            if (!(value instanceof JsonArray live) || live.size() != array.size()) {
                return false;
            }
            for (int i = 0; i < array.size(); i++) {
                if (!says(live.get(i), array.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return wanted.equals(value);
    }

    /** Managed rules come first, in the order of {@code managedRoutes}. */
    private static JsonObject inserted(RolloutSpec spec, JsonObject object, String name, JsonObject rule) {
        List<String> order = ManagedRoutes.of(spec);
        JsonObject noted = noted(object);
        JsonArray rules = object.object("spec").array("rules");
        int at = 0;
        for (String before : order.subList(0, Math.max(0, order.indexOf(name)))) {
            if (noted.has(before) && at < rules.size() && says(rules.get(at), noted.object(before))) {
                at++;
            }
        }
        JsonObject changed = object.with("spec", object.object("spec").with("rules", rules.inserted(at, rule)));
        return note(changed, noted.with(name, rule));
    }

    /** The canary's backend as the route has it, {@code null} where it has none. */
    private static @Nullable JsonObject canaryBackend(RolloutSpec spec, JsonObject object) {
        String canary = Objects.requireNonNull(spec.canary()).canaryService();
        for (JsonObject rule : Fields.objects(object.object("spec"), "rules")) {
            for (JsonObject backend : Fields.objects(rule, "backendRefs")) {
                if (backend.text("name", "").equals(canary)) {
                    return backend.without("weight");
                }
            }
        }
        return null;
    }

    private static @Nullable JsonObject headerRule(RolloutSpec spec, JsonObject route, JsonObject object) {
        JsonObject backend = canaryBackend(spec, object);
        JsonArray.Builder matches = JsonArray.builder();
        for (JsonObject match : Fields.objects(route, "match")) {
            JsonArray headers = JsonArray.of(header(match.text("headerName", ""), match.object("headerValue")));
            matches.add(JsonObject.of("headers", headers));
        }
        return backend == null ? null : JsonObject.of("matches", matches.build(), "backendRefs", JsonArray.of(backend));
    }

    private static @Nullable JsonObject mirrorRule(RolloutSpec spec, JsonObject route, JsonObject object) {
        JsonObject backend = canaryBackend(spec, object);
        if (backend == null) {
            return null;
        }
        JsonArray.Builder matches = JsonArray.builder();
        for (JsonObject match : Fields.objects(route, "match")) {
            matches.add(match(match));
        }
        JsonObject mirror = JsonObject.of("backendRef", backend);
        Integer percentage = Fields.integer(route, "percentage");
        mirror = percentage == null || percentage == 100 ? mirror : mirror.with("percent", Json.of(percentage));
        JsonArray backends = JsonArray.empty();
        for (JsonObject rule : Fields.objects(object.object("spec"), "rules")) {
            if (rule.array("backendRefs").size() > 1) {
                backends = rule.array("backendRefs");
                break;
            }
        }
        JsonObject filter = JsonObject.of("type", Json.of("RequestMirror"), "requestMirror", mirror);
        return JsonObject.builder()
                .put("matches", matches.build())
                .put("filters", JsonArray.of(filter))
                .put("backendRefs", backends)
                .build();
    }

    private static JsonObject match(JsonObject match) {
        JsonObject made = JsonObject.empty();
        String method = match.object("method").text("exact", "");
        made = method.isEmpty() ? made : made.with("method", Json.of(method));
        JsonObject path = match.object("path");
        if (!path.isEmpty()) {
            String type = path.has("exact") ? "Exact" : path.has("prefix") ? "PathPrefix" : "RegularExpression";
            made = made.with("path", JsonObject.of("type", Json.of(type), "value", Json.of(value(path))));
        }
        JsonObject headers = match.object("headers");
        JsonArray.Builder list = JsonArray.builder();
        for (String name : headers.keys()) {
            list.add(header(name, headers.object(name)));
        }
        return list.size() == 0 ? made : made.with("headers", list.build());
    }

    private static JsonObject header(String name, JsonObject value) {
        boolean exact = value.has("exact");
        String text = value.has("prefix") ? "^" + Weights.quoted(value.text("prefix", "")) + ".*" : value(value);
        return JsonObject.builder()
                .put("type", exact ? "Exact" : "RegularExpression")
                .put("name", name)
                .put("value", text)
                .build();
    }

    private static String value(JsonObject value) {
        return value.text("exact", value.text("prefix", value.text("regex", "")));
    }
}
