package io.gitops4j.rollout.simulate;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.Action;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutEngine;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.Transition;
import io.gitops4j.rollout.analysis.AnalysisPhase;
import io.gitops4j.rollout.spec.RolloutSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A Rollout and its objects in memory, under virtual time: applies the engine's actions, lets pods come up as a
 * {@link PodModel} says, and drives the engine until nothing moves. Not thread-safe.
 */
public final class SimulatedCluster {
    private static final int MAX_PASSES = 10_000;

    private PodModel podModel;
    private final AnalysisModel analysisModel;
    private final Map<String, SimulatedReplicaSet> replicaSets = new LinkedHashMap<>();
    private final Map<String, String> services = new TreeMap<>();
    private final Map<String, SimulatedRun> runs = new LinkedHashMap<>();
    private final Map<String, Observation.ExperimentView> experiments = new LinkedHashMap<>();
    private final Map<String, SimulatedExperiment> simulatedExperiments = new LinkedHashMap<>();
    private final List<Observation.PluginAnswer> pluginAnswers = new ArrayList<>();
    private final List<String> managedRoutes = new ArrayList<>();
    private final Map<String, JsonObject> ephemeral = new LinkedHashMap<>();
    private final List<String> openGates = new ArrayList<>();
    private final List<Action> journal = new ArrayList<>();
    private final List<Consumer<SimulatedCluster>> listeners = new ArrayList<>();
    private Predicate<Action> lost = action -> false;
    private UnaryOperator<RolloutSpec> references = UnaryOperator.identity();
    private @Nullable Boolean weightsVerified;
    private RolloutSpec spec;
    private RolloutStatus status = RolloutStatus.fresh();
    private Instant now;
    private @Nullable Transition last;
    private long steps;

    /** A cluster that holds this Rollout and the services its strategy names. */
    public SimulatedCluster(JsonObject rollout, Instant now, PodModel podModel, AnalysisModel analysisModel) {
        this.podModel = podModel;
        this.analysisModel = analysisModel;
        this.now = now;
        this.spec = RolloutSpec.of(withGeneration(rollout, 1));
        nameServices();
    }

    private static JsonObject withGeneration(JsonObject rollout, long generation) {
        return rollout.with("metadata", rollout.object("metadata").with("generation", Json.of(generation)));
    }

    private void nameServices() {
        List<String> names = new ArrayList<>();
        if (spec.blueGreen() != null) {
            names.add(spec.blueGreen().activeService());
            names.add(spec.blueGreen().previewService());
        }
        if (spec.canary() != null) {
            names.add(spec.canary().canaryService());
            names.add(spec.canary().stableService());
            JsonObject pingPong = spec.canary().pingPong();
            names.add(pingPong == null ? "" : pingPong.text("pingService", ""));
            names.add(pingPong == null ? "" : pingPong.text("pongService", ""));
        }
        // a service that the strategy names no longer is let go
        services.replaceAll((name, hash) -> names.contains(name) ? hash : "");
        names.stream().filter(name -> !name.isEmpty()).forEach(name -> services.putIfAbsent(name, ""));
    }

    /** Calls {@code listener} after every step that moved something. */
    public void listen(Consumer<SimulatedCluster> listener) {
        listeners.add(listener);
    }

    /** Edits the Rollout; a changed spec gets the next generation. */
    public void edit(UnaryOperator<JsonObject> change) {
        JsonObject edited = change.apply(spec.rollout());
        boolean changed = !edited.object("spec").equals(spec.rollout().object("spec"));
        spec = RolloutSpec.of(withGeneration(edited, changed ? spec.generation() + 1 : spec.generation()));
        nameServices();
    }

    /** Edits the status, as people and tools do. */
    public void editStatus(UnaryOperator<RolloutStatus> change) {
        status = change.apply(status);
    }

    /** Lets pods that are created from now on come up as {@code model} says. */
    public void pods(PodModel model) {
        podModel = model;
    }

    /** Moves the clock without looking at what falls due on the way, as a stopped process would. */
    public void jump(Duration duration) {
        now = now.plus(duration);
    }

    /** Says what the router answers when it is asked for its weights. */
    public void verifyWeights(@Nullable Boolean answer) {
        weightsVerified = answer;
    }

    /** Opens a gate. */
    public void openGate(String name) {
        openGates.add(name);
    }

    /** Lets an experiment be in a phase, whatever its pods and analyses do. */
    public void experiment(Observation.ExperimentView view) {
        experiments.put(view.name(), view);
    }

    /** The answer of a step plugin to the call made last. */
    public void answerPlugin(Observation.PluginAnswer answer) {
        pluginAnswers.add(answer);
    }

