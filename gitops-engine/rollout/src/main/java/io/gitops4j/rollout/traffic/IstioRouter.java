package io.gitops4j.rollout.traffic;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.spi.ClusterReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Istio: weights in VirtualServices, by host or by subset; hashes in the subsets of a DestinationRule; managed routes. */
final class IstioRouter implements TrafficRouter {
    private static final Gvk VIRTUAL_SERVICE = Gvk.of("networking.istio.io/v1", "VirtualService");
    private static final Gvk DESTINATION_RULE = Gvk.of("networking.istio.io/v1", "DestinationRule");

    @Override
    public String name() {
        return "istio";
    }

    private static JsonObject istio(RolloutSpec spec) {
        JsonObject routing = spec.canary() == null ? null : spec.canary().trafficRouting();
        return routing == null ? JsonObject.empty() : routing.object("istio");
    }

    private static List<JsonObject> services(RolloutSpec spec) {
        JsonObject istio = istio(spec);
        return istio.has("virtualService")
                ? List.of(istio.object("virtualService"))
                : Fields.objects(istio, "virtualServices");
    }

    /** {@code namespace/name} or a name in the rollout's namespace. */
    private static ObjectRef ref(RolloutSpec spec, Gvk gvk, String name) {
        int slash = name.indexOf('/');
        return slash < 0
                ? ObjectRef.of(gvk, spec.namespace(), name)
                : ObjectRef.of(gvk, name.substring(0, slash), name.substring(slash + 1));
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        List<JsonObject> changed = new ArrayList<>();
        JsonObject rule = istio(spec).object("destinationRule");
        if (!rule.isEmpty()) {
            ObjectRef ref = ref(spec, DESTINATION_RULE, rule.text("name", ""));
            JsonObject object = read.apply(ref);
            if (object == null) {
                return TrafficRouter.missing(ref);
            }
            changed.add(subsets(object, rule, weights, spec.name()));
        }
        for (JsonObject service : services(spec)) {
            ObjectRef ref = ref(spec, VIRTUAL_SERVICE, service.text("name", ""));
            JsonObject object = read.apply(ref);
            if (object == null) {
                return TrafficRouter.missing(ref);
            }
            JsonObject body = object.object("spec");
            List<String> named = Fields.texts(service, "routes");
            boolean plain = named.isEmpty() && (service.has("tlsRoutes") || service.has("tcpRoutes"));
            for (String protocol : new String[] {"http", "tls", "tcp"}) {
                if (body.has(protocol) && !(plain && protocol.equals("http"))) {
                    body = body.with(
                            protocol,
                            routes(
                                    body.array(protocol),
                                    protocol.equals("http") ? named : List.of(),
                                    new Split(rule, weights, spec.name())));
                }
            }
            if (body.array("http").isEmpty()
                    && body.array("tls").isEmpty()
                    && body.array("tcp").isEmpty()) {
                return Outcome.failed(
                        Problem.error("TRAFFIC_ROUTE", "VirtualService \"" + ref.name() + "\" has no routes"));
            }
            changed.add(object.with("spec", body));
        }
        return Outcome.of(List.copyOf(changed));
    }

    /** How traffic is shared, and the name of the rollout, which all its experiments' names begin with. */
    private record Split(JsonObject rule, CanaryWeights weights, String rollout) {

        /** Whether a host or subset belongs to an experiment of the rollout that takes no share any more. */
        boolean stale(String name) {
            boolean known = name.equals(weights.canary().serviceName())
                    || name.equals(weights.stable().serviceName())
                    || name.equals(rule.text("canarySubsetName"))
                    || name.equals(rule.text("stableSubsetName"));
            return !known && name.startsWith(rollout + "-") && named(name) == null;
        }

        CanaryWeights.@Nullable Destination named(String name) {
            for (CanaryWeights.Destination destination : weights.additional()) {
                if (destination.serviceName().equals(name)) {
                    return destination;
                }
            }
            return null;
        }
    }

