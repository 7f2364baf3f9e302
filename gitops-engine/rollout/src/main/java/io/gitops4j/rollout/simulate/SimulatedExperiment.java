package io.gitops4j.rollout.simulate;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.experiment.ExperimentMachine;
import io.gitops4j.rollout.experiment.ExperimentSpec;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.TemplateIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An Experiment with its ReplicaSets and AnalysisRuns, under the same pods and curves as its rollout. */
final class SimulatedExperiment {
    private final String name;
    private final Map<String, JsonObject> podTemplates;
    private final Map<String, SimulatedReplicaSet> replicaSets = new LinkedHashMap<>();
    private final Map<String, SimulatedRun> runs = new LinkedHashMap<>();
    private ExperimentSpec spec;
    private JsonObject body;
    private ExperimentMachine.Status status = ExperimentMachine.Status.FRESH;
    private @Nullable Instant wakeAt;

    SimulatedExperiment(Action.StartExperiment start, JsonObject stable, JsonObject canary, JsonObject selector) {
        this.name = start.name();
        this.podTemplates = new LinkedHashMap<>();
        JsonArray.Builder templates = JsonArray.builder();
        for (JsonObject template : Fields.objects(start.experiment(), "templates")) {
            podTemplates.put(
                    template.text("name", ""), template.text("specRef", "").equals("stable") ? stable : canary);
            templates.add(template.has("selector") ? template : template.with("selector", selector));
        }
        this.body = start.experiment().with("templates", templates.build());
        this.spec = ExperimentSpec.of(body);
    }

    void terminate() {
        body = body.with("terminate", Json.of(true));
        spec = ExperimentSpec.of(body);
    }

    /** Steps it at {@code now}; whether anything moved. */
    boolean step(Instant now, PodModel pods, int minReadySeconds, AnalysisModel model) {
        boolean moved = false;
        for (int i = 0; i < 100; i++) {
            boolean again = false;
            for (SimulatedReplicaSet rs : replicaSets.values()) {
                again |= rs.reconcile(now, pods);
            }
            for (SimulatedRun run : runs.values()) {
                again |= run.step(now, model);
            }
            ExperimentMachine.Transition next =
                    ExperimentMachine.step(spec, status, observe(now, minReadySeconds), now);
            again |= !next.status().equals(status);
            status = next.status();
            wakeAt = next.wakeAt();
            for (ExperimentMachine.Action action : next.actions()) {
                again |= apply(action, now, model);
            }
            moved |= again;
            if (!again) {
                break;
            }
        }
        return moved;
    }

    private ExperimentMachine.Observation observe(Instant now, int minReadySeconds) {
        Map<String, Integer> replicas = new LinkedHashMap<>();
        Map<String, Integer> available = new LinkedHashMap<>();
        replicaSets.forEach((template, rs) -> {
            Observation.ReplicaSet view = rs.view(now, minReadySeconds);
            replicas.put(template, view.spec());
            available.put(template, view.available());
        });
        Map<String, AnalysisPhase> analyses = new LinkedHashMap<>();
        runs.forEach((analysis, run) -> {
            AnalysisPhase phase = run.view().phase();
            analyses.put(analysis, phase == null ? AnalysisPhase.PENDING : phase);
        });
        return new ExperimentMachine.Observation(replicas, available, analyses);
    }

    private boolean apply(ExperimentMachine.Action action, Instant now, AnalysisModel model) {
        if (action instanceof ExperimentMachine.Action.CreateReplicaSet create) {
            JsonObject template = podTemplates.getOrDefault(create.template(), JsonObject.empty());
            replicaSets.put(
                    create.template(),
                    SimulatedReplicaSet.ofExperiment(
                            name + "-" + create.template(), hash(create.template(), template), template, now));
            return true;
        }
        if (action instanceof ExperimentMachine.Action.Scale scale) {
            SimulatedReplicaSet rs = replicaSets.get(scale.template());
            if (rs != null) {
                rs.scale(scale.replicas(), scale.replicas());
            }
            return rs != null;
        }
        if (action instanceof ExperimentMachine.Action.StartAnalysis start) {
            JsonObject analysis = analysis(start.analysis());
            Action.StartAnalysisRun run =
                    new Action.StartAnalysisRun(name + "-" + start.analysis(), "Experiment", "", null, analysis);
            runs.put(start.analysis(), new SimulatedRun(run, model.specOf(run)));
            return true;
        }
        if (action instanceof ExperimentMachine.Action.TerminateAnalysis end) {
            SimulatedRun run = runs.get(end.analysis());
            return run != null && run.terminate();
        }
        return false;
    }

    private JsonObject analysis(String wanted) {
        for (ExperimentSpec.Analysis analysis : spec.analyses()) {
            if (analysis.name().equals(wanted)) {
                JsonObject ref =
                        JsonObject.of("templateName", Json.of(analysis.body().text("templateName", "")));
                return JsonObject.of(
                        "templates", JsonArray.of(ref), "args", analysis.body().array("args"));
            }
        }
        return JsonObject.empty();
    }

    /** The pods have a name of their own: the same template as that of a revision is yet another ReplicaSet. */
    private String hash(String template, JsonObject pod) {
        return TemplateIdentity.hash(JsonArray.of(Json.of(name + "-" + template), pod));
    }

    @Nullable
    Instant nextEvent(Instant now, int minReadySeconds) {
        Instant next = wakeAt;
        for (SimulatedReplicaSet rs : replicaSets.values()) {
            next = earlier(next, rs.nextChange(now, minReadySeconds));
        }
        for (SimulatedRun run : runs.values()) {
            next = earlier(next, run.wakeAt(now));
        }
        return next == null || next.isAfter(now) ? next : now.plusMillis(1);
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return a == null ? b : b == null || a.isBefore(b) ? a : b;
    }

    /** What the rollout sees of it. */
    Observation.ExperimentView view() {
        List<CanaryWeights.Destination> destinations = new ArrayList<>();
        if (status.phase() == AnalysisPhase.RUNNING) {
            for (ExperimentSpec.Template template : spec.templates()) {
                Integer weight = Fields.integer(template.body(), "weight");
                SimulatedReplicaSet rs = replicaSets.get(template.name());
                if (weight != null && rs != null) {
                    destinations.add(new CanaryWeights.Destination(weight, rs.hash(), name + "-" + template.name()));
                }
            }
        }
        return new Observation.ExperimentView(name, status.phase(), status.message(), destinations);
    }

    /** Its ReplicaSets as the rollout sees them. */
    List<Observation.ReplicaSet> replicaSets(Instant now, int minReadySeconds) {
        List<Observation.ReplicaSet> views = new ArrayList<>();
        replicaSets.values().forEach(rs -> views.add(rs.view(now, minReadySeconds)));
        return views;
    }
}
