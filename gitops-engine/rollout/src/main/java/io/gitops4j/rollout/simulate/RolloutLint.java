package io.gitops4j.rollout.simulate;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricValidation;
import io.gitops4j.rollout.expr.Expression;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.RolloutValidation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is valid and yet probably not meant: an analysis that can never fail, a pause without end, a deadline shorter than the
 * pauses, a starting step beyond the steps. Errors are what Argo would refuse.
 */
public final class RolloutLint {
    private final RolloutSpec spec;
    private final Map<String, JsonObject> templates = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private RolloutLint(JsonObject rollout, List<JsonObject> analysisTemplates) {
        this.spec = RolloutSpec.of(rollout);
        analysisTemplates.forEach(t -> templates.put(t.object("metadata").text("name", ""), t));
    }

    /** The problems of a Rollout together with the analysis templates it refers to. */
    public static List<Problem> check(JsonObject rollout, List<JsonObject> analysisTemplates) {
        RolloutLint lint = new RolloutLint(rollout, analysisTemplates);
        lint.run();
        return List.copyOf(lint.problems);
    }

    private void warn(String code, String text, String hint) {
        problems.add(Problem.warning(code, text).hint(hint));
    }

    private void run() {
        for (String error : RolloutValidation.errors(spec)) {
            problems.add(Problem.error("ROLLOUT_INVALID", error));
        }
        if (spec.canary() != null) {
            canary(spec.canary());
        }
        if (spec.blueGreen() != null) {
            JsonObject pre = spec.blueGreen().prePromotionAnalysis();
            JsonObject post = spec.blueGreen().postPromotionAnalysis();
            analysis("spec.strategy.blueGreen.prePromotionAnalysis", pre, true);
            analysis("spec.strategy.blueGreen.postPromotionAnalysis", post, true);
            if (!spec.blueGreen().autoPromotionEnabled()) {
                warn(
                        "ROLLOUT_PAUSE_WITHOUT_END",
                        "spec.strategy.blueGreen.autoPromotionEnabled: false waits for a person at every update",
                        "promote it by hand, or set autoPromotionSeconds");
            }
        }
        templates.values().forEach(this::template);
    }

    private void canary(CanaryStrategy canary) {
        analysis("spec.strategy.canary.analysis", canary.analysis(), false);
        if (canary.analysis() != null
                && canary.startingStep() >= canary.steps().size()
                && !canary.steps().isEmpty()) {
            warn(
                    "ROLLOUT_STARTING_STEP",
                    "spec.strategy.canary.analysis.startingStep: " + canary.startingStep() + " lies beyond the "
                            + canary.steps().size() + " steps: the analysis never runs",
                    "");
        }
        long pauses = 0;
        for (int i = 0; i < canary.steps().size(); i++) {
            CanaryStep step = canary.steps().get(i);
            String path = "spec.strategy.canary.steps[" + i + "]";
            if (step.kind() == CanaryStep.Kind.PAUSE) {
                if (step.pauseSeconds() == null) {
                    warn(
                            "ROLLOUT_PAUSE_WITHOUT_END",
                            path + ".pause: waits for a person",
                            "give it a duration if nobody is to promote");
                } else {
                    pauses = Math.max(pauses, step.pauseSeconds());
                }
            }
            if (step.kind() == CanaryStep.Kind.ANALYSIS) {
                analysis(path + ".analysis", step.part("analysis"), true);
            }
        }
        if (pauses > spec.progressDeadlineSeconds()) {
            problems.add(new Problem(
                    io.gitops4j.problem.Severity.INFO,
                    "ROLLOUT_DEADLINE",
                    "spec.progressDeadlineSeconds: " + spec.progressDeadlineSeconds() + " is shorter than a pause of "
                            + pauses + "s; pauses do not count against it, pods that start slowly do",
                    io.gitops4j.problem.Where.nowhere(),
                    ""));
        }
        boolean weighted = canary.steps().stream().anyMatch(step -> step.setWeight() != null);
        if (!canary.routed() && weighted && spec.replicas() < 100) {
            coarse(canary);
        }
    }

