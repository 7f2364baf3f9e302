package io.gitops4j.rollout.spec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.quantity.Quantity;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validation of a Rollout with the field paths and messages that users of Argo know. The rollout's condition shows the first
 * error only; {@link #errors} gives all of them. Paths below the strategy leave the strategy's own name out
 * ({@code spec.strategy.steps[1]}), as the controller's do.
 *
 * <p>Source: Rollouts §1.
 */
public final class RolloutValidation {
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
        if (!body.has("selector")) {
            required("spec.selector", "Rollout has missing field '.spec.selector'");
            return;
        }
        boolean empty = spec.selector().object("matchLabels").isEmpty()
                && spec.selector().array("matchExpressions").isEmpty();
        if (empty) {
            invalid("spec.selector", spec.selector(), "empty selector is invalid for deployment");
        }
        if (!body.has("template")) {
            required("spec.template", "Rollout has missing field '.spec.template'");
            return;
        }
        JsonObject labels = spec.template().object("metadata").object("labels");
        if (!empty && !selects(spec.selector(), labels)) {
            invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        }
        if (spec.template().object("spec").array("containers").isEmpty()) {
            required("spec.template.spec.containers", "");
        }
        int at = 0;
        Set<String> names = new LinkedHashSet<>();
        for (JsonObject container : Fields.objects(spec.template().object("spec"), "containers")) {
            String path = "spec.template.spec.containers[" + at++ + "]";
            String name = container.text("name", "");
            if (name.isEmpty()) {
                required(path + ".name", "");
            } else if (!names.add(name)) {
                errors.add(path + ".name: Duplicate value: " + Json.of(name).toJson());
            }
            if (container.text("image", "").isEmpty()) {
                required(path + ".image", "");
            }
            resources(path + ".resources", container.object("resources"));
        }
        String restart = spec.template().object("spec").text("restartPolicy", "Always");
        if (!restart.equals("Always")) {
            errors.add("spec.template.spec.restartPolicy: Unsupported value: "
                    + Json.of(restart).toJson() + ": supported values: \"Always\"");
        }
    }

    private void resources(String path, JsonObject resources) {
        for (String kind : new String[] {"limits", "requests"}) {
            JsonObject amounts = resources.object(kind);
            for (int i = 0; i < amounts.size(); i++) {
                Json amount = amounts.valueAt(i);
                if (!Quantity.of(amount).ok()) {
                    invalid(
                            path + "." + kind + "[" + amounts.keyAt(i) + "]",
                            amount,
                            "quantities must match the regular expression"
                                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                }
            }
        }
    }

    private static boolean selects(JsonObject selector, JsonObject labels) {
        LabelSelector parsed = LabelSelector.of(selector).orNull();
        return parsed != null && parsed.matches(labels);
    }

    private void strategy() {
        CanaryStrategy canary = spec.canary();
        BlueGreenStrategy blueGreen = spec.blueGreen();
        if (canary == null && blueGreen == null) {
            required("spec.strategy", "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'");
        } else if (canary != null && blueGreen != null) {
            invalid("spec.strategy", Json.of("blueGreen: true canary: true"), "Multiple Strategies can not be listed");
        } else if (blueGreen != null) {
            blueGreen(blueGreen);
        } else if (canary != null) {
            canary(canary);
        }
    }

    private void blueGreen(BlueGreenStrategy blueGreen) {
        if (blueGreen.activeService().isEmpty()) {
            invalid(
                    "spec.strategy.activeService",
                    Json.of(""),
                    "Rollout has missing field '.spec.strategy.blueGreen.activeService'");
        }
        if (blueGreen.activeService().equals(blueGreen.previewService())) {
            invalid(
                    "spec.strategy.previewService",
                    Json.of(blueGreen.previewService()),
                    "This rollout uses the same service for the active and preview services, but two different services are"
                            + " required.");
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
        if (routing == null) {
            return;
        }
        boolean istio = routing.has("istio")
                && routing.object("istio").object("destinationRule").isEmpty();
        boolean needed = canary.pingPong() == null
                && (istio
                        || routing.has("alb")
                        || routing.has("smi")
                        || routing.has("apisix")
                        || routing.has("ambassador")
                        || routing.has("nginx")
                        || routing.has("appMesh")
                        || routing.has("traefik"));
        if (needed
                && (canary.canaryService().isEmpty() || canary.stableService().isEmpty())) {
            String field = canary.canaryService().isEmpty() ? "canaryService" : "stableService";
            invalid(
                    "spec.strategy." + field,
                    Json.of(""),
                    "Canary service and Stable service must to be set to use Traffic Routing");
        }
        if (routing.has("maxTrafficWeight") && !routing.has("nginx") && !routing.has("plugins")) {
            invalid(
                    "spec.strategy.trafficRouting.maxTrafficWeight",
                    routing.get("maxTrafficWeight"),
                    "maxTrafficWeight is only supported in Nginx and Plugins");
        }
        either(routing, "istio", "virtualService", "virtualServices");
        either(routing, "nginx", "stableIngress", "stableIngresses");
        either(routing, "alb", "ingress", "ingresses");
        JsonObject pingPong = canary.pingPong();
        if (pingPong != null) {
            String ping = pingPong.text("pingService", "");
            String pong = pingPong.text("pongService", "");
            if (ping.isEmpty() || pong.isEmpty()) {
                invalid(
                        "spec.strategy.pingPong." + (ping.isEmpty() ? "pingService" : "pongService"),
                        Json.of(""),
                        "Ping service and Pong service must to be set to use Ping-Pong feature");
            } else if (ping.equals(pong)) {
                invalid(
                        "spec.strategy.pingPong.pingService",
                        Json.of(ping),
                        "This rollout uses the same service for the ping and pong services, but two different services are"
                                + " required.");
            }
        }
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
            Json part = body.get(key);
            several += part != null && !part.isNull() ? 1 : 0;
        }
        if (several > 1 || step.kind() == CanaryStep.Kind.NONE) {
            invalid(
                    path,
                    Json.of(missing(body)),
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
            invalid(path + ".pause.duration", Json.of(step.pauseSeconds()), "Duration needs to be greater than 0");
        }
        if (step.setCanaryScale() != null && !canary.routed()) {
            invalid(
                    path + ".setCanaryScale",
                    body.get("setCanaryScale"),
                    "SetCanaryScale requires TrafficRouting to be set");
        }
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
                        "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins"
                                + " at this time");
            }
            at++;
        }
    }

    private static String missing(JsonObject body) {
        String[][] kinds = {
            {"Experiment", "experiment"},
            {"Pause", "pause"},
            {"SetWeight", "setWeight"},
            {"Analysis", "analysis"},
            {"SetCanaryScale", "setCanaryScale"},
            {"SetHeaderRoute", "setHeaderRoute"},
            {"SetMirrorRoutes", "setMirrorRoute"},
            {"Plugin", "plugin"}
        };
        StringBuilder out = new StringBuilder();
        for (String[] kind : kinds) {
            out.append(out.length() == 0 ? "" : " ")
                    .append("step.")
                    .append(kind[0])
                    .append(": ")
                    .append(!body.has(kind[1]));
        }
        return out.toString();
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
        } else if (!managed.contains(route.text("name", ""))) {
            invalid(
                    path + "." + key,
                    route,
                    "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes");
        }
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
