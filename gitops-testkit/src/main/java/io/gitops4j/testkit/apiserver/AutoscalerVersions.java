package io.gitops4j.testkit.apiserver;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * HorizontalPodAutoscalers of {@code autoscaling/v1} and {@code autoscaling/v2}. What v1 has no field for lies in annotations
 * there, so that nothing is lost on the way.
 */
final class AutoscalerVersions {
    private static final String V1 = "autoscaling/v1";
    private static final String ANNOTATION = "autoscaling.alpha.kubernetes.io/";

    private AutoscalerVersions() {}

    static boolean concerns(JsonObject object, String apiVersion) {
        return apiVersion.startsWith("autoscaling/") && "HorizontalPodAutoscaler".equals(object.text("kind"));
    }

    static JsonObject convert(JsonObject object, String apiVersion) {
        JsonObject converted = apiVersion.equals(V1) ? older(object) : newer(object);
        return converted.with("apiVersion", Json.of(apiVersion));
    }

    private static JsonObject older(JsonObject object) {
        JsonObject out = object;
        JsonObject spec = object.object("spec");
        JsonArray.Builder others = JsonArray.builder();
        boolean any = false;
        for (Json item : spec.array("metrics")) {
            JsonObject metric = item instanceof JsonObject known ? known : JsonObject.empty();
            Json share = utilization(metric);
            if (share != null && !spec.has("targetCPUUtilizationPercentage")) {
                spec = spec.with("targetCPUUtilizationPercentage", share);
            } else {
                others.add(metric);
                any = true;
            }
        }
        out = any ? noted(out, "metrics", others.build()) : out;
        if (spec.has("behavior")) {
            out = noted(out, "behavior", spec.object("behavior"));
        }
        JsonObject status = object.object("status");
        for (String field : new String[] {"conditions", "currentMetrics"}) {
            if (status.has(field)) {
                out = noted(out, field.equals("conditions") ? field : "current-metrics", status.array(field));
            }
        }
        out = out.with("spec", spec.without("metrics").without("behavior"));
        return object.has("status")
                ? out.with("status", status.without("conditions").without("currentMetrics"))
                : out;
    }

    private static JsonObject newer(JsonObject object) {
        JsonObject spec = object.object("spec");
        JsonArray.Builder metrics = JsonArray.builder();
        Json share = spec.get("targetCPUUtilizationPercentage");
        if (share != null && !share.isNull()) {
            metrics.add(JsonObject.of(
                    "type",
                    Json.of("Resource"),
                    "resource",
                    JsonObject.of(
                            "name",
                            Json.of("cpu"),
                            "target",
                            JsonObject.of("type", Json.of("Utilization"), "averageUtilization", share))));
        }
        if (note(object, "metrics") instanceof JsonArray others) {
            others.forEach(metrics::add);
        }
        spec = spec.without("targetCPUUtilizationPercentage");
        JsonArray all = metrics.build();
        spec = all.isEmpty() ? spec : spec.with("metrics", all);
        Json behavior = note(object, "behavior");
        spec = behavior == null ? spec : spec.with("behavior", behavior);
        JsonObject status = object.object("status").without("currentCPUUtilizationPercentage");
        for (String field : new String[] {"conditions", "currentMetrics"}) {
            Json known = note(object, field.equals("conditions") ? field : "current-metrics");
            status = known == null ? status : status.with(field, known);
        }
        JsonObject out = KindDefaults.apply(
                "horizontalpodautoscalers.autoscaling",
                object.with("spec", spec).with("apiVersion", Json.of("autoscaling/v2")));
        out = object.has("status") ? out.with("status", status) : out;
        for (String field : new String[] {"metrics", "behavior", "conditions", "current-metrics"}) {
            out = unnoted(out, field);
        }
        return out;
    }

    /** The share of CPU that a metric wants; {@code null} for every other metric. */
    private static @Nullable Json utilization(JsonObject metric) {
        JsonObject resource = metric.object("resource");
        return metric.text("type", "").equals("Resource")
                        && resource.text("name", "").equals("cpu")
                ? resource.object("target").get("averageUtilization")
                : null;
    }

    private static JsonObject noted(JsonObject object, String name, Json value) {
        return Edit.into(
                object,
                "metadata",
                metadata -> Edit.into(
                        metadata, "annotations", all -> all.with(ANNOTATION + name, Json.of(value.toJson()))));
    }

    private static @Nullable Json note(JsonObject object, String name) {
        String text = object.object("metadata").object("annotations").text(ANNOTATION + name);
        return text == null ? null : JsonReader.parse(text).orNull();
    }

    private static JsonObject unnoted(JsonObject object, String name) {
        JsonObject annotations = object.object("metadata").object("annotations");
        if (!annotations.has(ANNOTATION + name)) {
            return object;
        }
        JsonObject left = annotations.without(ANNOTATION + name);
        JsonObject metadata = object.object("metadata");
        return object.with(
                "metadata", left.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", left));
    }
}
