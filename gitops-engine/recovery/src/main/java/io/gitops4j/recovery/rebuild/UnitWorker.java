package io.gitops4j.recovery.rebuild;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.recovery.rebuild.RebuildReport.Done;
import io.gitops4j.recovery.rebuild.RebuildReport.ObjectTimes;
import io.gitops4j.recovery.rebuild.RebuildReport.Result;
import io.gitops4j.recovery.restore.JournalRecord;
import io.gitops4j.recovery.restore.Pause;
import io.gitops4j.recovery.restore.RestoreJournal;
import io.gitops4j.spi.Cluster;
import io.gitops4j.sync.DiffComparer;
import io.gitops4j.sync.Hooks;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.OperationPhase;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.PlanStep;
import io.gitops4j.sync.Planner;
import io.gitops4j.sync.SyncRunner;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.sync.SyncStatus;
import io.gitops4j.sync.SyncTransition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does one unit: applies its layers, waits until they are there, and at the end until all is healthy. */
final class UnitWorker {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final InstantSource clock;
    private final Pause pause;
    private final RestoreJournal journal;
    private final Duration deadline;
    private final HealthChecks health = HealthChecks.standard();
    private final Map<String, String> missingKinds = new LinkedHashMap<>();
    private final Map<String, SyncStatus> hooksUnderWay = new LinkedHashMap<>();
    private final Set<String> changing = new LinkedHashSet<>();

    UnitWorker(Cluster cluster, InstantSource clock, Pause pause, RestoreJournal journal, Duration deadline) {
        this.cluster = cluster;
        this.clock = clock;
        this.pause = pause;
        this.journal = journal;
        this.deadline = deadline;
        for (JournalRecord record : journal.read()) {
            if (record.step().equals("changing")) {
                changing.add(record.subject());
            } else if (record.step().equals("hooks")
                    && JsonReader.parse(record.detail()).orNull() instanceof JsonObject status) {
                hooksUnderWay.put(record.subject(), SyncStatus.fromJson(status));
            }
        }
    }

    /** The definition of a kind of this unit that failed. */
    Optional<String> missingKind(RebuildUnit unit) {
        for (JsonObject object : unit.objects()) {
            Gvk gvk = ObjectRef.of(object).gvk();
            String definition = missingKinds.get(gvk.group() + "/" + gvk.kind());
            if (definition != null) {
                return Optional.of(definition);
            }
        }
        return Optional.empty();
    }

    /** The objects of a unit as they stand in the cluster. */
    List<ObjectRef> placed(RebuildUnit unit) {
        Kinds kinds = Kinds.of(cluster);
        return unit.objects().stream()
                .map(object -> ObjectRef.of(placed(object, unit.namespace(), kinds)))
                .toList();
    }

    /** Whether the cluster has an object; not so for a kind that it does not know. */
    boolean isThere(ObjectRef ref) {
        try {
            return cluster.get(ref).isPresent();
        } catch (ApiException unknownKind) {
            return false;
        }
    }

    Done perform(RebuildUnit unit) {
        Instant start = clock.instant();
        if (unit.stage() == RebuildStage.ADMISSION) {
            Optional<String> silent = awaitEndpoints(unit, start);
            if (silent.isPresent()) {
                return new Done(
                        unit, Result.BLOCKED, "BLOCKED_BY Service/" + silent.get(), start, null, null, List.of());
            }
        }
        return new Work(unit, start).all();
    }

    /** Pauses for a second, unless the time of the unit is over. */
    private boolean waits(Instant start) {
        if (!start.plus(deadline).isAfter(clock.instant())) {
            return false;
        }
        pause.sleep(TICK);
        return true;
    }

    /** One unit at work. */
    private final class Work {
        private final RebuildUnit unit;
        private final Instant start;
        private final Kinds kinds = Kinds.of(cluster);
        private final Map<ResourceKey, ObjectTimes> times = new LinkedHashMap<>();
        private @Nullable Instant applied;

        Work(RebuildUnit unit, Instant start) {
            this.unit = unit;
            this.start = start;
        }

