package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.Fields;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status object as Argo's controller writes it and its tools read it: zero values are left out. */
public final class RolloutStatusJson {
    private RolloutStatusJson() {}

    /** The object. */
    public static JsonObject write(RolloutStatus s) {
        JsonObject.Builder out = JsonObject.builder(24);
        number(out, "HPAReplicas", s.hpaReplicas());
        flag(out, "abort", s.abort());
        time(out, "abortedAt", s.abortedAt());
        number(out, "availableReplicas", s.availableReplicas());
        if (!s.currentPodHash().isEmpty()) {
            out.put("blueGreen", blueGreen(s));
            out.put("canary", canary(s));
        }
        number(out, "collisionCount", s.collisionCount());
        JsonArray.Builder conditions = JsonArray.builder();
        s.conditions().forEach(condition -> conditions.add(condition.toJson()));
        if (conditions.size() > 0) {
            out.put("conditions", conditions.build());
        }
        flag(out, "controllerPause", s.controllerPause());
        text(out, "currentPodHash", s.currentPodHash());
        text(out, "currentStepHash", s.currentStepHash());
        if (s.currentStepIndex() != null) {
            out.put("currentStepIndex", s.currentStepIndex());
        }
        duration(out, s.duration());
        text(out, "message", s.message());
        text(out, "observedGeneration", s.observedGeneration());
        JsonArray.Builder pauses = JsonArray.builder();
        for (PauseCondition pause : s.pauseConditions()) {
            pauses.add(JsonObject.of(
                    "reason",
                    Json.of(pause.reason()),
                    "startTime",
                    Json.of(pause.startTime().toString())));
        }
        if (pauses.size() > 0) {
            out.put("pauseConditions", pauses.build());
        }
        text(out, "phase", s.phase());
        flag(out, "promoteFull", s.promoteFull());
        number(out, "readyReplicas", s.readyReplicas());
        number(out, "replicas", s.replicas());
        time(out, "restartedAt", s.restartedAt());
        text(out, "selector", s.selector());
        text(out, "stableRS", s.stableRS());
        number(out, "updatedReplicas", s.updatedReplicas());
        text(out, "workloadObservedGeneration", s.workloadObservedGeneration());
        return out.build();
    }

    private static void duration(JsonObject.Builder out, RolloutDuration duration) {
        if (duration.equals(RolloutDuration.NONE)) {
            return;
        }
        JsonObject.Builder body = JsonObject.builder();
        time(body, "rolloutStartedAt", duration.startedAt());
        time(body, "manualPauseStartedAt", duration.manualPauseStartedAt());
        if (duration.manualPauseSeconds() != 0) {
            body.put("totalManualPauseDurationSeconds", duration.manualPauseSeconds());
        }
        time(body, "finishedAt", duration.finishedAt());
        text(body, "completionStatus", duration.completion());
        out.put("duration", body.build());
    }

    private static JsonObject blueGreen(RolloutStatus s) {
        JsonObject.Builder out = JsonObject.builder();
        text(out, "activeSelector", s.activeSelector());
        text(out, "previewSelector", s.previewSelector());
        flag(out, "scaleUpPreviewCheckPoint", s.scaleUpPreviewCheckPoint());
        run(out, "prePromotionAnalysisRunStatus", s.prePromotionRun());
        run(out, "postPromotionAnalysisRunStatus", s.postPromotionRun());
        return out.build();
    }

    private static JsonObject canary(RolloutStatus s) {
        JsonObject.Builder out = JsonObject.builder();
        if (s.weights().set()) {
            JsonObject.Builder weights = JsonObject.builder()
                    .put("canary", destination(s.weights().canary()))
                    .put("stable", destination(s.weights().stable()));
            JsonArray.Builder additional = JsonArray.builder();
            s.weights().additional().forEach(d -> additional.add(destination(d)));
            if (additional.size() > 0) {
                weights.put("additional", additional.build());
            }
            if (s.weights().verified() != null) {
                weights.put("verified", s.weights().verified());
            }
            out.put("weights", weights.build());
        }
        text(out, "stablePingPong", s.stablePingPong());
        run(out, "currentStepAnalysisRunStatus", s.stepRun());
        run(out, "currentBackgroundAnalysisRunStatus", s.backgroundRun());
        text(out, "currentExperiment", s.currentExperiment());
        JsonArray.Builder plugins = JsonArray.builder();
        for (PluginStatus plugin : s.plugins()) {
            plugins.add(plugin(plugin));
        }
        if (plugins.size() > 0) {
            out.put("stepPluginStatuses", plugins.build());
        }
        return out.build();
    }

