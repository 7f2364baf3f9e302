package io.gitops4j.recovery.rebuild;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;
import io.gitops4j.recovery.rebuild.RebuildReport.Done;
import io.gitops4j.recovery.rebuild.RebuildReport.Result;
import io.gitops4j.recovery.restore.JournalRecord;
import io.gitops4j.recovery.restore.MemoryRestoreJournal;
import io.gitops4j.recovery.restore.Pause;
import io.gitops4j.recovery.restore.RestoreJournal;
import io.gitops4j.spi.Cluster;
import io.gitops4j.sync.DiffComparer;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.Planner;
import io.gitops4j.sync.SyncResult;
import io.gitops4j.sync.SyncRunner;
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

/**
 * Carries out a {@link RebuildPlan}, one unit after the other, each through the sync engine. What a killed run did is in the
 * journal and in the cluster; the next run skips the one and finds the other in order.
 */
public final class Rebuilder {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final InstantSource clock;
    private final Pause pause;
    private final RestoreJournal journal;
    private final Duration deadline;
    private final Consumer<Done> progress;
    private final HealthChecks health = HealthChecks.standard();

    private Rebuilder(
            Cluster cluster,
            InstantSource clock,
            Pause pause,
            RestoreJournal journal,
            Duration deadline,
            Consumer<Done> progress) {
        this.cluster = cluster;
        this.clock = clock;
        this.pause = pause;
        this.journal = journal;
        this.deadline = deadline;
        this.progress = progress;
    }

    /** A rebuilder of a cluster that waits up to 60 s for each unit and remembers nothing beyond its run. */
    public static Rebuilder of(Cluster cluster, InstantSource clock, Pause pause) {
        return new Rebuilder(cluster, clock, pause, new MemoryRestoreJournal(), Duration.ofSeconds(60), done -> {});
    }

    /** A copy that remembers here what is done. */
    public Rebuilder journal(RestoreJournal newJournal) {
        return new Rebuilder(cluster, clock, pause, newJournal, deadline, progress);
    }

    /** A copy that waits this long for each unit to be healthy. */
    public Rebuilder deadline(Duration newDeadline) {
        return new Rebuilder(cluster, clock, pause, journal, newDeadline, progress);
    }

    /** A copy that tells of each unit when it is done. */
    public Rebuilder progress(Consumer<Done> newProgress) {
        return new Rebuilder(cluster, clock, pause, journal, deadline, newProgress);
    }

    /** Rebuilds. */
    public RebuildReport run(RebuildPlan plan) {
        return new Run().run(plan);
    }

    /** One run. */
    private final class Run {
        private final List<Done> done = new ArrayList<>();
        private final Map<String, String> failed = new LinkedHashMap<>();
        private final Map<String, String> missingKinds = new LinkedHashMap<>();

        private RebuildReport run(RebuildPlan plan) {
            Instant start = clock.instant();
            Set<String> before = new LinkedHashSet<>();
            journal.read().forEach(record -> before.add(record.subject()));
            for (RebuildUnit unit : plan.units()) {
                Done result = before.contains(unit.id())
                        ? new Done(unit, Result.DONE_BEFORE, "", null, null, null)
                        : blocked(unit).orElseGet(() -> perform(unit));
                if (result.result() == Result.HEALTHY) {
                    journal.append(List.of(
                            new JournalRecord("unit", unit.id(), result.result().toString())));
                }
                done.add(result);
                progress.accept(result);
            }
            plan.refused()
                    .forEach((name, problem) -> done.add(new Done(
                            new RebuildUnit(RebuildStage.WORKLOADS, name, "", List.of(), List.of()),
                            Result.BLOCKED,
                            problem.code() + " " + problem.text(),
                            null,
                            null,
                            null)));
            return new RebuildReport(done, start);
        }

        private Optional<Done> blocked(RebuildUnit unit) {
            String reason = failed.get(unit.application());
            for (String need : unit.needs()) {
                String application = need.substring(need.indexOf('/') + 1);
                boolean dependency = unit.stage().ordered() && !need.startsWith("definitions/");
                if (reason == null && dependency && failed.containsKey(application) && dependsOn(unit, need)) {
                    reason = "BLOCKED_BY " + application;
                }
            }
            for (JsonObject object : unit.objects()) {
                Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
                String definition = missingKinds.get(gvk.group() + "/" + gvk.kind());
                if (definition != null) {
                    reason = "BLOCKED_BY CRD/" + definition;
                }
            }
            if (reason == null) {
                return Optional.empty();
            }
            failed.putIfAbsent(unit.application(), reason);
            return Optional.of(new Done(unit, Result.BLOCKED, reason, null, null, null));
        }

