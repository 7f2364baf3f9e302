package io.gitops4j.rollout.flagger;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.analysis.ThresholdRange;
import io.gitops4j.rollout.spec.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The metrics of a Flagger analysis as an AnalysisTemplate. */
final class FlaggerMetrics {
    private FlaggerMetrics() {}

    /** The template, or {@code null} when there is nothing to measure. */
    static @Nullable JsonObject template(
            String templateName,
            String namespace,
            String target,
            String mesh,
            JsonObject analysis,
            List<JsonObject> metricTemplates,
            List<Problem> problems) {
        List<JsonObject> metrics = new ArrayList<>();
        for (JsonObject metric : Fields.objects(analysis, "metrics")) {
            String interval = metric.text("interval", analysis.text("interval", "1m"));
            JsonObject provider = provider(metric, namespace, target, mesh, interval, metricTemplates);
            if (provider == null) {
                problems.add(Problem.warning(
                        "FLAGGER_LEFT_OUT",
                        "spec.analysis.metrics[" + metric.text("name", "") + "]: no query is known for it"));
                continue;
            }
            metrics.add(metric(metric, analysis, provider));
        }
        if (metrics.isEmpty()) {
            return null;
        }
        JsonObject metadata = JsonObject.of("name", Json.of(templateName));
        return JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "AnalysisTemplate")
                .put("metadata", namespace.isEmpty() ? metadata : metadata.with("namespace", Json.of(namespace)))
                .put("spec", JsonObject.of("metrics", JsonArray.of(metrics)))
                .build();
    }

    private static JsonObject metric(JsonObject metric, JsonObject analysis, JsonObject provider) {
        int threshold = Fields.integer(analysis, "threshold", 1);
        int iterations = Fields.integer(analysis, "iterations", 0);
        JsonObject range = metric.object("thresholdRange");
        if (range.isEmpty() && metric.has("threshold")) {
            // the older spelling: a success rate has a floor, anything else a ceiling
            String end = metric.text("name", "").equals("request-success-rate") ? "min" : "max";
            Json limit = metric.get("threshold");
            range = limit == null ? range : JsonObject.of(end, limit);
        }
        String condition = ThresholdRange.condition(JsonObject.of("thresholdRange", range));
        JsonObject.Builder out = JsonObject.builder()
                .put("name", metric.text("name", ""))
                .put("interval", analysis.text("interval", "1m"))
                .put("failureLimit", Math.max(0, threshold - 1));
        if (iterations > 0) {
            out.put("count", Math.max(iterations, threshold));
        }
        if (!condition.isEmpty()) {
            out.put("successCondition", condition);
        }
        return out.put("provider", provider).build();
    }

    private static @Nullable JsonObject provider(
            JsonObject metric,
            String namespace,
            String target,
            String mesh,
            String interval,
            List<JsonObject> metricTemplates) {
        JsonObject prometheus = null;
        String query = metric.text("query", "");
        String ref = metric.object("templateRef").text("name", "");
        for (JsonObject template : metricTemplates) {
            if (template.object("metadata").text("name", "").equals(ref)) {
                JsonObject spec = template.object("spec");
                if (!spec.object("provider").text("type", "").equals("prometheus")) {
                    return null;
                }
                query = spec.text("query", "");
                prometheus =
                        JsonObject.of("address", Json.of(spec.object("provider").text("address", "")));
            }
        }
        if (query.isEmpty()) {
            query = builtin(metric.text("name", ""), mesh);
        }
        if (query.isEmpty()) {
            return null;
        }
        String filled = query;
        String[][] values = {
            {"namespace", namespace},
            {"target", target},
            {"interval", interval},
            {"service", target},
            {"ingress", target}
        };
        for (String[] value : values) {
            filled = filled.replace("{{ " + value[0] + " }}", value[1]).replace("{{" + value[0] + "}}", value[1]);
        }
        JsonObject base = prometheus == null ? JsonObject.empty() : prometheus;
        return JsonObject.of("prometheus", base.with("query", Json.of(filled)));
    }

    /** The queries behind the metrics that need no template. */
    private static String builtin(String name, String mesh) {
        String requests;
        String duration;
        if (mesh.equals("istio")) {
            String who = "reporter=\"destination\",destination_workload_namespace=\"{{ namespace }}\","
                    + "destination_workload=~\"{{ target }}\"";
            requests = "istio_requests_total{" + who + "%s}";
            duration = "istio_request_duration_milliseconds_bucket{" + who + "}";
        } else if (mesh.equals("nginx")) {
            String who = "namespace=\"{{ namespace }}\",ingress=\"{{ ingress }}\"";
            requests = "nginx_ingress_controller_requests{" + who + "%s}";
            duration = "nginx_ingress_controller_request_duration_seconds_bucket{" + who + "}";
        } else {
            return "";
        }
        String code = mesh.equals("istio") ? "response_code" : "status";
        return switch (name) {
            case "request-success-rate" ->
                "sum(rate(" + requests.replace("%s", "," + code + "!~\"5.*\"") + "[{{ interval }}])) / sum(rate("
                        + requests.replace("%s", "") + "[{{ interval }}])) * 100";
            case "request-duration" ->
                "histogram_quantile(0.99, sum(rate(" + duration + "[{{ interval }}])) by (le))"
                        + (mesh.equals("istio") ? "" : " * 1000");
            default -> "";
        };
    }
}
