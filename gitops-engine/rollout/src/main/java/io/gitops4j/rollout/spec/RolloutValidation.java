package io.gitops4j.rollout.spec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.quantity.GoDuration;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validation of a Rollout with the field paths and messages that users of Argo know. The rollout's condition shows the first
 * error only; {@link #errors} gives all of them. Paths below the strategy leave the strategy's own name out
 * ({@code spec.strategy.steps[1]}), as the controller's do.
 *
 * <p>Source: Rollouts §1.
 */
public final class RolloutValidation {
    private static final String NOTHING_CHOSEN =
            "step.Experiment: true step.Pause: true step.SetWeight: true step.Analysis: true step.SetCanaryScale: true"
                    + " step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true";

    private static final Pattern METADATA =
            Pattern.compile("metadata\\.(name|namespace|uid|(labels|annotations)(\\['.*'])?)");

    private final RolloutSpec spec;
    private final List<String> errors = new ArrayList<>();

    private RolloutValidation(RolloutSpec spec) {
        this.spec = spec;
    }

    /** Every error as {@code path: detail}, in the order of the checks. */
    public static List<String> errors(RolloutSpec spec) {
        RolloutValidation validation = new RolloutValidation(spec);
        validation.all();
        return List.copyOf(validation.errors);
    }

    static @Nullable String firstError(RolloutSpec spec) {
        List<String> found = errors(spec);
        return found.isEmpty() ? null : found.get(0);
    }

    private void invalid(String path, @Nullable Json value, String detail) {
        errors.add(path + ": Invalid value: " + (value == null ? "null" : value.toJson()) + ": " + detail);
    }

    private void required(String path, String detail) {
        errors.add(path + ": Required value" + (detail.isEmpty() ? "" : ": " + detail));
    }

    private void all() {
        JsonObject body = spec.rollout().object("spec");
        notNegative("spec.replicas", body.get("replicas"));
        if (spec.workloadRef() == null) {
            selectorAndTemplate(body);
        } else if (!spec.template().isEmpty()) {
            invalid("spec.template", Json.of(""), "template must be empty for workload reference rollout");
        } else {
            reference(spec.workloadRef());
        }
        notNegative("spec.minReadySeconds", body.get("minReadySeconds"));
        notNegative("spec.revisionHistoryLimit", body.get("revisionHistoryLimit"));
        notNegative("spec.progressDeadlineSeconds", body.get("progressDeadlineSeconds"));
        if (spec.progressDeadlineSeconds() >= 0 && spec.progressDeadlineSeconds() <= spec.minReadySeconds()) {
            invalid(
                    "spec.progressDeadlineSeconds",
                    Json.of(spec.progressDeadlineSeconds()),
                    "must be greater than minReadySeconds");
        }
        strategy();
    }

    private void notNegative(String path, @Nullable Json value) {
        Integer number = Fields.integer(value);
        if (number != null && number < 0) {
            invalid(path, Json.of(number), "must be greater than or equal to 0");
        }
    }

    private void reference(JsonObject ref) {
        String apiVersion = ref.text("apiVersion", "");
        String kind = ref.text("kind", "");
        boolean known = (apiVersion.startsWith("apps/") && (kind.equals("Deployment") || kind.equals("ReplicaSet")))
                || (apiVersion.equals("v1") && kind.equals("PodTemplate"));
        if (!known) {
            int slash = apiVersion.indexOf('/');
            String group = slash < 0 ? "" : apiVersion.substring(0, slash);
            invalid(
                    "spec.workloadRef.kind",
                    Json.of(kind),
                    "workload of type " + group + "/" + kind + " is not supported");
        }
    }

    private void selectorAndTemplate(JsonObject body) {
        JsonObject selector = Fields.objectOrNull(body, "selector");
        JsonObject labels = spec.template().object("metadata").object("labels");
        boolean unmatched = selector == null;
        if (selector == null) {
            required("spec.selector", "Rollout has missing field '.spec.selector'");
        } else {
            int before = errors.size();
            JsonObject known = known(selector);
            PodTemplateRules.selector(known, "spec.selector", errors);
            if (known.isEmpty()) {
                invalid("spec.selector", known, "empty selector is invalid for deployment");
            } else if (errors.size() > before || LabelSelector.of(known).orNull() == null) {
                invalid("spec.selector", known, "invalid label selector");
            } else {
                unmatched = !selects(selector, labels);
            }
        }
        if (unmatched) {
            invalid(
                    "spec.template.metadata.labels",
                    spec.template().object("metadata").get("labels"),
                    "`selector` does not match template `labels`");
        }
        PodTemplateRules.check(spec.template(), "spec.template", errors);
    }

    private static JsonObject known(JsonObject selector) {
        JsonObject.Builder out = JsonObject.builder();
        if (!selector.object("matchLabels").isEmpty()) {
            out.put("matchLabels", selector.object("matchLabels"));
        }
        if (!selector.array("matchExpressions").isEmpty()) {
            out.put("matchExpressions", selector.array("matchExpressions"));
        }
        return out.build();
    }

    private static boolean selects(JsonObject selector, JsonObject labels) {
        LabelSelector parsed = LabelSelector.of(selector).orNull();
        return parsed != null && parsed.matches(labels);
    }

    private void strategy() {
        CanaryStrategy canary = spec.canary();
        BlueGreenStrategy blueGreen = spec.blueGreen();
        if (canary == null && blueGreen == null) {
            required(
                    "spec.strategy.strategy",
                    "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'");
        } else if (canary != null && blueGreen != null) {
            invalid(
                    "spec.strategy.strategy",
                    Json.of("blueGreen: true canary: true"),
                    "Multiple Strategies can not be listed");
        } else if (blueGreen != null) {
            blueGreen(blueGreen);
        } else if (canary != null) {
            canary(canary);
        }
    }

    private void blueGreen(BlueGreenStrategy blueGreen) {
        if (blueGreen.activeService().equals(blueGreen.previewService())) {
            invalid(
                    "spec.strategy.activeService",
                    Json.of(blueGreen.activeService()),
                    "This rollout uses the same service for the active and preview services, but two different services are"
                            + " required.");
        } else if (blueGreen.activeService().isEmpty()) {
            invalid(
                    "spec.strategy.activeService",
                    Json.of(""),
                    "Rollout has missing field '.spec.strategy.blueGreen.activeService'");
        }
        Integer limit = blueGreen.scaleDownDelayRevisionLimit();
        if (limit != null && limit > spec.revisionHistoryLimit()) {
            invalid(
                    "spec.strategy.scaleDownDelayRevisionLimit",
                    Json.of(limit),
                    "This rollout's revision history limit can not be smaller than the rollout's scale down limit");
        }
        antiAffinity(blueGreen.body());
    }

    private void canary(CanaryStrategy canary) {
        JsonObject body = canary.body();
        if (zero(body.get("maxSurge")) && zero(body.get("maxUnavailable"))) {
            invalid("spec.strategy.maxSurge", body.get("maxSurge"), "MaxSurge and MaxUnavailable both can not be zero");
        }
        notAShare("maxSurge", body.get("maxSurge"));
        notAShare("maxUnavailable", body.get("maxUnavailable"));
        if (!canary.canaryService().isEmpty() && canary.canaryService().equals(canary.stableService())) {
            invalid(
                    "spec.strategy.stableService",
                    Json.of(canary.stableService()),
                    "This rollout uses the same service for the stable and canary services, but two different services are"
                            + " required.");
        }
        routing(canary);
        if (!canary.routed() && body.has("scaleDownDelaySeconds")) {
            invalid(
                    "spec.strategy.scaleDownDelaySeconds",
                    body.get("scaleDownDelaySeconds"),
                    "Canary scaleDownDelaySeconds can only be used with traffic routing");
        }
        if (canary.dynamicStableScale()) {
            if (!canary.routed()) {
                invalid(
                        "spec.strategy.dynamicStableScale",
                        Json.of(true),
                        "Canary dynamicStableScale can only be used with traffic routing");
            } else if (body.has("scaleDownDelaySeconds")) {
                invalid(
                        "spec.strategy.dynamicStableScale",
                        Json.of(true),
                        "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds");
            }
        }
        if (body.get("minPodsPerReplicaSet") != null && !canary.routed()) {
            invalid(
                    "spec.strategy.minPodsPerReplicaSet",
                    body.get("minPodsPerReplicaSet"),
                    "Canary minPodsPerReplicaSet can only be used with traffic routing");
        }
        steps(canary);
        antiAffinity(body);
    }

    private static boolean zero(@Nullable Json value) {
        IntOrPercent read = IntOrPercent.parse(value);
        return read != null && read.value() == 0;
    }

    private void notAShare(String field, @Nullable Json value) {
        if (value != null && !value.isNull() && IntOrPercent.parse(value) == null) {
            invalid(
                    "spec.strategy." + field,
                    value,
                    "a valid percent string must be a numeric string followed by an ending '%'");
        }
    }

    private void routing(CanaryStrategy canary) {
        JsonObject routing = canary.trafficRouting();
        JsonObject pingPong = canary.pingPong();
        if (pingPong != null) {
            pingPong(pingPong, routing == null ? JsonObject.empty() : routing, routing != null);
        }
        if (routing == null) {
            return;
        }
        boolean istio = routing.has("istio") && !(routing.object("istio").get("destinationRule") instanceof JsonObject);
        boolean paired = pingPong != null && (routing.has("istio") || routing.has("alb"));
        boolean needed = !paired
                && (istio
                        || routing.has("alb")
                        || routing.has("smi")
                        || routing.has("apisix")
                        || routing.has("ambassador")
                        || routing.has("nginx")
                        || routing.has("appMesh")
                        || routing.has("traefik"));
        if (needed) {
            service("stableService", canary.stableService());
            service("canaryService", canary.canaryService());
        }
        if (routing.has("maxTrafficWeight") && !routing.has("nginx") && !routing.has("plugins")) {
            invalid(
                    "spec.strategy.trafficRouting.maxTrafficWeight",
                    routing.get("maxTrafficWeight"),
                    "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins");
        }
        either(routing, "istio", "virtualService", "virtualServices");
        either(routing, "nginx", "stableIngress", "stableIngresses");
        either(routing, "alb", "ingress", "ingresses");
    }

    private void service(String field, String name) {
        if (name.isEmpty()) {
            invalid(
                    "spec.strategy." + field,
                    Json.of(""),
                    "Canary service and Stable service must to be set to use Traffic Routing");
        }
    }

    private void pingPong(JsonObject pingPong, JsonObject routing, boolean routed) {
        if (routed && !routing.has("alb") && !routing.has("istio") && !routing.has("plugins")) {
            invalid(
                    "spec.strategy.trafficRouting.alb",
                    null,
                    "Ping-pong feature works with the ALB and Istio traffic routers only");
        }
        String ping = pingPong.text("pingService", "");
        String pong = pingPong.text("pongService", "");
        if (ping.isEmpty()) {
            unset("pingService");
        }
        if (pong.isEmpty()) {
            unset("pongService");
        }
        if (ping.equals(pong)) {
            invalid(
                    "spec.strategy.pingPong.pingService",
                    Json.of(ping),
                    "This rollout uses the same service for the ping and pong services, but two different services are"
                            + " required.");
        }
        if (routing.has("alb") && routing.object("alb").text("rootService", "").isEmpty()) {
            invalid(
                    "spec.strategy.trafficRouting.alb.rootService",
                    Json.of(""),
                    "Root service field is required for the configuration with ALB and ping-pong feature enabled");
        }
    }

    private void unset(String field) {
        invalid(
                "spec.strategy.pingPong." + field,
                Json.of(""),
                "Ping service and Pong service must to be set to use Ping-Pong feature");
    }

    private void either(JsonObject routing, String router, String one, String many) {
        JsonObject body = routing.object(router);
        if (body.has(one) && body.has(many)) {
            invalid(
                    "spec.strategy.trafficRouting." + router + "." + one,
                    body.get(one),
                    "either " + one + " or " + many + " must be configured");
        }
    }

    private void steps(CanaryStrategy canary) {
        Set<String> managed = new LinkedHashSet<>();
        JsonObject routing = canary.trafficRouting();
        if (routing != null) {
            Fields.objects(routing, "managedRoutes").forEach(route -> managed.add(route.text("name", "")));
        }
        for (int i = 0; i < canary.steps().size(); i++) {
            step(canary, canary.steps().get(i), "spec.strategy.steps[" + i + "]", managed);
        }
    }

    private void step(CanaryStrategy canary, CanaryStep step, String path, Set<String> managed) {
        JsonObject body = step.body();
        int several = 0;
        for (String key : new String[] {"setWeight", "pause", "experiment", "analysis"}) {
            several += set(body, key) ? 1 : 0;
        }
        if (several > 1 || step.kind() == CanaryStep.Kind.NONE) {
            invalid(
                    path,
                    Json.of(several > 1 ? chosen(body) : NOTHING_CHOSEN),
                    "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause");
        }
        Integer weight = step.setWeight();
        if (weight != null && (weight < 0 || weight > canary.maxTrafficWeight())) {
            invalid(
                    path + ".setWeight",
                    Json.of(weight),
                    "SetWeight needs to be between 0 and " + canary.maxTrafficWeight());
        }
        if (step.kind() == CanaryStep.Kind.PAUSE && step.pauseSeconds() != null && step.pauseSeconds() < 0) {
            invalid(path + ".pause.duration", Json.of(seconds(body)), "Duration needs to be greater than 0");
        }
        if (step.setCanaryScale() != null && !canary.routed()) {
            required("spec.strategy.trafficRouting", "SetCanaryScale requires TrafficRouting to be set");
        }
        references(step.part("analysis"), path);
        route(canary, body, path, "setHeaderRoute", managed);
        route(canary, body, path, "setMirrorRoute", managed);
        int at = 0;
        for (JsonObject template : Fields.objects(step.part("experiment"), "templates")) {
            boolean able = canary.trafficRouting() != null
                    && (canary.trafficRouting().has("smi")
                            || canary.trafficRouting().has("alb")
                            || canary.trafficRouting().has("istio")
                            || canary.trafficRouting().has("plugins"));
            if (template.has("weight") && !able) {
                invalid(
                        path + ".experiment.templates[" + at + "].weight",
                        template.get("weight"),
                        canary.trafficRouting() == null
                                ? "Experiment template weight cannot be set unless TrafficRouting is enabled"
                                : "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and"
                                        + " Plugins at this time");
            }
            at++;
        }
    }

    /** What an argument takes from the Rollout's metadata must be something that the downward API knows. */
    private void references(JsonObject analysis, String path) {
        for (JsonObject argument : Fields.objects(analysis, "args")) {
            String field = argument.object("valueFrom").object("fieldRef").text("fieldPath", "");
            if (field.startsWith("metadata.") && !METADATA.matcher(field).matches()) {
                invalid(
                        path + ".analyses",
                        analysis.get("args"),
                        "Analyses arguments must refer to valid object metadata supported by downwardAPI");
                return;
            }
        }
    }

    private static String chosen(JsonObject body) {
        return "step.Experiment: " + set(body, "experiment") + " step.Pause: " + set(body, "pause")
                + " step.SetWeight: " + set(body, "setWeight") + " step.Analysis: " + set(body, "analysis");
    }

    private static boolean set(JsonObject body, String key) {
        Json value = body.get(key);
        return value != null && !value.isNull();
    }

    private void route(CanaryStrategy canary, JsonObject body, String path, String key, Set<String> managed) {
        if (!(body.get(key) instanceof JsonObject route)) {
            return;
        }
        JsonObject routing = canary.trafficRouting();
        boolean header = key.equals("setHeaderRoute");
        boolean able = routing != null
                && (routing.has("istio")
                        || routing.has("plugins")
                        || (header && (routing.has("alb") || routing.has("apisix"))));
        if (!able) {
            invalid(
                    path + "." + key,
                    route,
                    header
                            ? "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix"
                            : "SetMirrorRoute requires TrafficRouting, supports Istio only");
        }
        if (routing == null) {
            return;
        }
        if (able) {
            matches(route, path + "." + key, header, routing.has("alb"));
        }
        if (!(routing.get("managedRoutes") instanceof JsonArray)) {
            required(
                    "spec.strategy.trafficRouting.managedRoutes",
                    "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'");
        } else if (able && !managed.contains(route.text("name", ""))) {
            invalid(
                    path + "." + key,
                    Json.of(route.text("name", "")),
                    "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes");
        }
    }

    private void matches(JsonObject route, String path, boolean header, boolean alb) {
        int at = 0;
        for (JsonObject match : Fields.objects(route, "match")) {
            String here = path + ".match[" + at++ + "]";
            if (header) {
                JsonObject value = Fields.objectOrNull(match, "headerValue");
                if (alb
                        && value != null
                        && texts(value) > 0
                        && value.text("exact", "").isEmpty()) {
                    invalid(here, value, "SetHeaderRoute match value invalid. ALB supports 'exact' value only");
                } else {
                    stringMatch(here, value);
                }
                continue;
            }
            for (String part : new String[] {"method", "path"}) {
                if (match.get(part) instanceof JsonObject value) {
                    stringMatch(here, value);
                }
            }
            match.object("headers").forEach((name, value) -> {
                if (value instanceof JsonObject one) {
                    stringMatch(here, one);
                }
            });
        }
    }

    private static int texts(JsonObject match) {
        int found = 0;
        for (String key : new String[] {"exact", "regex", "prefix"}) {
            found += match.text(key, "").isEmpty() ? 0 : 1;
        }
        return found;
    }

    private void stringMatch(String path, @Nullable JsonObject match) {
        int found = match == null ? 0 : texts(match);
        if (found == 0) {
            invalid(
                    path,
                    match,
                    "StringMatch value missed, match value must have one of the following: exact, regex, prefix");
        } else if (found > 1) {
            invalid(
                    path,
                    match,
                    "StringMatch match value must have exactly one of the following: exact, regex, prefix");
        }
    }

    private static long seconds(JsonObject step) {
        String text = step.object("pause").text("duration", "");
        java.time.Duration duration = GoDuration.parse(text);
        return duration == null ? CanaryStep.pauseSeconds(step.object("pause")) : duration.toSeconds();
    }

    private void antiAffinity(JsonObject body) {
        if (!(body.get("antiAffinity") instanceof JsonObject antiAffinity)) {
            return;
        }
        boolean preferred = antiAffinity.has("preferredDuringSchedulingIgnoredDuringExecution");
        boolean required = antiAffinity.has("requiredDuringSchedulingIgnoredDuringExecution");
        if (preferred == required) {
            invalid(
                    "spec.strategy.antiAffinity",
                    new JsonString("antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: " + preferred
                            + " antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: " + required),
                    "AntiAffinity must have exactly one strategy listed");
        } else if (preferred) {
            int weight =
                    Fields.integer(antiAffinity.object("preferredDuringSchedulingIgnoredDuringExecution"), "weight", 0);
            if (weight < 1 || weight > 100) {
                invalid(
                        "spec.strategy.antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight",
                        Json.of(weight),
                        "AntiAffinity weight must be between 1-100");
            }
        }
    }
}