    private static JsonObject subsets(JsonObject object, JsonObject rule, CanaryWeights weights, String rollout) {
        Split split = new Split(rule, weights, rollout);
        JsonArray.Builder kept = JsonArray.builder();
        for (Json member : object.object("spec").array("subsets")) {
            String name = member instanceof JsonObject subset ? subset.text("name", "") : "";
            if (!split.stale(name) && split.named(name) == null) {
                kept.add(member);
            }
        }
        for (CanaryWeights.Destination extra : weights.additional()) {
            kept.add(JsonObject.of(
                    "name",
                    Json.of(extra.serviceName()),
                    "labels",
                    JsonObject.of(TemplateIdentity.HASH_LABEL, Json.of(extra.podTemplateHash()))));
        }
        JsonArray subsets = kept.build();
        for (int i = 0; i < subsets.size(); i++) {
            if (!(subsets.get(i) instanceof JsonObject subset)) {
                continue;
            }
            String name = subset.text("name", "");
            String hash = name.equals(rule.text("canarySubsetName"))
                    ? weights.canary().podTemplateHash()
                    : name.equals(rule.text("stableSubsetName"))
                            ? weights.stable().podTemplateHash()
                            : "";
            if (!hash.isEmpty()) {
                JsonObject labels = subset.object("labels").with(TemplateIdentity.HASH_LABEL, Json.of(hash));
                subsets = subsets.with(i, subset.with("labels", labels));
            }
        }
        return object.with("spec", object.object("spec").with("subsets", subsets));
    }

    private static JsonArray routes(JsonArray routes, List<String> named, Split split) {
        JsonArray result = routes;
        for (int i = 0; i < routes.size(); i++) {
            boolean wanted = routes.get(i) instanceof JsonObject route
                    && (named.isEmpty() || named.contains(route.text("name", "")))
                    && route.array("route").size() > 1;
            if (wanted && routes.get(i) instanceof JsonObject route) {
                result = result.with(i, route.with("route", destinations(route.array("route"), split)));
            }
        }
        return result;
    }

    private static JsonArray destinations(JsonArray destinations, Split split) {
        JsonArray.Builder result = JsonArray.builder();
        JsonObject like = JsonObject.empty();
        for (Json member : destinations) {
            if (!(member instanceof JsonObject item)) {
                result.add(member);
                continue;
            }
            JsonObject destination = item.object("destination");
            String key = destination.text("subset", destination.text("host", ""));
            if (split.stale(key) || split.named(key) != null) {
                continue;
            }
            Integer weight = weight(destination, split.rule(), split.weights());
            like = weight == null ? like : destination;
            result.add(weight == null ? item : item.with("weight", Json.of(weight)));
        }
        for (CanaryWeights.Destination extra : split.weights().additional()) {
            String name = extra.serviceName();
            JsonObject destination =
                    like.has("subset") ? like.with("subset", Json.of(name)) : JsonObject.of("host", Json.of(name));
            if (!name.isEmpty() && !like.isEmpty()) {
                result.add(JsonObject.of("destination", destination, "weight", Json.of(extra.weight())));
            }
        }
        return result.build();
    }

    private static @Nullable Integer weight(JsonObject destination, JsonObject rule, CanaryWeights weights) {
        String subset = destination.text("subset", "");
        if (!rule.isEmpty() && !subset.isEmpty()) {
            return subset.equals(rule.text("canarySubsetName"))
                    ? (Integer) weights.canary().weight()
                    : subset.equals(rule.text("stableSubsetName"))
                            ? (Integer) weights.stable().weight()
                            : null;
        }
        String host = destination.text("host", "");
        int dot = host.indexOf('.');
        return Weights.of(weights, dot < 0 ? host : host.substring(0, dot));
    }

    @Override
    public Outcome<List<JsonObject>> routed(
            RolloutSpec spec, String kind, JsonObject route, Function<ObjectRef, @Nullable JsonObject> read) {
        return edited(spec, read, routes -> {
            String name = route.text("name", "");
            JsonArray without = without(routes, List.of(name));
            if (route.array("match").isEmpty()) {
                return without;
            }
            JsonObject made = kind.equals("header") ? headerRoute(spec, route) : mirrorRoute(spec, route, without);
            return inserted(spec, without, made);
        });
    }

    @Override
    public Outcome<List<JsonObject>> withoutRoutes(
            RolloutSpec spec, List<String> names, Function<ObjectRef, @Nullable JsonObject> read) {
        return edited(spec, read, routes -> without(routes, names));
    }

    /** By what Istio writes into the status of a VirtualService, where it is told to write there. */
    @Override
    public @Nullable Boolean verified(RolloutSpec spec, CanaryWeights weights, ClusterReader cluster) {
        Boolean verified = null;
        for (JsonObject service : services(spec)) {
            JsonObject object = cluster.get(ref(spec, VIRTUAL_SERVICE, service.text("name", "")))
                    .orElse(JsonObject.empty());
            JsonObject status = object.object("status");
            Boolean reconciled = reconciled(status, Weights.generation(object));
            verified = reconciled == null ? verified : Boolean.valueOf(reconciled && !Boolean.FALSE.equals(verified));
        }
        return verified;
    }

