package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.experiment.ExperimentMachine;
import io.gitops4j.rollout.experiment.ExperimentSpec;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.EventSink;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one Experiment one step further on a cluster: its ReplicaSets, the Services of its templates, its AnalysisRuns. Holds
 * nothing between calls. Every method throws {@link io.gitops4j.cluster.ApiException} when the server refuses a call; the next
 * call continues from what is there.
 *
 * <p>Source: Rollouts §4.
 */
public final class ExperimentController {
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");

    private final Cluster cluster;
    private final EventSink events;

    /** A controller of a cluster that reports to {@code events}. */
    public ExperimentController(Cluster cluster, EventSink events) {
        this.cluster = cluster;
        this.events = events;
    }

    /** One step of an Experiment; as of a Rollout. */
    public RolloutController.Reconciled reconcile(String namespace, String name, Instant now) {
        ObjectRef ref = ObjectRef.of(ArgoNames.EXPERIMENT, namespace, name);
        Optional<JsonObject> stored = cluster.get(ref);
        if (stored.isEmpty()) {
            return new RolloutController.Reconciled(false, false, null);
        }
        JsonObject experiment = stored.get();
        ExperimentSpec spec = ExperimentSpec.of(experiment.object("spec"));
        ExperimentMachine.Status before = read(experiment.object("status"));
        ExperimentObjects objects = new ExperimentObjects(cluster, experiment, spec);
        ExperimentMachine.Transition next = ExperimentMachine.step(spec, before, objects.observe(), now);
        boolean wrote = false;
        for (ExperimentMachine.Action action : next.actions()) {
            if (action instanceof ExperimentMachine.Action.CreateReplicaSet create) {
                objects.createReplicaSet(create.template());
            } else if (action instanceof ExperimentMachine.Action.Scale scale) {
                objects.scale(scale.template(), scale.replicas());
            } else if (action instanceof ExperimentMachine.Action.StartAnalysis start) {
                objects.startRun(start.analysis(), next.status());
            } else if (action instanceof ExperimentMachine.Action.TerminateAnalysis terminate) {
                objects.terminateRun(terminate.analysis());
            }
            wrote = true;
        }
        wrote |= objects.services(next.status().completed());
        JsonObject status = write(next.status(), objects);
        if (!status.equals(experiment.object("status"))) {
            JsonObject latest = cluster.get(ref).orElse(experiment);
            cluster.replace(ref.sub("status"), latest.with("status", status), WRITE);
            wrote = true;
        }
        if (next.status().phase() != before.phase()) {
            report(namespace + "/" + name, next.status(), now);
        }
        return new RolloutController.Reconciled(true, wrote, next.wakeAt());
    }

    private void report(String subject, ExperimentMachine.Status status, Instant now) {
        AnalysisPhase phase = status.phase();
        if (phase != null) {
            events.accept(new EventSink.Event(
                    now, "Experiment" + phase.wire(), subject, JsonObject.of("message", Json.of(status.message()))));
        }
    }

    private static ExperimentMachine.Status read(JsonObject status) {
        AnalysisPhase phase = AnalysisPhase.of(status.text("phase"));
        return new ExperimentMachine.Status(
                phase,
                status.text("message", ""),
                ClusterObservation.time(status.text("startedAt")),
                ClusterObservation.time(status.text("availableAt")),
                ClusterObservation.time(status.text("completedAt")));
    }

    private static JsonObject write(ExperimentMachine.Status status, ExperimentObjects objects) {
        JsonObject.Builder out = JsonObject.builder();
        JsonArray.Builder runs = JsonArray.builder();
        Map<String, JsonObject> analyses = new LinkedHashMap<>(objects.runs());
        analyses.forEach((analysis, run) -> runs.add(JsonObject.builder()
                .put("name", analysis)
                .put("analysisRun", run.object("metadata").text("name", ""))
                .put("phase", run.object("status").text("phase", AnalysisPhase.PENDING.wire()))
                .putIfPresent("message", run.object("status").get("message"))
                .build()));
        if (runs.size() > 0) {
            out.put("analysisRuns", runs.build());
        }
        time(out, "availableAt", status.availableAt());
        time(out, "completedAt", status.finishedAt());
        if (!status.message().isEmpty()) {
            out.put("message", status.message());
        }
        AnalysisPhase phase = status.phase();
        out.put("phase", phase == null ? "" : phase.wire());
        time(out, "startedAt", status.startedAt());
        out.put("templateStatuses", objects.templateStatuses(status));
        return out.build();
    }

    private static void time(JsonObject.Builder out, String key, @Nullable Instant value) {
        if (value != null) {
            out.put(key, value.toString());
        }
    }

    /** Puts what the experiment knows of its pods into the arguments of an analysis. */
    static JsonArray arguments(JsonObject analysis, Map<String, String> known) {
        JsonArray.Builder args = JsonArray.builder();
        for (JsonObject arg : Fields.objects(analysis, "args")) {
            String value = arg.text("value");
            if (value == null) {
                args.add(arg);
                continue;
            }
            for (Map.Entry<String, String> fact : known.entrySet()) {
                value = value.replace("{{" + fact.getKey() + "}}", fact.getValue())
                        .replace("{{ " + fact.getKey() + " }}", fact.getValue());
            }
            args.add(arg.with("value", Json.of(value)));
        }
        return args.build();
    }
}