    /** Runs the engine until nothing moves at this instant. */
    public void settle() {
        Observation lastSeen = null;
        Transition lastMove = null;
        for (int i = 0; i < MAX_PASSES; i++) {
            boolean podsMoved = movePods();
            boolean runsMoved = moveRuns();
            Observation seen = observe();
            Transition move = RolloutEngine.step(references.apply(spec), status, seen, now);
            steps++;
            last = move;
            boolean repeated = lastMove != null
                    && move.status() == status
                    && move.actions().equals(lastMove.actions())
                    && seen.equals(lastSeen);
            if (!podsMoved && !runsMoved && (!move.moved(status) || repeated)) {
                return;
            }
            status = move.status();
            move.actions().forEach(this::apply);
            lastSeen = seen;
            lastMove = move;
            listeners.forEach(listener -> listener.accept(this));
        }
        throw new IllegalStateException("no rest after " + MAX_PASSES + " passes: " + status);
    }

    /** The next instant at which something happens by itself, or {@code null}. */
    public @Nullable Instant nextEvent() {
        Instant next = last == null ? now : last.wakeAt();
        for (SimulatedReplicaSet rs : replicaSets.values()) {
            next = earlier(next, rs.nextChange(now, spec.minReadySeconds()));
        }
        for (SimulatedRun run : runs.values()) {
            next = earlier(next, run.wakeAt(now));
        }
        for (SimulatedExperiment experiment : simulatedExperiments.values()) {
            next = earlier(next, experiment.nextEvent(now, spec.minReadySeconds()));
        }
        return next;
    }