        /** A need of an ordered stage is that of a dependency; needs of the common stages are those of everybody. */
        private boolean dependsOn(RebuildUnit unit, String need) {
            return need.startsWith(RebuildStage.CUSTOM + "/")
                    || need.startsWith(RebuildStage.WORKLOADS + "/")
                    || need.startsWith(RebuildStage.TRAFFIC + "/")
                    || need.endsWith("/" + unit.application());
        }

        private Done perform(RebuildUnit unit) {
            Instant start = clock.instant();
            if (unit.stage() == RebuildStage.ADMISSION) {
                Optional<String> silent = awaitEndpoints(unit, start);
                if (silent.isPresent()) {
                    return fail(unit, Result.BLOCKED, "BLOCKED_BY Service/" + silent.get(), start);
                }
            }
            List<JsonObject> objects = new ArrayList<>();
            Kinds kinds = Kinds.of(cluster);
            unit.objects().forEach(object -> objects.add(placed(object, unit.namespace(), kinds)));
            Outcome<Plan> plan = plan(unit, objects, kinds);
            Plan made = plan.value().orElse(null);
            if (made == null) {
                return fail(unit, Result.FAILED, String.valueOf(plan.errors()), start);
            }
            SyncResult result = new SyncRunner(cluster, DiffComparer.plain(), health)
                    .run(made, clock, (wakeAt, status) -> waits(start));
            Instant applied = clock.instant();
            List<String> waiting = waiting(objects);
            while (!waiting.isEmpty() && waits(start)) {
                waiting = waiting(objects);
            }
            if (waiting.isEmpty() && result.succeeded()) {
                return new Done(unit, Result.HEALTHY, "", start, applied, clock.instant());
            }
            String words = waiting.isEmpty()
                    ? result.status().message() + result.problems()
                    : "not healthy after " + deadline.toSeconds() + " s: " + waiting;
            if (unit.stage() == RebuildStage.DEFINITIONS) {
                List<String> missing = waiting;
                objects.stream()
                        .filter(object -> missing.contains(label(object)))
                        .forEach(object -> missingKinds.put(
                                object.object("spec").text("group", "") + "/"
                                        + object.object("spec").object("names").text("kind", ""),
                                object.object("metadata").text("name", "")));
            }
            return fail(unit, Result.FAILED, words, start);
        }

        private Done fail(RebuildUnit unit, Result result, String words, Instant start) {
            failed.putIfAbsent(unit.application(), "BLOCKED_BY " + unit.id());
            return new Done(unit, result, words, start, null, null);
        }

        /** Pauses for a second, unless the time of the unit is over. */
        private boolean waits(Instant start) {
            if (!start.plus(deadline).isAfter(clock.instant())) {
                return false;
            }
            pause.sleep(TICK);
            return true;
        }

        private List<String> waiting(List<JsonObject> objects) {
            List<String> waiting = new ArrayList<>();
            for (JsonObject object : objects) {
                Optional<JsonObject> live = cluster.get(ObjectRef.of(object));
                boolean fine = live.isPresent() && healthy(live.get());
                if (!fine) {
                    waiting.add(label(object));
                }
            }
            return waiting;
        }

        private boolean healthy(JsonObject live) {
            if (live.text("kind", "").equals("CustomResourceDefinition")) {
                return condition(live, "Established") && condition(live, "NamesAccepted");
            }
            return health.assess(live)
                    .map(found -> found.status() == Health.Status.HEALTHY || found.status() == Health.Status.SUSPENDED)
                    .orElse(true);
        }

        private boolean condition(JsonObject live, String type) {
            for (Json item : live.object("status").array("conditions")) {
                if (item instanceof JsonObject condition
                        && condition.text("type", "").equals(type)
                        && condition.text("status", "").equals("True")) {
                    return true;
                }
            }
            return false;
        }

        private Outcome<Plan> plan(RebuildUnit unit, List<JsonObject> objects, Kinds kinds) {
            List<Manifest> manifests = new ArrayList<>();
            List<JsonObject> live = new ArrayList<>();
            for (JsonObject object : objects) {
                manifests.add(Manifest.trusted(object, Origin.memory()));
                cluster.get(ObjectRef.of(object)).ifPresent(live::add);
            }
            return Planner.plan(PlanRequest.builder(unit.application(), unit.namespace())
                    .desired(manifests)
                    .live(live)
                    .now(clock.instant())
                    .comparer(DiffComparer.plain())
                    .kinds(kinds)
                    .build());
        }

        private JsonObject placed(JsonObject object, String namespace, Kinds kinds) {
            Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
            JsonObject metadata = object.object("metadata");
            boolean needs =
                    kinds.namespaced(gvk) && metadata.text("namespace", "").isEmpty();
            return needs ? object.with("metadata", metadata.with("namespace", namespace)) : object;
        }

        private String label(JsonObject object) {
            return object.text("kind", "") + "/" + object.object("metadata").text("name", "");
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
}