    private static JsonObject plugin(PluginStatus plugin) {
        JsonObject.Builder out = JsonObject.builder()
                .put("index", plugin.index())
                .put("name", plugin.name())
                .put("operation", plugin.operation())
                .put("phase", plugin.phase());
        text(out, "message", plugin.message());
        time(out, "startedAt", plugin.startedAt());
        time(out, "updatedAt", plugin.updatedAt());
        if (plugin.backoff() != 0) {
            out.put("backoff", plugin.backoff() + "s");
        }
        flag(out, "disabled", plugin.disabled());
        number(out, "executions", plugin.executions());
        if (!plugin.payload().isNull()) {
            out.put("status", plugin.payload());
        }
        return out.build();
    }

    private static JsonObject destination(CanaryWeights.Destination d) {
        JsonObject.Builder out = JsonObject.builder().put("weight", d.weight());
        text(out, "podTemplateHash", d.podTemplateHash());
        text(out, "serviceName", d.serviceName());
        return out.build();
    }

    private static void run(JsonObject.Builder out, String key, RunRef run) {
        if (!run.exists()) {
            return;
        }
        JsonObject.Builder body = JsonObject.builder()
                .put("name", run.name())
                .put("status", run.phase() == null ? "" : run.phase().wire());
        text(body, "message", run.message());
        out.put(key, body.build());
    }

    private static void number(JsonObject.Builder out, String key, int value) {
        if (value != 0) {
            out.put(key, value);
        }
    }

    private static void flag(JsonObject.Builder out, String key, boolean value) {
        if (value) {
            out.put(key, true);
        }
    }

    private static void text(JsonObject.Builder out, String key, String value) {
        if (!value.isEmpty()) {
            out.put(key, value);
        }
    }

    private static void time(JsonObject.Builder out, String key, @Nullable Instant value) {
        if (value != null) {
            out.put(key, value.toString());
        }
    }

    /** The status that an object describes; what it does not say has its zero value. */
    public static RolloutStatus read(JsonObject o) {
        RolloutStatus.Builder b = RolloutStatus.fresh().toBuilder();
        b.hpaReplicas(Fields.integer(o, "HPAReplicas", 0))
                .abort(o.bool("abort", false))
                .abortedAt(time(o, "abortedAt"))
                .availableReplicas(Fields.integer(o, "availableReplicas", 0))
                .collisionCount(Fields.integer(o, "collisionCount", 0))
                .controllerPause(o.bool("controllerPause", false))
                .currentPodHash(o.text("currentPodHash", ""))
                .currentStepHash(o.text("currentStepHash", ""))
                .currentStepIndex(Fields.integer(o, "currentStepIndex"))
                .message(o.text("message", ""))
                .observedGeneration(o.text("observedGeneration", ""))
                .phase(o.text("phase", ""))
                .promoteFull(o.bool("promoteFull", false))
                .readyReplicas(Fields.integer(o, "readyReplicas", 0))
                .replicas(Fields.integer(o, "replicas", 0))
                .restartedAt(time(o, "restartedAt"))
                .selector(o.text("selector", ""))
                .stableRS(o.text("stableRS", ""))
                .updatedReplicas(Fields.integer(o, "updatedReplicas", 0))
                .workloadObservedGeneration(o.text("workloadObservedGeneration", ""));
        List<RolloutCondition> conditions = new ArrayList<>();
        for (JsonObject c : Fields.objects(o, "conditions")) {
            Instant updated = orEpoch(time(c, "lastUpdateTime"));
            conditions.add(new RolloutCondition(
                    c.text("type", ""),
                    c.text("status", ""),
                    c.text("reason", ""),
                    c.text("message", ""),
                    updated,
                    orEpoch(time(c, "lastTransitionTime"))));
        }
        b.conditions(conditions);
        List<PauseCondition> pauses = new ArrayList<>();
        for (JsonObject p : Fields.objects(o, "pauseConditions")) {
            pauses.add(new PauseCondition(p.text("reason", ""), orEpoch(time(p, "startTime"))));
        }
        b.pauseConditions(pauses);
        JsonObject duration = o.object("duration");
        b.duration(new RolloutDuration(
                time(duration, "rolloutStartedAt"),
                time(duration, "manualPauseStartedAt"),
                Fields.integer(duration, "totalManualPauseDurationSeconds", 0),
                time(duration, "finishedAt"),
                duration.text("completionStatus", "")));
        readBlueGreen(b, o.object("blueGreen"));
        readCanary(b, o.object("canary"));
        return b.build();
    }