    private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
        return a == null ? b : b == null || a.isBefore(b) ? a : b;
    }

    /** Moves the clock to {@code time} through everything that happens until then. */
    public void advanceTo(Instant time) {
        settle();
        while (true) {
            Instant next = nextEvent();
            if (next == null || next.isAfter(time)) {
                break;
            }
            now = next.isAfter(now) ? next : now.plusMillis(1);
            settle();
        }
        now = time.isAfter(now) ? time : now;
        settle();
    }

    /** Moves the clock by {@code duration}. */
    public void advance(Duration duration) {
        advanceTo(now.plus(duration));
    }

    private boolean movePods() {
        boolean moved = false;
        for (SimulatedReplicaSet rs : replicaSets.values()) {
            moved |= rs.reconcile(now, podModel);
        }
        return moved;
    }

    private boolean moveRuns() {
        boolean moved = false;
        for (SimulatedRun run : runs.values()) {
            moved |= run.step(now, analysisModel);
        }
        for (SimulatedExperiment experiment : simulatedExperiments.values()) {
            moved |= experiment.step(now, podModel, spec.minReadySeconds(), analysisModel);
        }
        return moved;
    }

    /** What the engine sees. */
    public Observation observe() {
        List<Observation.ReplicaSet> seen = new ArrayList<>();
        List<Observation.StalePods> stale = new ArrayList<>();
        for (SimulatedReplicaSet rs : replicaSets.values()) {
            seen.add(rs.view(now, spec.minReadySeconds()));
            int old = spec.restartAt() == null ? 0 : rs.createdBefore(spec.restartAt());
            if (old > 0) {
                stale.add(new Observation.StalePods(rs.hash(), old));
            }
        }
        List<Observation.ExperimentView> views = new ArrayList<>(experiments.values());
        simulatedExperiments.forEach((name, experiment) -> {
            seen.addAll(experiment.replicaSets(now, spec.minReadySeconds()));
            if (!experiments.containsKey(name)) {
                views.add(experiment.view());
            }
        });
        List<Observation.Ephemeral> ephemerals = new ArrayList<>();
        ephemeral.forEach((hash, metadata) -> ephemerals.add(new Observation.Ephemeral(hash, metadata)));
        List<Observation.Service> found = new ArrayList<>();
        services.forEach((name, hash) -> found.add(new Observation.Service(name, hash)));
        List<Observation.Run> seenRuns = new ArrayList<>();
        runs.values().forEach(run -> seenRuns.add(run.view()));
        return new Observation(
                seen,
                found,
                weightsVerified,
                seenRuns,
                views,
                new Observation.Extras(
                        pluginAnswers, stale, openGates, managedRoutes, ephemerals, Observation.Workload.NONE));
    }

    /** Takes a service away, as if nobody had created it. */
    public void withoutService(String name) {
        services.remove(name);
    }

    /** Checks what the Rollout refers to before every step: the answer is the spec, held back where something is missing. */
    public void checkReferences(UnaryOperator<RolloutSpec> check) {
        references = check;
    }

    /** Lets actions get lost on their way, to see whether the engine asks again. */
    public void lose(Predicate<Action> actions) {
        lost = actions;
    }

    private void apply(Action action) {
        if (lost.test(action)) {
            return;
        }
        journal.add(action);
        if (action instanceof Action.CreateReplicaSet create) {
            replicaSets.putIfAbsent(
                    create.hash(),
                    new SimulatedReplicaSet(create.name(), create.hash(), create.revision(), create.template(), now));
        } else if (action instanceof Action.SetRevision set) {
            replicaSet(set.hash()).setRevision(set.revision());
        } else if (action instanceof Action.ScaleReplicaSet scale) {
            replicaSet(scale.hash()).scale(scale.to(), scale.desired());
        } else if (action instanceof Action.SetScaleDownDeadline deadline) {
            replicaSet(deadline.hash()).setDeadline(deadline.at());
        } else if (action instanceof Action.DeleteReplicaSet delete) {
            replicaSets.remove(delete.hash());
        } else if (action instanceof Action.SwitchService service) {
            services.put(service.service(), service.hash());
        } else if (action instanceof Action.SetEphemeralMetadata set) {
            if (set.metadata() == null) {
                ephemeral.remove(set.hash());
            } else {
                ephemeral.put(set.hash(), set.metadata());
            }
        } else if (action instanceof Action.StartAnalysisRun start) {
            runs.putIfAbsent(start.name(), new SimulatedRun(start, analysisModel.specOf(start)));
        } else if (action instanceof Action.TerminateAnalysisRun terminate) {
            SimulatedRun run = runs.get(terminate.name());
            if (run != null) {
                run.terminate();
            }
        } else if (action instanceof Action.StartExperiment start) {
            SimulatedReplicaSet stable = replicaSets.get(status.stableRS());
            simulatedExperiments.putIfAbsent(
                    start.name(),
                    new SimulatedExperiment(
                            start,
                            stable == null ? spec.template() : stable.template(),
                            spec.template(),
                            spec.selector()));
        } else if (action instanceof Action.TerminateExperiment terminate) {
            experiments.computeIfPresent(
                    terminate.name(),
                    (name, view) -> new Observation.ExperimentView(name, AnalysisPhase.SUCCESSFUL, "", List.of()));
            SimulatedExperiment experiment = simulatedExperiments.get(terminate.name());
            if (experiment != null) {
                experiment.terminate();
            }
        } else if (action instanceof Action.EvictPods evict) {
            replicaSet(evict.hash()).evict(evict.count(), evict.before(), now);
        } else if (action instanceof Action.SetRoute route) {
            String name = route.route().text("name", "");
            managedRoutes.remove(name);
            if (!route.route().array("match").isEmpty()) {
                managedRoutes.add(name);
            }
        } else if (action instanceof Action.RemoveManagedRoutes) {
            managedRoutes.clear();
        }
    }

    private SimulatedReplicaSet replicaSet(String hash) {
        SimulatedReplicaSet rs = replicaSets.get(hash);
        if (rs == null) {
            throw new IllegalStateException("no ReplicaSet " + hash);
        }
        return rs;
    }

    /** The Rollout as it stands. */
    public RolloutSpec spec() {
        return spec;
    }

    /** Its status. */
    public RolloutStatus status() {
        return status;
    }

    /** The Rollout with its status, as an API server would show it. */
    public JsonObject rollout() {
        return spec.rollout().with("status", RolloutStatusJson.write(status));
    }

    /** The virtual time. */
    public Instant now() {
        return now;
    }

    /** Steps taken so far. */
    public long steps() {
        return steps;
    }

    /** The last transition. */
    public @Nullable Transition last() {
        return last;
    }

    /** Every action applied so far, in order. */
    public List<Action> journal() {
        return List.copyOf(journal);
    }

    /** The messages of events so far, as {@code reason}. */
    public List<String> events() {
        List<String> reasons = new ArrayList<>();
        for (Action action : journal) {
            if (action instanceof Action.Emit emit) {
                reasons.add(emit.reason());
            }
        }
        return reasons;
    }

    /** What a service selects, {@code ""} for nothing. */
    public String service(String name) {
        return services.getOrDefault(name, "");
    }

    /** The weights on the router. */
    public CanaryWeights weights() {
        return status.weights();
    }

    /** The ReplicaSets as the engine sees them, in order of creation. */
    public List<Observation.ReplicaSet> replicaSets() {
        return observe().replicaSets();
    }

    /** The runs as the engine sees them, in order of creation. */
    public List<Observation.Run> analysisRuns() {
        return observe().analysisRuns();
    }
}