    private void coarse(CanaryStrategy canary) {
        int surge = canary.budget(spec.replicas()).surge();
        for (int i = 0; i < canary.steps().size(); i++) {
            Integer weight = canary.steps().get(i).setWeight();
            if (weight == null || weight < 0 || weight > 100) {
                continue;
            }
            var split = io.gitops4j.rollout.canary.CanaryReplicas.closest(spec.replicas(), weight, 100, surge);
            int total = split.canary() + split.stable();
            int real = total == 0 ? 0 : Math.round(100f * split.canary() / total);
            if (Math.abs(real - weight) > 10) {
                warn(
                        "ROLLOUT_COARSE_WEIGHT",
                        "spec.strategy.canary.steps[" + i + "].setWeight: " + weight + " becomes " + real + "% with "
                                + spec.replicas() + " replicas",
                        "use a traffic router or more replicas");
            }
        }
    }

    private void analysis(String path, @org.jspecify.annotations.Nullable JsonObject analysis, boolean finite) {
        if (analysis == null) {
            return;
        }
        int at = 0;
        for (JsonObject ref : Fields.objects(analysis, "templates")) {
            String name = ref.text("templateName", "");
            JsonObject template = templates.get(name);
            String place = path + ".templates[" + at++ + "]";
            if (template == null) {
                if (!templates.isEmpty()) {
                    warn("ROLLOUT_TEMPLATE_MISSING", place + ": there is no template \"" + name + "\"", "");
                }
                continue;
            }
            for (Metric metric : Metric.all(Fields.objects(template.object("spec"), "metrics"))) {
                if (finite && metric.effectiveCount() == null) {
                    problems.add(Problem.error(
                            "ROLLOUT_INVALID",
                            place + ": AnalysisTemplate " + name + " has metric " + metric.name()
                                    + " which runs indefinitely. Invalid value for count: <nil>"));
                }
            }
            arguments(place, analysis, template);
        }
    }

    private void arguments(String place, JsonObject analysis, JsonObject template) {
        List<String> given = Fields.objects(analysis, "args").stream()
                .map(arg -> arg.text("name", ""))
                .toList();
        List<String> declared = new ArrayList<>();
        for (JsonObject arg : Fields.objects(template.object("spec"), "args")) {
            String name = arg.text("name", "");
            declared.add(name);
            if (!given.contains(name) && !arg.has("value") && !arg.has("valueFrom")) {
                problems.add(Problem.error("ROLLOUT_INVALID", place + ": args." + name + " was not resolved"));
            }
        }
        for (String name : given) {
            if (!declared.contains(name)) {
                warn(
                        "ROLLOUT_ARGUMENT_UNUSED",
                        place + ": no template declares the argument \"" + name + "\"; it is ignored",
                        "");
            }
        }
    }

    private void template(JsonObject template) {
        String name = template.object("metadata").text("name", "");
        List<Metric> metrics = Metric.all(Fields.objects(template.object("spec"), "metrics"));
        String invalid = MetricValidation.firstError(metrics);
        if (invalid != null) {
            problems.add(Problem.error("ANALYSIS_INVALID", "AnalysisTemplate " + name + ": " + invalid));
        }
        for (Metric metric : metrics) {
            String place = "AnalysisTemplate " + name + ": metric " + metric.name();
            String success = metric.body().text("successCondition", "");
            String failure = metric.body().text("failureCondition", "");
            boolean judged =
                    metric.providers().contains("job") || metric.providers().contains("kayenta");
            if (success.isEmpty() && failure.isEmpty() && !judged) {
                warn(
                        "ANALYSIS_NO_CONDITION",
                        place + " has no condition: every answer is Successful"
                                + (metric.failureLimit() > 0
                                        ? ", and failureLimit without a condition has no effect"
                                        : ""),
                        "add a successCondition or a failureCondition");
            }
            for (String condition : new String[] {success, failure}) {
                if (condition.isEmpty() || condition.contains("{{")) {
                    continue;
                }
                var compiled = Expression.compile(condition);
                if (!compiled.ok()) {
                    problems.add(Problem.error(
                            "ANALYSIS_INVALID",
                            place + ": " + condition + ": "
                                    + compiled.problems().get(0).text()));
                } else if (condition.contains("result[0]")
                        && !condition.contains("isNaN")
                        && !condition.contains("len(result)")) {
                    problems.add(new Problem(
                            io.gitops4j.problem.Severity.INFO,
                            "ANALYSIS_NO_DATA",
                            place
                                    + ": without traffic result[0] is NaN or missing: NaN fails the metric, five empty answers in a"
                                    + " row abort the update",
                            io.gitops4j.problem.Where.nowhere(),
                            "guard it: len(result) == 0 || isNaN(result[0]) || " + condition));
                }
            }
        }
    }
}
