package io.gitops4j.rollout.flagger;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.spec.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Flagger Canary and says it as a Rollout of the plain Deployment that it names, with the analysis templates it needs:
 * weights become steps, the threshold a failure limit, thresholdRange a condition, webhooks that confirm become gates, and
 * iterations with a header match an A/B test. What has no counterpart is a warning.
 *
 * <p>Source: Rollouts §8.
 */
public final class FlaggerCanary {
    private static final String AB_ROUTE = "ab-test";
    private static final String MIRROR_ROUTE = "mirror";

    private final JsonObject canary;
    private final JsonObject spec;
    private final JsonObject analysis;
    private final String name;
    private final String namespace;
    private final List<JsonObject> metricTemplates;
    private final List<Problem> problems = new ArrayList<>();
    private final List<JsonObject> steps = new ArrayList<>();
    private final List<String> routes = new ArrayList<>();

    private FlaggerCanary(JsonObject canary, List<JsonObject> metricTemplates) {
        this.canary = canary;
        this.spec = canary.object("spec");
        this.analysis = spec.object("analysis").isEmpty() ? spec.object("canaryAnalysis") : spec.object("analysis");
        JsonObject metadata = canary.object("metadata");
        this.name = spec.object("targetRef").text("name", metadata.text("name", ""));
        this.namespace = metadata.text("namespace", "");
        this.metricTemplates = List.copyOf(metricTemplates);
    }

    /**
     * What a Canary becomes.
     *
     * @param rollout the Rollout, by {@code workloadRef} to the Deployment
     * @param templates the AnalysisTemplates that it refers to
     * @param problems what was left out, as warnings
     */
    public record Translation(JsonObject rollout, List<JsonObject> templates, List<Problem> problems) {

        /** A copy with unmodifiable lists. */
        public Translation {
            templates = List.copyOf(templates);
            problems = List.copyOf(problems);
        }
    }

    /**
     * The Rollout that does what a Canary does.
     *
     * @param metricTemplates the MetricTemplates that it may refer to
     */
    public static Translation translate(JsonObject canary, List<JsonObject> metricTemplates) {
        return new FlaggerCanary(canary, metricTemplates).translation();
    }

    private Translation translation() {
        List<JsonObject> templates = new ArrayList<>();
        boolean analysed = !spec.bool("skipAnalysis", false) && !analysis.isEmpty();
        if (!"Deployment".equals(spec.object("targetRef").text("kind", "Deployment"))) {
            left("targetRef.kind", "only Deployments are rolled out");
        }
        JsonObject template = analysed
                ? FlaggerMetrics.template(
                        templateName(), namespace, name, spec.text("provider", ""), analysis, metricTemplates, problems)
                : null;
        if (template != null) {
            templates.add(template);
        }
        if (analysed) {
            gates("confirm-rollout");
            if (Fields.integer(analysis, "iterations", 0) > 0) {
                iterations(template != null);
            } else {
                mirror();
                weights();
            }
            gates("confirm-promotion");
            webhooks();
        }
        return new Translation(rollout(template), templates, problems);
    }

    private String templateName() {
        return name + "-analysis";
    }

    private void left(String field, String why) {
        problems.add(Problem.warning("FLAGGER_LEFT_OUT", "spec." + field + ": " + why));
    }

    /** A gate for every webhook of a type. */
    private void gates(String type) {
        for (JsonObject webhook : Fields.objects(analysis, "webhooks")) {
            if (webhook.text("type", "").equals(type)) {
                JsonObject.Builder gate = JsonObject.builder()
                        .put("name", webhook.text("name", type))
                        .put("url", webhook.text("url", ""))
                        .putIfPresent("metadata", webhook.get("metadata"));
                if (analysis.has("interval")) {
                    gate.put("interval", analysis.text("interval", "10s"));
                }
                steps.add(JsonObject.of("gate", gate.build()));
            }
        }
    }

    private void webhooks() {
        List<String> known = List.of("confirm-rollout", "confirm-traffic-increase", "confirm-promotion");
        for (JsonObject webhook : Fields.objects(analysis, "webhooks")) {
            String type = webhook.text("type", "rollout");
            if (!known.contains(type)) {
                left(
                        "analysis.webhooks[" + webhook.text("name", type) + "]",
                        "webhooks of type " + type
                                + " are not called; an analysis with a Job or a web metric can do their work");
            }
        }
    }

    /** A number of checks with all or some of the requests, instead of growing weights. */
    private void iterations(boolean judged) {
        boolean routed = routing() != null;
        List<JsonObject> matches = headers();
        if (routed) {
            steps.add(JsonObject.of("setCanaryScale", JsonObject.of("weight", Json.of(100))));
        }
        if (!matches.isEmpty()) {
            routes.add(AB_ROUTE);
            steps.add(JsonObject.of(
                    "setHeaderRoute", JsonObject.of("name", Json.of(AB_ROUTE), "match", JsonArray.of(matches))));
        }
        if (judged) {
            JsonObject ref = JsonObject.of("templateName", Json.of(templateName()));
            steps.add(JsonObject.of("analysis", JsonObject.of("templates", JsonArray.of(ref))));
        }
        if (!matches.isEmpty()) {
            steps.add(JsonObject.of("setHeaderRoute", JsonObject.of("name", Json.of(AB_ROUTE))));
        }
        if (routed) {
            steps.add(JsonObject.of("setCanaryScale", JsonObject.of("matchTrafficWeight", Json.of(true))));
        }
    }

