package io.gitops4j.conformance.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.analysis.AnalysisArguments;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.analysis.AnalysisRunMachine;
import io.gitops4j.rollout.analysis.AnalysisRunStatus;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.Judgement;
import io.gitops4j.rollout.analysis.Measurement;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricResult;
import io.gitops4j.rollout.analysis.MetricValidation;
import io.gitops4j.rollout.expr.Expression;
import io.gitops4j.rollout.expr.Values;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code rollout-analysis}: metrics, measurements, conditions, arguments, phases. */
public final class AnalysisFamily extends VectorFamily {
    private static final Instant NOW = Instant.EPOCH.plusSeconds(1_000_000);

    /** The family. */
    public AnalysisFamily() {
        super("rollout-analysis", "analysis_vectors.json");
    }

    @Override
    Json expected(String group, JsonObject v) {
        return switch (group) {
            case "severity" -> orNull(v.get("candidateIsWorse"));
            case "ttl" -> orNull(v.get("deleted"));
            case "pauseDuration" -> orNull(v.get("expectSeconds"));
            default -> super.expected(group, v);
        };
    }

    private static Json orNull(@Nullable Json value) {
        return value == null ? Json.nul() : value;
    }

    @Override
    Json answer(String group, JsonObject v) {
        return switch (group) {
            case "assessMetric" ->
                Json.of(AnalysisRunMachine.assess(
                                metric(v.object("metric")),
                                result("m", v.object("result")),
                                v.bool("terminating", false))
                        .phase()
                        .wire());
            case "limitMessages" -> {
                AnalysisRunMachine.Assessment limit =
                        AnalysisRunMachine.limit(metric(v.object("metric")), counts(v.object("result")));
                yield JsonObject.of("phase", Json.of(limit.phase().wire()), "message", Json.of(limit.limit()));
            }
            case "severity" -> Json.of(phase(v.text("candidate")).worseThan(AnalysisPhase.of(v.text("current"))));
            case "assessRun" -> assessRun(v);
            case "terminating" -> terminating(v);
            case "conditionTruthTable" -> truthTable(v);
            case "expressions" -> expression(v);
            case "measurementTasks" -> tasks(v);
            case "nextReconcile" -> {
                Instant wake = AnalysisRunMachine.wakeAt(spec(v), status(v), NOW);
                yield wake == null
                        ? Json.nul()
                        : Json.of(Duration.between(NOW, wake).toSeconds());
            }
            case "counters" -> countersAfter(v);
            case "ttl" -> ttl(v);
            case "metricValidation" -> {
                String error = MetricValidation.firstError(metrics(v));
                yield error == null ? Json.nul() : Json.of(error);
            }
            case "effectiveCount" -> {
                Integer count = metric(v).effectiveCount();
                yield count == null ? Json.nul() : Json.of(count);
            }
            case "argMerge" -> {
                Outcome<List<JsonObject>> merged =
                        AnalysisArguments.merge(Fields.objects(v, "incoming"), Fields.objects(v, "template"));
                yield merged.ok() ? JsonArray.of(merged.orThrow()) : error(merged);
            }
            case "substitution" -> {
                Outcome<String> text = AnalysisArguments.substitute(
                        v.text("template", ""),
                        AnalysisArguments.map(Fields.objects(v, "args")),
                        v.bool("jsonEscaped", false));
                yield text.ok() ? Json.of(text.orThrow()) : error(text);
            }
            case "fieldPath" -> {
                Outcome<String> value = AnalysisArguments.fieldPath(v.object("rollout"), v.text("path", ""));
                yield value.ok() ? Json.of(value.orThrow()) : error(value);
            }
            case "pauseDuration" -> {
                Json duration = v.get("duration");
                yield Json.of(CanaryStep.pauseSeconds(
                        duration == null || duration.isNull()
                                ? JsonObject.empty()
                                : JsonObject.of("duration", duration)));
            }
            case "dryRunRules" -> dryRun(v);
            case "measurementRetention" -> retention(v);
            case "kayentaScore" ->
                Json.of(Judgement.ofScore(
                                Fields.integer(v, "score", 0),
                                Fields.integer(v, "passThreshold", 0),
                                Fields.integer(v, "marginalThreshold", 0))
                        .wire());
            case "rolloutPhase" -> rolloutPhase(v.object("rollout"));
            default -> throw new IllegalArgumentException("unknown group: " + group);
        };
    }