    private static void readBlueGreen(RolloutStatus.Builder b, JsonObject o) {
        b.activeSelector(o.text("activeSelector", ""))
                .previewSelector(o.text("previewSelector", ""))
                .scaleUpPreviewCheckPoint(o.bool("scaleUpPreviewCheckPoint", false))
                .prePromotionRun(run(o, "prePromotionAnalysisRunStatus"))
                .postPromotionRun(run(o, "postPromotionAnalysisRunStatus"));
    }

    private static void readCanary(RolloutStatus.Builder b, JsonObject o) {
        JsonObject w = o.object("weights");
        if (!w.isEmpty()) {
            List<CanaryWeights.Destination> additional = new ArrayList<>();
            Fields.objects(w, "additional").forEach(d -> additional.add(destination(d)));
            b.weights(new CanaryWeights(
                    destination(w.object("canary")),
                    destination(w.object("stable")),
                    additional,
                    w.get("verified") instanceof JsonBool verified ? verified.value() : null));
        }
        b.stablePingPong(o.text("stablePingPong", ""))
                .stepRun(run(o, "currentStepAnalysisRunStatus"))
                .backgroundRun(run(o, "currentBackgroundAnalysisRunStatus"))
                .currentExperiment(o.text("currentExperiment", ""));
        List<PluginStatus> plugins = new ArrayList<>();
        for (JsonObject p : Fields.objects(o, "stepPluginStatuses")) {
            String backoff = p.text("backoff", "0s");
            Json payload = p.get("status");
            plugins.add(new PluginStatus(
                    Fields.integer(p, "index", 0),
                    p.text("name", ""),
                    p.text("operation", ""),
                    p.text("phase", ""),
                    p.text("message", ""),
                    time(p, "startedAt"),
                    time(p, "updatedAt"),
                    seconds(backoff),
                    payload == null ? Json.nul() : payload,
                    p.bool("disabled", false),
                    Fields.integer(p, "executions", 0)));
        }
        b.plugins(plugins);
    }

    private static long seconds(String text) {
        java.time.Duration duration = io.gitops4j.quantity.GoDuration.parse(text);
        return duration == null ? 0 : duration.toSeconds();
    }

    private static CanaryWeights.Destination destination(JsonObject d) {
        return new CanaryWeights.Destination(
                d.get("weight") instanceof JsonNumber weight ? weight.intValueOr(0) : 0,
                d.text("podTemplateHash", ""),
                d.text("serviceName", ""));
    }

    private static RunRef run(JsonObject o, String key) {
        JsonObject run = o.object(key);
        return run.text("name", "").isEmpty()
                ? RunRef.NONE
                : new RunRef(run.text("name", ""), AnalysisPhase.of(run.text("status")), run.text("message", ""));
    }

    private static Instant orEpoch(@Nullable Instant time) {
        return time == null ? Instant.EPOCH : time;
    }

    private static @Nullable Instant time(JsonObject o, String key) {
        String text = o.text(key);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
