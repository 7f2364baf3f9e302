package io.gitops4j.rollout.analysis;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.spec.Fields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The spec of an AnalysisRun out of templates and the arguments of a Rollout. Source: Rollouts §3.6. */
public final class AnalysisRunPlan {
    private static final String CODE = "ANALYSIS_TEMPLATE";

    private AnalysisRunPlan() {}

    /**
     * The spec of a run with every argument put in, ready to be measured. Arguments from secrets stay as they are written and
     * must be replaced by the caller before the metrics are measured.
     *
     * @param analysis the member of the Rollout: templates, args, dryRun, measurementRetention
     * @param templates the templates it names, in that order
     * @param rollout the Rollout with its status, for field references
     */
    public static Outcome<AnalysisSpec> of(
            JsonObject analysis, List<JsonObject> templates, JsonObject rollout, String stableHash, String latestHash) {
        return spec(analysis, templates, rollout, stableHash, latestHash)
                .then(AnalysisRunPlan::resolved)
                .map(AnalysisSpec::of);
    }

    /** The spec as an AnalysisRun object holds it: metrics as written, arguments beside them. */
    public static Outcome<JsonObject> spec(
            JsonObject analysis, List<JsonObject> templates, JsonObject rollout, String stableHash, String latestHash) {
        JsonArray.Builder metrics = JsonArray.builder();
        Set<String> names = new LinkedHashSet<>();
        for (JsonObject template : templates) {
            for (JsonObject metric : Fields.objects(template.object("spec"), "metrics")) {
                if (!names.add(metric.text("name", ""))) {
                    return Outcome.failed(
                            Problem.error(CODE, "two metrics have the same name '" + metric.text("name", "") + "'"));
                }
                metrics.add(metric);
            }
        }
        List<JsonObject> given = Fields.objects(analysis, "args");
        return AnalysisArguments.united(templates)
                .then(declared -> AnalysisArguments.resolve(given, rollout, stableHash, latestHash)
                        .then(resolved -> AnalysisArguments.merge(resolved, declared))
                        .map(args -> {
                            JsonObject.Builder out = JsonObject.builder().put("metrics", metrics.build());
                            if (!args.isEmpty()) {
                                out.put("args", JsonArray.of(args));
                            }
                            rules(out, "dryRun", analysis, templates);
                            rules(out, "measurementRetention", analysis, templates);
                            return out.build();
                        }));
    }

    private static void rules(JsonObject.Builder out, String key, JsonObject analysis, List<JsonObject> templates) {
        List<JsonObject> all = new ArrayList<>();
        for (JsonObject template : templates) {
            all.addAll(Fields.objects(template.object("spec"), key));
        }
        all.addAll(Fields.objects(analysis, key));
        if (!all.isEmpty()) {
            out.put(key, JsonArray.of(List.copyOf(new LinkedHashSet<>(all))));
        }
    }

    /** The spec of a run with its arguments put into its metrics. */
    public static Outcome<JsonObject> resolved(JsonObject spec) {
        List<JsonObject> args = new ArrayList<>();
        for (JsonObject arg : Fields.objects(spec, "args")) {
            boolean secret = arg.object("valueFrom").has("secretKeyRef");
            args.add(secret ? arg.with("value", Json.of("{{args." + arg.text("name", "") + "}}")) : arg);
        }
        Map<String, @Nullable String> values = AnalysisArguments.map(args);
        JsonArray.Builder metrics = JsonArray.builder();
        for (JsonObject metric : Fields.objects(spec, "metrics")) {
            Outcome<JsonObject> filled = AnalysisArguments.into(metric, values);
            JsonObject value = filled.orNull();
            if (value == null) {
                return Outcome.failed(Problem.error(
                        CODE,
                        "Unable to resolve metric arguments: "
                                + filled.errors().get(0).text()));
            }
            metrics.add(value);
        }
        return Outcome.of(spec.with("metrics", metrics.build()));
    }
}
