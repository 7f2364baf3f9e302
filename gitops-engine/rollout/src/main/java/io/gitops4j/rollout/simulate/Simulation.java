package io.gitops4j.rollout.simulate;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutPhase;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.Transition;
import io.gitops4j.rollout.analysis.AnalysisRunPlan;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.Metric;
import io.gitops4j.rollout.analysis.MetricAnswer;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * An update of a Rollout that is only thought through: from a healthy previous revision to the one described, with metric
 * curves, pod start-up times and an operator's actions, under virtual time. Configure and {@link #run()}; a simulation may be
 * run again and gives the same trace.
 */
public final class Simulation {
    /** When an update is asked for unless {@link #startingAt} says otherwise. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final double ASSUMED_GOAL = 0.95;

    private final JsonObject rollout;
    private final Map<String, JsonObject> templates = new LinkedHashMap<>();
    private final Map<String, Function<Instant, MetricAnswer>> metrics = new LinkedHashMap<>();
    private final TreeMap<Duration, List<Consumer<Operator>>> actions = new TreeMap<>();
    private @Nullable JsonObject previous;
    private Instant start = START;
    private Duration limit = Duration.ofHours(24);
    private PodModel pods = PodModel.INSTANT;

    private Simulation(JsonObject rollout) {
        this.rollout = rollout;
    }

    /** A simulation of the update to {@code rollout}. */
    public static Simulation of(JsonObject rollout) {
        return new Simulation(rollout);
    }

    /** The revision that is there before; by default the same one with other images. */
    public Simulation from(JsonObject previousRollout) {
        previous = previousRollout;
        return this;
    }

    /** When the update is asked for. */
    public Simulation startingAt(Instant time) {
        start = time;
        return this;
    }

    /** How long is simulated at most, 24 hours by default. */
    public Simulation until(Duration most) {
        limit = most;
        return this;
    }

    /** How fast pods come up, at once by default. */
    public Simulation pods(PodModel model) {
        pods = model;
        return this;
    }

    /** An AnalysisTemplate or ClusterAnalysisTemplate that the Rollout refers to. */
    public Simulation template(JsonObject analysisTemplate) {
        templates.put(analysisTemplate.object("metadata").text("name", ""), analysisTemplate);
        return this;
    }

    /** The value of a metric over time, as a query with one series answers it. */
    public Simulation metric(String name, ToDoubleFunction<Instant> curve) {
        return measurement(name, time -> MetricAnswer.value(List.of(curve.applyAsDouble(time))));
    }

    /** The answers of a metric over time: values of any shape, nothing, errors. */
    public Simulation measurement(String name, Function<Instant, MetricAnswer> answers) {
        metrics.put(name, answers);
        return this;
    }

    /** What a person does some time after the start. */
    public Simulation at(Duration time, Consumer<Operator> action) {
        actions.computeIfAbsent(time, key -> new ArrayList<>()).add(action);
        return this;
    }

    /** Thinks the update through. */
    public Trace run() {
        JsonObject before = previous == null ? withOtherImages(rollout) : previous;
        SimulatedCluster cluster =
                new SimulatedCluster(before, start.minus(Duration.ofHours(1)), PodModel.INSTANT, new Model());
        cluster.advanceTo(start);
        cluster.pods(pods);
        Recorder recorder = new Recorder(cluster);
        cluster.listen(recorder);
        cluster.edit(old -> rollout);
        cluster.settle();
        recorder.close();
        Instant end = start.plus(limit);
        actions.forEach((time, operations) -> {
            proceed(cluster, recorder, start.plus(time));
            operations.forEach(operation -> operation.accept(new Operator(cluster)));
            cluster.settle();
            recorder.close();
        });
        proceed(cluster, recorder, end);
        Transition last = cluster.last();
        return new Trace(
                cluster.spec().name(),
                start,
                new Trace.Extent(recorder.length(), recorder.peak, recorder.least),
                recorder.rows,
                last == null ? List.of() : last.trace());
    }