        Done all() {
            List<JsonObject> objects = new ArrayList<>();
            String trouble = "";
            boolean runHooks = runsHooks();
            for (int i = 0; i < unit.layers().size() && trouble.isEmpty(); i++) {
                List<JsonObject> layer = unit.layers().get(i).stream()
                        .map(object -> placed(object, unit.namespace(), kinds))
                        .toList();
                objects.addAll(layer);
                trouble = unit.stage() == RebuildStage.VERIFICATION
                        ? compared(layer)
                        : applied(layer, unit.id() + "@" + (i + 1), runHooks);
            }
            applied = clock.instant();
            List<String> waiting = trouble.isEmpty() ? awaitHealth(objects) : List.of();
            if (trouble.isEmpty() && waiting.isEmpty()) {
                return done(Result.HEALTHY, "");
            }
            if (unit.stage() == RebuildStage.DEFINITIONS) {
                objects.stream().filter(object -> !healthyNow(object)).forEach(this::noteMissingKind);
            }
            return done(
                    Result.FAILED,
                    trouble.isEmpty() ? "not healthy after " + deadline.toSeconds() + " s: " + waiting : trouble);
        }

        private Done done(Result result, String message) {
            Instant healthy = result == Result.HEALTHY ? clock.instant() : null;
            return new Done(unit, result, message, start, applied, healthy, List.copyOf(times.values()));
        }

        private void noteMissingKind(JsonObject definition) {
            JsonObject spec = definition.object("spec");
            missingKinds.put(
                    spec.text("group", "") + "/" + spec.object("names").text("kind", ""),
                    definition.object("metadata").text("name", ""));
        }

        /** Hooks run with a change of what they belong to, also where the change was begun by a run that was killed. */
        private boolean runsHooks() {
            List<JsonObject> hooks = new ArrayList<>();
            List<JsonObject> others = new ArrayList<>();
            for (JsonObject object : unit.objects()) {
                (Hooks.isHook(object) ? hooks : others).add(placed(object, unit.namespace(), kinds));
            }
            if (hooks.isEmpty() || unit.stage() == RebuildStage.VERIFICATION) {
                return false;
            }
            boolean change = changing.contains(unit.id());
            if (!change) {
                List<JsonObject> deciding = others.isEmpty() ? hooks : others;
                change = deciding.stream().anyMatch(object -> !isThere(ObjectRef.of(object)))
                        || !others.isEmpty() && isChange(others);
                if (change) {
                    journal.append(List.of(new JournalRecord("changing", unit.id(), "")));
                }
            }
            return change;
        }

        private boolean isChange(List<JsonObject> objects) {
            return plan(objects, null, clock.instant(), SyncSettings.defaults())
                    .value()
                    .map(plan -> !plan.isNoop())
                    .orElse(true);
        }

        /** Applies a layer; why it failed, {@code ""} when it did not. */
        private String applied(List<JsonObject> layer, String id, boolean runHooks) {
            SyncStatus from = hooksUnderWay.get(id);
            Instant began = from == null ? clock.instant() : from.startedAt();
            boolean withHooks = runHooks && layer.stream().anyMatch(Hooks::isHook);
            SyncSettings settings =
                    SyncSettings.defaults().withOutOfSyncOnly(!withHooks).withSkipHooks(!withHooks);
            Outcome<Plan> planned = plan(layer, from, began, settings);
            Plan plan = planned.orNull();
            if (plan == null) {
                return String.valueOf(planned.errors());
            }
            SyncStatus end = drive(plan, from == null ? SyncStatus.begun(began) : from, status -> {
                if (withHooks) {
                    journal.append(List.of(
                            new JournalRecord("hooks", id, status.toJson().toJson())));
                }
            });
            if (end.phase() != OperationPhase.SUCCEEDED) {
                return end.message().isEmpty() ? end.phase().toString() : end.message();
            }
            layer.stream()
                    .filter(object -> !Hooks.isHook(object))
                    .map(object -> ObjectRef.of(object).key())
                    .forEach(key -> times.put(key, new ObjectTimes(key, clock.instant(), null)));
            return "";
        }

        private SyncStatus drive(Plan plan, SyncStatus from, Consumer<SyncStatus> keep) {
            SyncRunner runner = new SyncRunner(cluster, DiffComparer.plain(), health);
            SyncStatus status = from;
            while (!status.phase().completed()) {
                SyncTransition waiting =
                        runner.drive(plan.spec(), status, clock.instant(), new SyncRunner.Control(false, false, keep));
                status = waiting.status();
                if (!status.phase().completed() && !waits(start)) {
                    break;
                }
            }
            return status;
        }