    private static JsonObject error(Outcome<?> outcome) {
        return JsonObject.of("error", Json.of(outcome.problems().get(0).text()));
    }

    private static AnalysisPhase phase(@Nullable String wire) {
        return Objects.requireNonNull(AnalysisPhase.of(wire), () -> "phase " + wire);
    }

    private static Metric metric(JsonObject body) {
        JsonObject provider = JsonObject.empty();
        for (String name : Fields.texts(body, "providers")) {
            provider = provider.with(name, JsonObject.empty());
        }
        boolean given = body.has("providers");
        return Metric.of(body.without("providers")
                .with("provider", given ? provider : JsonObject.of("job", JsonObject.empty())));
    }

    private static List<Metric> metrics(JsonObject v) {
        List<Metric> metrics = new ArrayList<>();
        Fields.objects(v, "metrics").forEach(body -> metrics.add(metric(body)));
        return metrics;
    }

    private static AnalysisSpec spec(JsonObject v) {
        JsonArray.Builder metrics = JsonArray.builder();
        metrics(v).forEach(metric -> metrics.add(metric.body()));
        JsonArray.Builder dry = JsonArray.builder();
        Fields.texts(v, "dryRun").forEach(name -> dry.add(JsonObject.of("metricName", Json.of(name))));
        return AnalysisSpec.of(JsonObject.builder()
                .put("metrics", metrics.build())
                .put("dryRun", dry.build())
                .put("terminate", v.bool("terminate", false))
                .build());
    }

    private static MetricResult.Counts counts(JsonObject r) {
        return new MetricResult.Counts(
                Fields.integer(r, "successful", 0),
                Fields.integer(r, "failed", 0),
                Fields.integer(r, "inconclusive", 0),
                Fields.integer(r, "error", 0),
                Fields.integer(r, "count", 0),
                Fields.integer(r, "consecutiveError", 0),
                Fields.integer(r, "consecutiveSuccess", 0));
    }

    private static MetricResult result(String name, JsonObject r) {
        List<Measurement> measurements = new ArrayList<>();
        JsonArray list = r.array("measurements");
        for (int i = 0; i < list.size(); i++) {
            Json item = list.get(i);
            String message = i == list.size() - 1 ? r.text("lastMessage", r.text("message", "")) : "";
            if (item instanceof JsonString text) {
                AnalysisPhase phase = phase(text.value());
                Instant finished = phase.completed() ? NOW.minusSeconds(60) : null;
                measurements.add(new Measurement(phase, NOW.minusSeconds(60), finished, null, "", message));
            } else if (item instanceof JsonObject m) {
                measurements.add(new Measurement(
                        phase(m.text("phase")),
                        time(m, "startedAt"),
                        time(m, "finishedAt"),
                        time(m, "resumeAt"),
                        "",
                        message));
            }
        }
        return new MetricResult(
                r.text("name", name),
                AnalysisPhase.of(r.text("phase")),
                counts(r),
                measurements,
                "",
                r.bool("dryRun", false));
    }

    private static @Nullable Instant time(JsonObject body, String key) {
        Integer seconds = Fields.integer(body, key);
        return seconds == null ? null : NOW.plusSeconds(seconds);
    }

    private static AnalysisRunStatus status(JsonObject v) {
        JsonObject body = v.object("status");
        List<MetricResult> results = new ArrayList<>();
        Fields.objects(body, "results").forEach(r -> results.add(result("", r)));
        return new AnalysisRunStatus(AnalysisPhase.RUNNING, "", time(body, "startedAt"), null, results, null);
    }

