package io.gitops4j.rollout.analysis;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;

/**
 * A range instead of a condition, as Flagger's metrics have it: {@code thresholdRange: {min: 99}} or {@code {max: 500}}. The
 * first sample has to lie within it, both ends included; no sample is an error, NaN lies outside.
 *
 * <p>Source: Rollouts §8.
 */
public final class ThresholdRange {
    private ThresholdRange() {}

    /** The condition that a metric's range stands for; {@code ""} without one, or beside conditions of its own. */
    public static String condition(JsonObject metric) {
        JsonObject range = metric.object("thresholdRange");
        boolean own = metric.has("successCondition") || metric.has("failureCondition");
        if (own || range.isEmpty()) {
            return "";
        }
        String sample = "(type(result) == \"array\" ? result[0] : result)";
        String least = range.get("min") instanceof JsonNumber min ? sample + " >= " + min.toJson() : "";
        String most = range.get("max") instanceof JsonNumber max ? sample + " <= " + max.toJson() : "";
        return least.isEmpty() || most.isEmpty() ? least + most : least + " && " + most;
    }

    /** An AnalysisTemplate with its ranges written as conditions, for clusters whose schema knows no ranges. */
    public static JsonObject expand(JsonObject template) {
        JsonArray.Builder metrics = JsonArray.builder();
        for (Json member : template.object("spec").array("metrics")) {
            JsonObject metric = member instanceof JsonObject object ? object : JsonObject.empty();
            String condition = condition(metric);
            metrics.add(
                    condition.isEmpty()
                            ? member
                            : metric.without("thresholdRange").with("successCondition", Json.of(condition)));
        }
        return template.with("spec", template.object("spec").with("metrics", metrics.build()));
    }
}