    /**
     * The time that the update takes when pods come up at once and every pause that waits for a person is ended at once;
     * {@code null} when it does not get there within the limit.
     */
    public @Nullable Duration earliestFinish() {
        return finish(PodModel.INSTANT, true);
    }

    /**
     * The time that the update takes when pods come up as slowly as the progress deadline allows; {@code null} when it waits
     * for a person somewhere, or does not get there within the limit.
     */
    public @Nullable Duration latestFinish() {
        int deadline = RolloutSpec.of(rollout).progressDeadlineSeconds();
        return finish(PodModel.after(Duration.ofSeconds(deadline)), false);
    }

    private @Nullable Duration finish(PodModel model, boolean promotes) {
        JsonObject before = previous == null ? withOtherImages(rollout) : previous;
        SimulatedCluster cluster =
                new SimulatedCluster(before, start.minus(Duration.ofHours(1)), PodModel.INSTANT, new Model());
        cluster.advanceTo(start);
        cluster.pods(model);
        cluster.edit(old -> rollout);
        cluster.settle();
        Instant end = start.plus(limit);
        while (!cluster.status().phase().equals(RolloutPhase.HEALTHY)) {
            Instant next = cluster.nextEvent();
            if (waitsForAPerson(cluster)) {
                if (!promotes) {
                    return null;
                }
                new Operator(cluster).promote();
                cluster.settle();
            } else if (next == null || next.isAfter(end)) {
                return null;
            } else {
                cluster.advanceTo(
                        next.isAfter(cluster.now()) ? next : cluster.now().plusMillis(1));
            }
        }
        return Duration.between(start, cluster.now());
    }

    private static boolean waitsForAPerson(SimulatedCluster cluster) {
        if (!cluster.status().phase().equals(RolloutPhase.PAUSED)) {
            return false;
        }
        if (cluster.spec().blueGreen() != null) {
            return !cluster.spec().blueGreen().autoPromotionEnabled();
        }
        Integer index = cluster.status().currentStepIndex();
        return index == null
                || index >= cluster.spec().steps().size()
                || cluster.spec().steps().get(index).pauseSeconds() == null;
    }

    private static void proceed(SimulatedCluster cluster, Recorder recorder, Instant to) {
        while (true) {
            Instant next = cluster.nextEvent();
            if (next == null || next.isAfter(to)) {
                break;
            }
            cluster.advanceTo(next.isAfter(cluster.now()) ? next : cluster.now().plusMillis(1));
            recorder.close();
        }
        cluster.advanceTo(to);
        recorder.close();
    }

    private static JsonObject withOtherImages(JsonObject rollout) {
        JsonObject spec = rollout.object("spec");
        JsonObject template = spec.object("template");
        JsonArray.Builder containers = JsonArray.builder();
        for (JsonObject container : Fields.objects(template.object("spec"), "containers")) {
            containers.add(container.with("image", Json.of(container.text("image", "") + "-previous")));
        }
        JsonObject pod = template.object("spec").with("containers", containers.build());
        return rollout.with("spec", spec.with("template", template.with("spec", pod)));
    }

    /** Templates and curves as given; a template that is not known asks for one metric of its name. */
    private final class Model implements AnalysisModel {
        @Override
        public Outcome<AnalysisSpec> specOf(Action.StartAnalysisRun start) {
            List<JsonObject> found = new ArrayList<>();
            for (JsonObject ref : Fields.objects(start.analysis(), "templates")) {
                String name = ref.text("templateName", "");
                JsonObject template = templates.get(name);
                found.add(template == null ? assumed(name) : template);
            }
            return AnalysisRunPlan.of(start.analysis(), found, rollout, "stable", start.hash());
        }

        private JsonObject assumed(String name) {
            JsonObject metric = JsonObject.builder()
                    .put("name", name)
                    .put("interval", "1m")
                    .put("successCondition", "result[0] >= " + ASSUMED_GOAL)
                    .put("provider", JsonObject.of("prometheus", JsonObject.empty()))
                    .build();
            return JsonObject.of("spec", JsonObject.of("metrics", JsonArray.of(metric)));
        }