    private List<JsonObject> headers() {
        List<JsonObject> matches = new ArrayList<>();
        for (JsonObject match : Fields.objects(analysis, "match")) {
            JsonObject headers = match.object("headers");
            for (String header : headers.keys()) {
                JsonObject wanted = headers.object(header);
                JsonObject value = JsonObject.empty();
                for (String kind : new String[] {"exact", "prefix", "regex"}) {
                    value = wanted.has(kind) ? value.with(kind, Json.of(wanted.text(kind, ""))) : value;
                }
                matches.add(JsonObject.of("headerName", Json.of(header), "headerValue", value));
            }
        }
        return List.copyOf(matches);
    }

    private void mirror() {
        if (!analysis.bool("mirror", false)) {
            return;
        }
        routes.add(MIRROR_ROUTE);
        JsonObject any = JsonObject.of("path", JsonObject.of("prefix", Json.of("/")));
        steps.add(JsonObject.of("setCanaryScale", JsonObject.of("weight", Json.of(25))));
        steps.add(JsonObject.of(
                "setMirrorRoute",
                JsonObject.builder()
                        .put("name", MIRROR_ROUTE)
                        .put("percentage", Fields.integer(analysis, "mirrorWeight", 100))
                        .put("match", JsonArray.of(any))
                        .build()));
        steps.add(pause());
        steps.add(JsonObject.of("setMirrorRoute", JsonObject.of("name", Json.of(MIRROR_ROUTE))));
        steps.add(JsonObject.of("setCanaryScale", JsonObject.of("matchTrafficWeight", Json.of(true))));
    }

    private JsonObject pause() {
        return JsonObject.of("pause", JsonObject.of("duration", Json.of(analysis.text("interval", "1m"))));
    }

    private void weights() {
        List<Integer> weights = new ArrayList<>();
        for (Json weight : analysis.array("stepWeights")) {
            Integer value = Fields.integer(weight);
            if (value != null) {
                weights.add(value);
            }
        }
        int step = Fields.integer(analysis, "stepWeight", 0);
        int most = Fields.integer(analysis, "maxWeight", 100);
        for (int weight = step; weights.isEmpty() ? step > 0 && weight <= most : false; weight += step) {
            steps.add(JsonObject.of("setWeight", Json.of(weight)));
            steps.add(pause());
            gates("confirm-traffic-increase");
        }
        for (int weight : weights) {
            steps.add(JsonObject.of("setWeight", Json.of(weight)));
            steps.add(pause());
            gates("confirm-traffic-increase");
        }
        if (analysis.has("stepWeightPromotion")) {
            left("analysis.stepWeightPromotion", "promotion moves the traffic at once");
        }
    }

    private @Nullable JsonObject routing() {
        String target = spec.object("service").text("name", name);
        JsonObject routing = switch (spec.text("provider", "")) {
            case "istio" ->
                JsonObject.of("istio", JsonObject.of("virtualService", JsonObject.of("name", Json.of(target))));
            case "gatewayapi:v1", "gatewayapi:v1beta1" ->
                JsonObject.of(
                        "plugins",
                        JsonObject.of("argoproj-labs/gatewayAPI", JsonObject.of("httpRoute", Json.of(target))));
            case "nginx" ->
                JsonObject.of(
                        "nginx",
                        JsonObject.of(
                                "stableIngress",
                                Json.of(spec.object("ingressRef").text("name", target))));
            case "linkerd", "smi:v1alpha1", "smi:v1alpha2", "smi:v1alpha3" ->
                JsonObject.of("smi", JsonObject.of("rootService", Json.of(target)));
            case "traefik" -> JsonObject.of("traefik", JsonObject.of("weightedTraefikServiceName", Json.of(target)));
            default -> null;
        };
        if (routing == null || routes.isEmpty()) {
            return routing;
        }
        List<JsonObject> managed = new ArrayList<>();
        routes.forEach(route -> managed.add(JsonObject.of("name", Json.of(route))));
        return routing.with("managedRoutes", JsonArray.of(managed));
    }

    private JsonObject rollout(@Nullable JsonObject template) {
        JsonObject.Builder strategy = JsonObject.builder();
        JsonObject routing = routing();
        if (routing != null) {
            strategy.put("stableService", name + "-primary")
                    .put("canaryService", name + "-canary")
                    .put("trafficRouting", routing);
        } else if (!routes.isEmpty()) {
            left("provider", "without a traffic router there is no header match and no mirror");
        }
        boolean background = template != null && Fields.integer(analysis, "iterations", 0) == 0;
        if (background) {
            JsonObject ref = JsonObject.of("templateName", Json.of(templateName()));
            strategy.put("analysis", JsonObject.of("templates", JsonArray.of(ref)));
        }
        if (!steps.isEmpty()) {
            strategy.put("steps", JsonArray.of(steps));
        }
        JsonObject target = spec.object("targetRef");
        JsonObject ref = JsonObject.builder()
                .put("apiVersion", target.text("apiVersion", "apps/v1"))
                .put("kind", target.text("kind", "Deployment"))
                .put("name", name)
                .put("scaleDown", "onsuccess")
                .build();
        JsonObject annotations = JsonObject.of("gitops4j.io/track-config", Json.of("copy"));
        JsonObject.Builder metadata =
                JsonObject.builder().put("name", canary.object("metadata").text("name", name));
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Rollout")
                .put("metadata", metadata.put("annotations", annotations).build())
                .put(
                        "spec",
                        JsonObject.builder()
                                .put("workloadRef", ref)
                                .put("progressDeadlineSeconds", Fields.integer(spec, "progressDeadlineSeconds", 600))
                                .put("progressDeadlineAbort", true)
                                .put("strategy", JsonObject.of("canary", strategy.build()))
                                .build())
                .build();
    }
}