    private static @Nullable Boolean reconciled(JsonObject status, long generation) {
        long observed = Weights.number(status.get("observedGeneration"));
        for (JsonObject condition : Fields.objects(status, "conditions")) {
            if (observed > 0 && condition.text("type", "").equals("Reconciled")) {
                return observed >= generation && condition.text("status", "").equals("True");
            }
        }
        return null;
    }

    @Override
    public List<String> routes(RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read) {
        List<String> managed = ManagedRoutes.of(spec);
        List<String> found = new ArrayList<>();
        for (JsonObject service : services(spec)) {
            JsonObject object = read.apply(ref(spec, VIRTUAL_SERVICE, service.text("name", "")));
            for (JsonObject route :
                    object == null ? List.<JsonObject>of() : Fields.objects(object.object("spec"), "http")) {
                String name = route.text("name", "");
                if (managed.contains(name) && !found.contains(name)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private static Outcome<List<JsonObject>> edited(
            RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read, Function<JsonArray, JsonArray> edit) {
        List<JsonObject> changed = new ArrayList<>();
        for (JsonObject service : services(spec)) {
            ObjectRef ref = ref(spec, VIRTUAL_SERVICE, service.text("name", ""));
            JsonObject object = read.apply(ref);
            if (object == null) {
                return TrafficRouter.missing(ref);
            }
            JsonObject body = object.object("spec");
            changed.add(object.with("spec", body.with("http", edit.apply(body.array("http")))));
        }
        return Outcome.of(List.copyOf(changed));
    }

    private static JsonArray without(JsonArray routes, List<String> names) {
        JsonArray.Builder kept = JsonArray.builder();
        for (Json route : routes) {
            if (!(route instanceof JsonObject object) || !names.contains(object.text("name", ""))) {
                kept.add(route);
            }
        }
        return kept.build();
    }

    /** Managed routes come first, in the order of {@code managedRoutes}. */
    private static JsonArray inserted(RolloutSpec spec, JsonArray routes, JsonObject made) {
        List<String> order = ManagedRoutes.of(spec);
        int rank = order.indexOf(made.text("name", ""));
        int at = 0;
        while (at < routes.size()
                && routes.get(at) instanceof JsonObject other
                && order.contains(other.text("name", ""))
                && order.indexOf(other.text("name", "")) < rank) {
            at++;
        }
        return routes.inserted(at, made);
    }

    private static JsonObject canaryDestination(RolloutSpec spec) {
        JsonObject rule = istio(spec).object("destinationRule");
        String canary = Objects.requireNonNull(spec.canary()).canaryService();
        String stable = Objects.requireNonNull(spec.canary()).stableService();
        JsonObject destination = JsonObject.of("host", Json.of(canary.isEmpty() ? stable : canary));
        return rule.isEmpty() ? destination : destination.with("subset", Json.of(rule.text("canarySubsetName", "")));
    }

    private static JsonObject headerRoute(RolloutSpec spec, JsonObject route) {
        JsonArray.Builder matches = JsonArray.builder();
        for (JsonObject match : Fields.objects(route, "match")) {
            matches.add(
                    JsonObject.of("headers", JsonObject.of(match.text("headerName", ""), match.object("headerValue"))));
        }
        JsonObject to = JsonObject.of("destination", canaryDestination(spec), "weight", Json.of(100));
        return JsonObject.builder()
                .put("name", route.text("name", ""))
                .put("match", matches.build())
                .put("route", JsonArray.of(to))
                .build();
    }

    private static JsonObject mirrorRoute(RolloutSpec spec, JsonObject route, JsonArray routes) {
        JsonArray.Builder matches = JsonArray.builder();
        for (JsonObject match : Fields.objects(route, "match")) {
            JsonObject made = JsonObject.empty();
            made = match.has("method") ? made.with("method", match.object("method")) : made;
            made = match.has("path") ? made.with("uri", match.object("path")) : made;
            made = match.has("headers") ? made.with("headers", match.object("headers")) : made;
            matches.add(made);
        }
        JsonArray main = JsonArray.empty();
        for (Json candidate : routes) {
            if (candidate instanceof JsonObject other && other.array("route").size() > 1) {
                main = other.array("route");
                break;
            }
        }
        return JsonObject.builder()
                .put("name", route.text("name", ""))
                .put("match", matches.build())
                .put("route", main)
                .put("mirror", canaryDestination(spec))
                .put("mirrorPercentage", JsonObject.of("value", Json.of(Fields.integer(route, "percentage", 100))))
                .build();
    }
}
