package io.gitops4j.rollout.traffic;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Apache APISIX: the weights of the backends in the rules of an ApisixRoute; a header route as a rule of higher priority for
 * each of them, in the same ApisixRoute.
 */
final class ApisixRouter implements TrafficRouter {
    private static final Gvk APISIX_ROUTE = Gvk.of("apisix.apache.org/v2", "ApisixRoute");

    @Override
    public String name() {
        return "apisix";
    }

    private static JsonObject route(RolloutSpec spec) {
        JsonObject routing = spec.canary() == null ? null : spec.canary().trafficRouting();
        return routing == null ? JsonObject.empty() : routing.object("apisix").object("route");
    }

    private static Outcome<List<JsonObject>> edited(
            RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read, UnaryOperator<JsonArray> edit) {
        ObjectRef ref = ObjectRef.of(APISIX_ROUTE, spec.namespace(), route(spec).text("name", ""));
        JsonObject object = read.apply(ref);
        if (object == null) {
            return TrafficRouter.missing(ref);
        }
        JsonArray rules = object.object("spec").array("http");
        if (rules.isEmpty()) {
            return Outcome.failed(
                    Problem.error("TRAFFIC_ROUTE", "ApisixRoute \"" + ref.name() + "\" has no http rules"));
        }
        return Outcome.of(List.of(object.with("spec", object.object("spec").with("http", edit.apply(rules)))));
    }

    /** Whether a rule is one of those whose traffic is split. */
    private static boolean isSplit(RolloutSpec spec, Json rule) {
        List<String> wanted = Fields.texts(route(spec), "rules");
        return rule instanceof JsonObject object
                && object.array("backends").size() > 1
                && (wanted.isEmpty() || wanted.contains(object.text("name", "")));
    }

    @Override
    public Outcome<List<JsonObject>> weighted(
            RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
        return edited(spec, read, rules -> {
            JsonArray result = rules;
            for (int i = 0; i < rules.size(); i++) {
                if (isSplit(spec, rules.get(i)) && rules.get(i) instanceof JsonObject rule) {
                    result = result.with(i, rule.with("backends", backends(rule.array("backends"), weights)));
                }
            }
            return result;
        });
    }

    private static JsonArray backends(JsonArray backends, CanaryWeights weights) {
        JsonArray result = backends;
        for (int i = 0; i < backends.size(); i++) {
            if (backends.get(i) instanceof JsonObject backend) {
                Integer weight = Weights.of(weights, backend.text("serviceName", ""));
                result = weight == null ? result : result.with(i, backend.with("weight", Json.of(weight)));
            }
        }
        return result;
    }

    @Override
    public Outcome<List<JsonObject>> routed(
            RolloutSpec spec, String kind, JsonObject route, Function<ObjectRef, @Nullable JsonObject> read) {
        if (!kind.equals("header")) {
            return TrafficRouter.super.routed(spec, kind, route, read);
        }
        String name = route.text("name", "");
        return edited(spec, read, rules -> {
            JsonArray.Builder result = JsonArray.builder();
            JsonArray without = without(spec, rules, List.of(name));
            if (!route.array("match").isEmpty()) {
                for (Json rule : without) {
                    if (isSplit(spec, rule) && rule instanceof JsonObject like) {
                        result.add(headerRule(spec, like, name, route));
                    }
                }
            }
            without.forEach(result::add);
            return result.build();
        });
    }

    @Override
    public Outcome<List<JsonObject>> withoutRoutes(
            RolloutSpec spec, List<String> names, Function<ObjectRef, @Nullable JsonObject> read) {
        return edited(spec, read, rules -> without(spec, rules, names));
    }

    @Override
    public List<String> routes(RolloutSpec spec, Function<ObjectRef, @Nullable JsonObject> read) {
        List<String> managed = ManagedRoutes.of(spec);
        JsonObject object = managed.isEmpty()
                ? null
                : read.apply(
                        ObjectRef.of(APISIX_ROUTE, spec.namespace(), route(spec).text("name", "")));
        JsonArray rules =
                object == null ? JsonArray.empty() : object.object("spec").array("http");
        List<String> found = new ArrayList<>();
        for (String name : managed) {
            if (without(spec, rules, List.of(name)).size() < rules.size()) {
                found.add(name);
            }
        }
        return List.copyOf(found);
    }

    private static JsonArray without(RolloutSpec spec, JsonArray rules, List<String> names) {
        List<String> made = new ArrayList<>();
        for (Json rule : rules) {
            if (isSplit(spec, rule) && rule instanceof JsonObject split) {
                names.forEach(name -> made.add(name + "-" + split.text("name", "")));
            }
        }
        JsonArray.Builder kept = JsonArray.builder();
        for (Json rule : rules) {
            if (!(rule instanceof JsonObject object) || !made.contains(object.text("name", ""))) {
                kept.add(rule);
            }
        }
        return kept.build();
    }

    private static JsonObject headerRule(RolloutSpec spec, JsonObject like, String name, JsonObject route) {
        CanaryStrategy canary = Objects.requireNonNull(spec.canary());
        JsonObject match = like.object("match");
        JsonArray exprs = match.array("exprs");
        for (JsonObject header : Fields.objects(route, "match")) {
            JsonObject value = header.object("headerValue");
            boolean exact = value.has("exact");
            String text = exact
                    ? value.text("exact", "")
                    : value.has("prefix")
                            ? "^" + Weights.quoted(value.text("prefix", "")) + ".*"
                            : value.text("regex", "");
            exprs = exprs.appended(JsonObject.builder()
                    .put(
                            "subject",
                            JsonObject.of("scope", Json.of("Header"), "name", Json.of(header.text("headerName", ""))))
                    .put("op", exact ? "Equal" : "RegexMatch")
                    .put("value", text)
                    .build());
        }
        JsonArray.Builder backends = JsonArray.builder();
        for (JsonObject backend : Fields.objects(like, "backends")) {
            if (backend.text("serviceName", "").equals(canary.canaryService())) {
                backends.add(backend.with("weight", Json.of(100)));
            }
        }
        return like.with("name", Json.of(name + "-" + like.text("name", "")))
                .with("priority", Json.of(Fields.integer(like, "priority", 0) + 1))
                .with("match", match.with("exprs", exprs))
                .with("backends", backends.build());
    }
}