        @Override
        public MetricAnswer measure(Metric metric, Instant now) {
            Function<Instant, MetricAnswer> curve = metrics.get(metric.name());
            return curve == null ? MetricAnswer.value(List.of(1.0)) : curve.apply(now);
        }
    }

    /** Notes one row for every instant at which something changed. */
    private final class Recorder implements Consumer<SimulatedCluster> {
        private final SimulatedCluster cluster;
        private final List<Trace.Row> rows = new ArrayList<>();
        private final List<Trace.Event> events = new ArrayList<>();
        private int journalled;
        private int peak;
        private int least = Integer.MAX_VALUE;

        Recorder(SimulatedCluster cluster) {
            this.cluster = cluster;
            this.journalled = cluster.journal().size();
        }

        @Override
        public void accept(SimulatedCluster moved) {
            List<Action> journal = moved.journal();
            for (Action action : journal.subList(journalled, journal.size())) {
                if (action instanceof Action.Emit emit) {
                    events.add(new Trace.Event(emit.reason(), emit.message()));
                }
            }
            journalled = journal.size();
            Trace.PodCounts counts = row().pods();
            int experimental = 0;
            for (Observation.ReplicaSet rs : moved.replicaSets()) {
                experimental += rs.experiment() ? rs.spec() : 0;
            }
            peak = Math.max(peak, counts.total() + experimental);
            least = Math.min(least, counts.available());
        }

        void close() {
            Trace.Row row = row();
            if (rows.isEmpty() || !row.sameState(rows.get(rows.size() - 1)) || !events.isEmpty()) {
                append(row);
            }
        }

        private void append(Trace.Row row) {
            rows.add(new Trace.Row(
                    row.at(), row.phase(), row.message(), row.step(), row.weight(), row.pods(), List.copyOf(events)));
            events.clear();
        }

        private Trace.Row row() {
            RolloutStatus status = cluster.status();
            int canary = 0;
            int canaryAvailable = 0;
            int stable = 0;
            int stableAvailable = 0;
            for (Observation.ReplicaSet rs : cluster.replicaSets()) {
                if (rs.experiment()) {
                    continue;
                }
                if (rs.hash().equals(status.currentPodHash())) {
                    canary += rs.spec();
                    canaryAvailable += rs.available();
                } else {
                    stable += rs.spec();
                    stableAvailable += rs.available();
                }
            }
            return new Trace.Row(
                    Duration.between(start, cluster.now()),
                    phase(status.phase()),
                    status.message(),
                    step(status),
                    weight(status, canaryAvailable, canaryAvailable + stableAvailable),
                    new Trace.PodCounts(canary, canaryAvailable, stable, stableAvailable),
                    List.of());
        }

        private Trace.Phase phase(String phase) {
            return switch (phase) {
                case RolloutPhase.HEALTHY -> Trace.Phase.HEALTHY;
                case RolloutPhase.PAUSED -> Trace.Phase.PAUSED;
                case RolloutPhase.DEGRADED -> Trace.Phase.DEGRADED;
                default -> Trace.Phase.PROGRESSING;
            };
        }

        private String step(RolloutStatus status) {
            Integer index = status.currentStepIndex();
            int count = cluster.spec().steps().size();
            if (index == null) {
                return "";
            }
            return index + "/" + count
                    + (index < count ? " " + cluster.spec().steps().get(index).display() : "");
        }

        private int weight(RolloutStatus status, int canaryAvailable, int available) {
            if (status.fullyPromoted()) {
                return 100;
            }
            if (cluster.spec().blueGreen() != null) {
                return status.activeSelector().equals(status.currentPodHash()) ? 100 : 0;
            }
            if (cluster.spec().canary() != null && cluster.spec().canary().routed()) {
                return status.weights().canary().weight()
                        * 100
                        / cluster.spec().canary().maxTrafficWeight();
            }
            return available == 0 ? 0 : 100 * canaryAvailable / available;
        }

        Duration length() {
            return rows.get(rows.size() - 1).at();
        }
    }
}