    private static Json assessRun(JsonObject v) {
        AnalysisSpec spec = spec(v.object("spec").with("terminate", Json.of(v.bool("terminate", false))));
        List<MetricResult> given = new ArrayList<>();
        Fields.objects(v, "results").forEach(r -> given.add(result("", r)));
        List<MetricResult> results = new ArrayList<>();
        for (Metric metric : spec.metrics()) {
            results.add(given.stream()
                    .filter(r -> r.name().equals(metric.name()))
                    .findFirst()
                    .orElse(MetricResult.of(metric.name(), spec.dryRun().contains(metric.name()))));
        }
        boolean terminating = AnalysisRunMachine.terminating(spec.terminate(), results);
        AnalysisRunStatus status =
                AnalysisRunMachine.assess(spec, results, terminating, AnalysisRunStatus.fresh(), NOW, NOW);
        JsonArray.Builder phases = JsonArray.builder();
        status.results()
                .forEach(r -> phases.add(r.phase() == null ? "" : r.phase().wire()));
        JsonObject.Builder out = JsonObject.builder()
                .put("phase", status.phase() == null ? "" : status.phase().wire())
                .put("message", status.message())
                .put("metricPhasesAfter", phases.build());
        AnalysisRunStatus.Summary dry = status.dryRunSummary();
        if (dry != null) {
            out.put(
                    "dryRunSummary",
                    JsonObject.builder()
                            .put("count", dry.count())
                            .put("successful", dry.successful())
                            .put("failed", dry.failed())
                            .put("inconclusive", dry.inconclusive())
                            .put("error", dry.error())
                            .build());
        }
        return out.build();
    }

    private static Json terminating(JsonObject v) {
        List<MetricResult> results = new ArrayList<>();
        Fields.objects(v, "metrics").forEach(m -> results.add(result("m", m)));
        return Json.of(AnalysisRunMachine.terminating(v.bool("terminate", false), results));
    }

    private static Json truthTable(JsonObject v) {
        JsonObject metric = JsonObject.of("name", Json.of("m"));
        for (String key : new String[] {"success", "failure"}) {
            Json value = v.get(key);
            if (value instanceof JsonBool bool) {
                metric = metric.with(key + "Condition", Json.of(String.valueOf(bool.value())));
            } else if (value instanceof JsonString) {
                metric = metric.with(key + "Condition", Json.of("1 / result == 'a'"));
            }
        }
        return Json.of(Judgement.of(Metric.of(metric), 1.0, NOW).phase().wire());
    }