        /** What is missing of a layer or not as Git has it, {@code ""} when nothing is. */
        private String compared(List<JsonObject> layer) {
            Outcome<Plan> planned = plan(layer, null, clock.instant(), SyncSettings.defaults());
            Plan plan = planned.orNull();
            if (plan == null) {
                return String.valueOf(planned.errors());
            }
            List<String> off = plan.steps().stream()
                    .filter(step -> step.action() != PlanStep.Action.NOOP)
                    .map(step -> RebuildPlan.label(step.task().subject())
                            + (step.task().live() == null ? " is missing" : " differs from Git"))
                    .toList();
            return String.join(", ", off);
        }

        /** Waits until all is healthy; what is not at the deadline. */
        private List<String> awaitHealth(List<JsonObject> objects) {
            List<JsonObject> open = new ArrayList<>(objects);
            do {
                open.removeIf(object -> Hooks.isHook(object) || healthyNow(object));
            } while (!open.isEmpty() && waits(start));
            return open.stream().map(RebuildPlan::label).toList();
        }

        private boolean healthyNow(JsonObject object) {
            ObjectRef ref = ObjectRef.of(object);
            Optional<JsonObject> live = cluster.get(ref);
            boolean fine = live.isPresent() && healthy(live.get());
            if (fine) {
                times.computeIfPresent(ref.key(), (key, known) -> known.healthy(clock.instant()));
            }
            return fine;
        }

        private boolean healthy(JsonObject live) {
            if (live.text("kind", "").equals("CustomResourceDefinition")) {
                return condition(live, "Established") && condition(live, "NamesAccepted");
            }
            // A claim may wait for its first consumer, which comes later.
            if (live.text("kind", "").equals("PersistentVolumeClaim") && unit.stage() != RebuildStage.VERIFICATION) {
                return true;
            }
            return health.assess(live)
                    .map(found -> found.status() == Health.Status.HEALTHY || found.status() == Health.Status.SUSPENDED)
                    .orElse(true);
        }

        private Outcome<Plan> plan(
                List<JsonObject> objects, @Nullable SyncStatus resumed, Instant began, SyncSettings settings) {
            List<Manifest> manifests = new ArrayList<>();
            List<JsonObject> live = new ArrayList<>();
            for (JsonObject object : objects) {
                manifests.add(Manifest.trusted(object, Origin.memory()));
                cluster.get(ObjectRef.of(object)).ifPresent(live::add);
            }
            PlanRequest.Builder request = PlanRequest.builder(unit.application(), unit.namespace())
                    .desired(manifests)
                    .live(live)
                    .now(began)
                    .settings(settings)
                    .comparer(DiffComparer.plain())
                    .kinds(kinds);
            if (resumed != null) {
                request.resuming(List.copyOf(resumed.results().keySet()));
            }
            return Planner.plan(request.build());
        }
    }

    private static boolean condition(JsonObject live, String type) {
        for (Json item : live.object("status").array("conditions")) {
            if (item instanceof JsonObject condition
                    && condition.text("type", "").equals(type)
                    && condition.text("status", "").equals("True")) {
                return true;
            }
        }
        return false;
    }

    private static JsonObject placed(JsonObject object, String namespace, Kinds kinds) {
        JsonObject metadata = object.object("metadata");
        boolean needs = kinds.namespaced(ObjectRef.of(object).gvk())
                && metadata.text("namespace", "").isEmpty();
        return needs ? object.with("metadata", metadata.with("namespace", namespace)) : object;
    }

    private Optional<String> awaitEndpoints(RebuildUnit unit, Instant start) {
        Optional<String> silent = silentService(unit);
        while (silent.isPresent() && waits(start)) {
            silent = silentService(unit);
        }
        return silent;
    }

    private Optional<String> silentService(RebuildUnit unit) {
        for (JsonObject object : unit.objects()) {
            for (Json item : object.array("webhooks")) {
                JsonObject service = item instanceof JsonObject webhook
                        ? webhook.object("clientConfig").object("service")
                        : JsonObject.empty();
                String name = service.text("name", "");
                if (!name.isEmpty() && !answers(service.text("namespace", ""), name)) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }

    private boolean answers(String namespace, String name) {
        Gvk endpoints = new Gvk("", "v1", "Endpoints");
        return cluster.get(ObjectRef.of(endpoints, namespace, name))
                .filter(found -> {
                    for (Json subset : found.array("subsets")) {
                        if (subset instanceof JsonObject some
                                && !some.array("addresses").isEmpty()) {
                            return true;
                        }
                    }
                    return false;
                })
                .isPresent();
    }
}
