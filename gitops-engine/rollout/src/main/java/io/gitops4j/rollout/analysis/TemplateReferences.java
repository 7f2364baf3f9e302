package io.gitops4j.rollout.analysis;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether the analysis templates that a Rollout refers to exist and fit: a missing one, a metric without end where an end is
 * needed, or an argument that nobody gives makes the Rollout invalid before any run is started.
 *
 * <p>Source: Rollouts §1.4, §3.9.
 */
public final class TemplateReferences {
    private final RolloutSpec spec;
    private final BiFunction<String, Boolean, @Nullable JsonObject> read;

    private TemplateReferences(RolloutSpec spec, BiFunction<String, Boolean, @Nullable JsonObject> read) {
        this.spec = spec;
        this.read = read;
    }

    /**
     * The first error as {@code path: detail}, or {@code null}.
     *
     * @param read a template by name and by whether it is cluster-wide, {@code null} when it does not exist
     */
    public static @Nullable String firstError(
            RolloutSpec spec, BiFunction<String, Boolean, @Nullable JsonObject> read) {
        return new TemplateReferences(spec, read).check();
    }

    private @Nullable String check() {
        List<@Nullable String> errors = new ArrayList<>();
        if (spec.canary() != null) {
            errors.add(check("spec.strategy.canary.analysis", spec.canary().analysis(), false));
            List<CanaryStep> steps = spec.steps();
            for (int i = 0; i < steps.size(); i++) {
                if (steps.get(i).kind() == CanaryStep.Kind.ANALYSIS) {
                    errors.add(check(
                            "spec.strategy.canary.steps[" + i + "].analysis",
                            steps.get(i).part("analysis"),
                            true));
                }
            }
        }
        if (spec.blueGreen() != null) {
            errors.add(check(
                    "spec.strategy.blueGreen.prePromotionAnalysis",
                    spec.blueGreen().prePromotionAnalysis(),
                    true));
            errors.add(check(
                    "spec.strategy.blueGreen.postPromotionAnalysis",
                    spec.blueGreen().postPromotionAnalysis(),
                    true));
        }
        for (String error : errors) {
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private @Nullable String check(String path, @Nullable JsonObject analysis, boolean finite) {
        if (analysis == null) {
            return null;
        }
        List<JsonObject> templates = new ArrayList<>();
        String last = "";
        int at = 0;
        for (JsonObject ref : Fields.objects(analysis, "templates")) {
            String name = ref.text("templateName", "");
            boolean wide = ref.bool("clusterScope", false);
            String kind = wide ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
            String place = path + ".templates[" + at++ + "].templateName: Invalid value: "
                    + Json.of(name).toJson() + ": ";
            JsonObject template = read.apply(name, wide);
            if (template == null) {
                return place + kind + " '" + name + "' not found";
            }
            for (Metric metric : Metric.all(Fields.objects(template.object("spec"), "metrics"))) {
                if (finite && metric.effectiveCount() == null) {
                    return path + ".templates: Invalid value: " + Json.of(name).toJson() + ": " + kind + " " + name
                            + " has metric " + metric.name()
                            + " which runs indefinitely. Invalid value for count: <nil>";
                }
            }
            templates.add(template);
            last = name;
        }
        List<JsonObject> args = Fields.objects(analysis, "args");
        Outcome<List<JsonObject>> merged =
                AnalysisArguments.united(templates).then(declared -> AnalysisArguments.merge(args, declared));
        return merged.ok()
                ? null
                : path + ".templates: Invalid value: " + Json.of(last).toJson() + ": AnalysisTemplate " + last
                        + " has invalid arguments: " + merged.errors().get(0).text();
    }
}