    private static @Nullable Object value(@Nullable Json json, JsonObject v) {
        if (json instanceof JsonString text
                && isFloat(text.value())
                && v.text("note", "").toLowerCase(java.util.Locale.ROOT).matches(".*(nan|infinity).*")) {
            return text.value().equals("NaN")
                    ? Double.NaN
                    : text.value().startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (json instanceof JsonArray array) {
            List<@Nullable Object> list = new ArrayList<>();
            array.forEach(item -> list.add(value(item, v)));
            return list;
        }
        return json == null ? null : Values.of(json);
    }

    private static boolean isFloat(String text) {
        return text.equals("NaN") || text.equals("+Inf") || text.equals("-Inf") || text.equals("Inf");
    }

    private static Json expression(JsonObject v) {
        String text = v.text("expression", "");
        Object value = value(v.get("result"), v);
        Judgement judgement = Judgement.of(
                Metric.of(JsonObject.of("name", Json.of("m"), "successCondition", Json.of(text))), value, NOW);
        Outcome<Expression> compiled = Expression.compile(text);
        Expression.Result result = compiled.ok()
                ? compiled.orThrow().condition(value, NOW)
                : new Expression.Result(null, compiled.problems().get(0).text());
        if (result.error() != null) {
            return JsonObject.builder()
                    .put("error", result.error())
                    .put("measurement", judgement.phase().wire())
                    .put("message", judgement.message())
                    .build();
        }
        return Values.json(result.value());
    }

    private static Json tasks(JsonObject v) {
        JsonArray.Builder out = JsonArray.builder();
        for (AnalysisRunMachine.Request request : AnalysisRunMachine.due(spec(v), status(v), NOW)) {
            out.add(JsonObject.of("metric", Json.of(request.metric().name()), "resume", Json.of(request.resume())));
        }
        return out.build();
    }

    private static Json countersAfter(JsonObject v) {
        MetricResult.Counts c = counts(v.object("before")).after(phase(v.text("measurement")));
        return JsonObject.builder()
                .put("successful", c.successful())
                .put("failed", c.failed())
                .put("inconclusive", c.inconclusive())
                .put("error", c.error())
                .put("count", c.count())
                .put("consecutiveError", c.consecutiveError())
                .put("consecutiveSuccess", c.consecutiveSuccess())
                .build();
    }

    private static Json ttl(JsonObject v) {
        JsonObject ttl = v.object("ttl");
        return Json.of(AnalysisRunMachine.expired(
                Fields.integer(ttl, "afterCompletion"),
                Fields.integer(ttl, "afterSuccess"),
                Fields.integer(ttl, "afterFailure"),
                phase(v.text("phase")),
                Duration.ofSeconds(Fields.integer(v, "secondsSinceCompletion", 0))));
    }

    private static Json dryRun(JsonObject v) {
        List<String> rules = Fields.texts(v, "rules");
        List<String> names = Fields.texts(v, "metrics");
        String unmatched = AnalysisSpec.unmatched("dryRun", rules, names);
        if (unmatched != null) {
            return JsonObject.of("error", Json.of(unmatched));
        }
        JsonArray.Builder out = JsonArray.builder();
        AnalysisSpec.selected(rules, names).forEach(out::add);
        return out.build();
    }

    private static Json retention(JsonObject v) {
        List<Measurement> measurements = new ArrayList<>();
        for (String value : Fields.texts(v, "values")) {
            measurements.add(new Measurement(AnalysisPhase.SUCCESSFUL, NOW, NOW, null, value, ""));
        }
        Integer own = Fields.integer(v, "metricLimit");
        MetricResult kept = new MetricResult("m", null, MetricResult.Counts.NONE, measurements, "", false)
                .retained(own == null ? Fields.integer(v, "defaultLimit", AnalysisSpec.DEFAULT_RETENTION) : own);
        JsonArray.Builder out = JsonArray.builder();
        kept.measurements().forEach(m -> out.add(m.value()));
        return out.build();
    }

    private static Json rolloutPhase(JsonObject r) {
        boolean blueGreen = r.text("strategy", "").equals("blueGreen");
        boolean restart = r.bool("restartPending", false);
        JsonObject spec = JsonObject.builder()
                .put("replicas", Fields.integer(r, "replicas", 1))
                .put("paused", r.bool("specPaused", false))
                .put("strategy", JsonObject.of(blueGreen ? "blueGreen" : "canary", JsonObject.empty()))
                .build();
        spec = restart ? spec.with("restartAt", Json.of("2020-01-01T00:00:00Z")) : spec;
        JsonObject blueGreenStatus = JsonObject.of("activeSelector", Json.of(r.text("active", "")));
        if (r.has("postPromotionAnalysis")) {
            String status = r.text("postPromotionAnalysis", "");
            blueGreenStatus = blueGreenStatus.with(
                    "postPromotionAnalysisRunStatus",
                    JsonObject.of(
                            "name",
                            Json.of("run"),
                            "status",
                            Json.of(status.equals("notCompleted") ? "Running" : status)));
        }
        Map<String, Json> status = new LinkedHashMap<>();
        status.put("conditions", r.array("conditions"));
        status.put("updatedReplicas", Json.of(Fields.integer(r, "updated", 0)));
        status.put("availableReplicas", Json.of(Fields.integer(r, "available", 0)));
        status.put("replicas", Json.of(Fields.integer(r, "statusReplicas", 0)));
        status.put("currentPodHash", Json.of(r.text("current", "")));
        status.put("stableRS", Json.of(r.text("stable", "")));
        status.put("blueGreen", blueGreenStatus);
        if (r.has("pauseReason")) {
            status.put(
                    "pauseConditions",
                    JsonArray.of(JsonObject.of(
                            "reason",
                            Json.of(r.text("pauseReason", "")),
                            "startTime",
                            Json.of("2020-01-01T00:00:00Z"))));
        }
        RolloutStatus read = RolloutStatusJson.read(Json.object(status));
        RolloutPhase phase = RolloutPhase.of(RolloutSpec.of(JsonObject.of("spec", spec)), read);
        return JsonObject.of("phase", Json.of(phase.phase()), "message", Json.of(phase.message()));
    }
}
