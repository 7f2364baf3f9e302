package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares desired with live and makes a {@link Plan}. Pure: the same request gives the same plan. */
public final class Planner {
    private static final String IN_SYNC = "in sync";

    private final PlanRequest request;
    private final SyncSettings settings;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<ResourceKey, Manifest> origins = new LinkedHashMap<>();
    private String namespaceTask = "";

    private Planner(PlanRequest request) {
        this.request = request;
        // a damaged inventory may name what was never the application's: nothing goes by it
        boolean damaged =
                request.inventory.isPresent() && !request.inventory.get().isWhole();
        this.settings = damaged ? request.settings.withPrune(false) : request.settings;
    }

    /**
     * The plan. Errors, with any of which nothing may be applied: {@code PLAN_EMPTY_RENDER} (pruning everything needs
     * {@code allowEmpty}), {@code PLAN_TOO_MANY_PRUNES}, {@code PLAN_SHARED_RESOURCE}, {@code PLAN_NOT_PERMITTED},
     * {@code PLAN_KIND_UNKNOWN}, {@code PLAN_DEPENDENCY}, {@code FOREIGN_TRACKING}, {@code TRACKING_LABEL}, {@code BAD_NAME}, {@code LABEL},
     * {@code ANNOTATION_SIZE}, {@code OBJECT_SIZE}, and those of the gates.
     */
    public static Outcome<Plan> plan(PlanRequest request) {
        return new Planner(request).plan();
    }

    private Outcome<Plan> plan() {
        List<JsonObject> targets = targets();
        List<JsonObject> live = ownLive(targets);
        request.inventory.flatMap(Inventory::problem).ifPresent(problems::add);
        review();
        SyncSpec all = hiding(SyncTasks.spec(
                targets,
                live,
                request.namespace,
                settings,
                request.kinds,
                request.refusals,
                request.revision,
                request.now));
        namespaceTask = all.namespaceTask();
        checkValid(all);
        checkEmpty(targets, all);
        List<PlanStep> steps = steps(all);
        checkPrunes(steps);
        checkMetadata(steps);
        if (problems.stream().anyMatch(Problem::isError)) {
            return Outcome.failed(problems);
        }
        List<SyncTask> tasks = new ArrayList<>();
        for (PlanStep step : steps) {
            boolean due = step.writes()
                    || step.action() == PlanStep.Action.KEEP
                    || (!settings.outOfSyncOnly() && isSelected(step.task()));
            if (due || request.begun.contains(step.task().id())) {
                tasks.add(step.task());
            }
        }
        SyncSpec spec =
                new SyncSpec(all.id(), tasks, all.invalid(), all.settings(), all.namespaceTask(), rollouts(steps));
        return Outcome.of(new Plan(request.application, request.revision, steps, spec, problems), problems);
    }

    /** Rollouts that are in sync: one that is on its way, paused or aborted holds later waves as if it had just been applied. */
    private static List<SyncTask> rollouts(List<PlanStep> steps) {
        List<SyncTask> rollouts = new ArrayList<>();
        for (PlanStep step : steps) {
            ResourceKey key = step.task().key();
            boolean rollout = key.kind().equals("Rollout") && key.group().equals("argoproj.io");
            if (rollout
                    && step.action() == PlanStep.Action.NOOP
                    && !step.task().isPrune()
                    && step.reason().equals(IN_SYNC)) {
                rollouts.add(step.task());
            }
        }
        return rollouts;
    }

    private SyncSpec hiding(SyncSpec spec) {
        if (origins.values().stream().noneMatch(Manifest::holdsSecrets)) {
            return spec;
        }
        List<SyncTask> tasks = new ArrayList<>();
        for (SyncTask task : spec.tasks()) {
            Manifest manifest = origins.get(task.key());
            tasks.add(manifest != null && manifest.holdsSecrets() ? task.hidden() : task);
        }
        return new SyncSpec(spec.id(), tasks, spec.invalid(), spec.settings(), spec.namespaceTask());
    }

    /** The desired objects with their namespaces and tracking; of one key given twice the last stays. */
    private List<JsonObject> targets() {
        Map<ResourceKey, JsonObject> byKey = new LinkedHashMap<>();
        int unnamed = 0;
        for (Manifest manifest : request.desired) {
            JsonObject object = placed(manifest);
            checkTracking(manifest);
            ResourceKey key = SyncTask.keyOf(object);
            if (key.name().isEmpty()) {
                key = new ResourceKey(key.group(), key.kind(), key.namespace(), "*" + unnamed++);
            }
            Manifest first = origins.get(key);
            if (first != null) {
                repeated(key, first, manifest);
            }
            if (first == null || request.conflicts != PlanRequest.ConflictPolicy.FIRST) {
                origins.put(key, manifest);
                byKey.put(key, object);
            }
        }
        List<JsonObject> tracked = new ArrayList<>();
        for (JsonObject object : byKey.values()) {
            tracked.add(tracked(object));
        }
        return tracked;
    }

    /** An object that says of itself that it is another application's is not quietly made this one's. */
    private void checkTracking(Manifest manifest) {
        String owner = request.tracking.method() == ResourceTracking.Method.LABEL
                ? ""
                : request.tracking
                        .instance(manifest.body())
                        .map(TrackingId::app)
                        .orElse("");
        if (!owner.isEmpty() && !owner.equals(request.application) && !request.tracking.isCopy(manifest.body())) {
            problems.add(Problem.error(
                            "FOREIGN_TRACKING",
                            manifest.key() + " is marked in Git as an object of application " + owner + ", not of "
                                    + request.application)
                    .at(manifest.origin().where())
                    .hint("remove the annotation " + ResourceTracking.ANNOTATION + " from the file"));
        }
    }

    private void repeated(ResourceKey key, Manifest first, Manifest second) {
        String text = key + " appears more than once among the application's resources: " + first.origin() + " and "
                + second.origin();
        Where where = second.origin().where();
        problems.add(
                switch (request.conflicts) {
                    case ERROR ->
                        Problem.error("PLAN_REPEATED_RESOURCE", text).at(where).hint("keep one of them");
                    case FIRST ->
                        Problem.warning("PLAN_REPEATED_RESOURCE", text + "; the first one is used")
                                .at(where);
                    case LAST ->
                        Problem.warning("PLAN_REPEATED_RESOURCE", text + "; the last one is used")
                                .at(where);
                });
    }

    private JsonObject placed(Manifest manifest) {
        JsonObject metadata = manifest.metadata();
        if (!request.kinds.namespaced(manifest.gvk())) {
            return manifest.body().with("metadata", metadata.without("namespace"));
        }
        return metadata.text("namespace", "").isEmpty() && !request.namespace.isEmpty()
                ? manifest.body().with("metadata", metadata.with("namespace", Json.of(request.namespace)))
                : manifest.body();
    }

    private JsonObject tracked(JsonObject object) {
        if (object.text("kind", "").equals("CustomResourceDefinition")) {
            return object;
        }
        Outcome<JsonObject> tracked = request.tracking.set(object, request.application, request.namespace);
        problems.addAll(tracked.problems());
        JsonObject value = tracked.orNull();
        return value == null ? object : value;
    }

    /** The live objects that this application has a say in: its own, and those that it wants to have. */
    private List<JsonObject> ownLive(List<JsonObject> targets) {
        Set<ResourceKey> desired = new LinkedHashSet<>();
        for (JsonObject target : targets) {
            desired.add(SyncTask.keyOf(target));
        }
        List<JsonObject> own = new ArrayList<>();
        ResourceKey namespace = new ResourceKey("", "Namespace", "", request.namespace);
        boolean createsNamespace = settings.on("CreateNamespace");
        for (JsonObject object : request.live) {
            ResourceKey key = SyncTask.keyOf(object);
            List<String> owners = request.tracking.isCopy(object) ? List.of() : request.owners.apply(object);
            if (desired.contains(key)) {
                own.add(object);
                owners.stream()
                        .filter(owner -> !owner.equals(request.application))
                        .forEach(owner -> shared(key, owner));
            } else if (owners.contains(request.application) || (createsNamespace && key.equals(namespace))) {
                own.add(object);
            }
        }
        return own;
    }

    private void shared(ResourceKey key, String owner) {
        String text = key + " is part of applications " + request.application + " and " + owner;
        problems.add(
                settings.on("FailOnSharedResource")
                        ? Problem.error("PLAN_SHARED_RESOURCE", text)
                        : Problem.warning("PLAN_SHARED_RESOURCE", text));
    }

    private void review() {
        if (request.gates.isEmpty()) {
            return;
        }
        ManifestSet set = ManifestSet.of(request.desired).orNull();
        if (set == null) {
            return;
        }
        for (PlanGate gate : request.gates) {
            problems.addAll(gate.review(set));
        }
    }

    private void checkValid(SyncSpec spec) {
        Map<String, SyncTask> tasks = TaskOrder.byId(spec.tasks());
        spec.invalid().forEach((id, why) -> {
            SyncTask task = tasks.get(id);
            String key = task == null ? id : task.key().toString();
            String code = why.endsWith("not found")
                    ? "PLAN_KIND_UNKNOWN"
                    : why.startsWith("depends on ") ? "PLAN_DEPENDENCY" : "PLAN_NOT_PERMITTED";
            problems.add(Problem.error(code, key + ": " + why));
        });
    }

    private void checkEmpty(List<JsonObject> targets, SyncSpec spec) {
        boolean prunes = spec.tasks().stream().anyMatch(task -> task.isPrune() && !isOwnNamespace(task));
        if (targets.isEmpty() && prunes && settings.prune() && !settings.allowEmpty()) {
            problems.add(Problem.error(
                            "PLAN_EMPTY_RENDER",
                            "nothing is desired any more of " + request.application
                                    + ": a sync would delete everything that it has")
                    .hint("check the path and the revision; set allowEmpty: true when this is meant"));
        }
    }

    private void checkPrunes(List<PlanStep> steps) {
        Map<String, Integer> byKind = new LinkedHashMap<>();
        int deletes = 0;
        int there = 0;
        for (PlanStep step : steps) {
            there += step.task().live() == null ? 0 : 1;
            if (step.action() == PlanStep.Action.DELETE) {
                deletes++;
                byKind.merge(step.task().key().kind(), 1, Integer::sum);
            }
        }
        if (deletes > settings.maxPrunes()) {
            tooMany(deletes + " objects, at most " + settings.maxPrunes() + " are allowed");
        } else if (deletes * 100L > (long) settings.maxPrunePercent() * there) {
            tooMany(deletes + " of " + there + " objects, at most " + settings.maxPrunePercent() + " % are allowed");
        }
        settings.maxPrunesByKind().forEach((kind, most) -> {
            int count = byKind.getOrDefault(kind, 0);
            if (count > most) {
                tooMany(count + " objects of kind " + kind + ", at most " + most + " are allowed");
            }
        });
    }

    private void tooMany(String what) {
        problems.add(
                Problem.error("PLAN_TOO_MANY_PRUNES", "the sync of " + request.application + " would delete " + what)
                        .hint("look at the plan; raise the limit when this is meant"));
    }

    private void checkMetadata(List<PlanStep> steps) {
        for (PlanStep step : steps) {
            Manifest manifest = step.writes() ? origins.get(step.task().key()) : null;
            if (manifest != null) {
                ObjectRules.check(manifest, problems);
            }
        }
    }

    private List<PlanStep> steps(SyncSpec spec) {
        List<PlanStep> steps = new ArrayList<>();
        List<PlanStep> hooks = new ArrayList<>();
        boolean writes = false;
        for (SyncTask task : spec.tasks()) {
            if (isOwnNamespace(task)) {
                continue;
            }
            boolean selected = isSelected(task);
            PlanStep step = task.isPrune() ? prune(task, selected) : apply(task, selected);
            writes |= step.writes() && step.action() != PlanStep.Action.HOOK;
            if (step.action() == PlanStep.Action.HOOK) {
                hooks.add(step);
            }
            steps.add(step);
        }
        if (writes || hooks.isEmpty() || request.resumed || !settings.outOfSyncOnly()) {
            return steps;
        }
        // nothing to sync: hooks run with a change, not for themselves
        List<PlanStep> quiet = new ArrayList<>();
        for (PlanStep step : steps) {
            quiet.add(
                    step.action() == PlanStep.Action.HOOK
                            ? new PlanStep(step.task(), PlanStep.Action.NOOP, "nothing else to sync", List.of())
                            : step);
        }
        return quiet;
    }

    /** Whether the sync deals with a task; hooks that are not left out altogether, and the namespace, come with any selection. */
    private boolean isSelected(SyncTask task) {
        return task.isHook() || task.id().equals(namespaceTask) || request.selection.test(task);
    }

    /** Whether a prune is of the namespace that the sync itself creates: that is never the application's to delete. */
    private boolean isOwnNamespace(SyncTask task) {
        return task.isPrune()
                && settings.on("CreateNamespace")
                && task.key().equals(new ResourceKey("", "Namespace", "", request.namespace));
    }

    private PlanStep prune(SyncTask task, boolean selected) {
        if (!selected) {
            return new PlanStep(task, PlanStep.Action.NOOP, "not selected", List.of());
        }
        if (task.subject().object("metadata").has("deletionTimestamp")) {
            return new PlanStep(task, PlanStep.Action.NOOP, "is being deleted", List.of());
        }
        String taker = request.claims.apply(task.key()).orElse("");
        if (!taker.isEmpty() && !taker.equals(request.application)) {
            return new PlanStep(task, PlanStep.Action.NOOP, "handed over to application " + taker, List.of());
        }
        if (request.inventory.isPresent() && !request.inventory.get().isWhole()) {
            return new PlanStep(task, PlanStep.Action.KEEP, "no longer desired; the inventory is damaged", List.of());
        }
        if (settings.off("Prune", task.subject())) {
            return new PlanStep(task, PlanStep.Action.KEEP, "no longer desired; Prune=false keeps it", List.of());
        }
        return settings.prune()
                ? new PlanStep(task, PlanStep.Action.DELETE, "no longer desired", List.of())
                : new PlanStep(task, PlanStep.Action.KEEP, "no longer desired; pruning is off", List.of());
    }

    private PlanStep apply(SyncTask task, boolean selected) {
        if (!selected) {
            return new PlanStep(task, PlanStep.Action.NOOP, "not selected", List.of());
        }
        if (task.isHook()) {
            return new PlanStep(task, PlanStep.Action.HOOK, task.phase().wire() + " hook", List.of());
        }
        JsonObject live = task.live();
        if (live == null) {
            return new PlanStep(task, PlanStep.Action.CREATE, "missing in the cluster", List.of());
        }
        ResourceComparer.Comparison comparison = request.comparer.compare(task.subject(), live);
        if (!comparison.modified() && !isRecorded(live)) {
            return new PlanStep(task, PlanStep.Action.UPDATE, "not in the inventory yet", List.of());
        }
        if (!comparison.modified()) {
            return new PlanStep(task, PlanStep.Action.NOOP, IN_SYNC, List.of());
        }
        boolean replace = settings.on("Replace", task.subject());
        List<FieldChange> changes = masked(task, comparison.changes());
        return new PlanStep(
                task,
                replace ? PlanStep.Action.REPLACE : PlanStep.Action.UPDATE,
                changes.isEmpty()
                        ? "differs"
                        : changes.size() + (changes.size() == 1 ? " field differs" : " fields differ"),
                changes);
    }

    private boolean isRecorded(JsonObject live) {
        return request.tracking.method() != ResourceTracking.Method.INVENTORY
                || live.text("kind", "").equals("CustomResourceDefinition")
                || (request.inventory.isPresent() && request.owners.apply(live).contains(request.application));
    }

    private static List<FieldChange> masked(SyncTask task, List<FieldChange> changes) {
        if (!task.hidesValues()) {
            return changes;
        }
        List<FieldChange> masked = new ArrayList<>();
        for (FieldChange change : changes) {
            @Nullable
            String first = change.path().size() == 0 ? null : change.path().token(0);
            boolean named = "metadata".equals(first) || "type".equals(first) || "immutable".equals(first);
            boolean secret =
                    task.key().kind().equals("Secret") && task.key().group().isEmpty();
            // What was applied last is a whole Secret in an annotation; of an object with secrets put in, any field may
            // be one.
            boolean open = secret
                    && named
                    && change.path().tokens().stream().noneMatch(token -> token.endsWith("last-applied-configuration"))
                    && !holdsLastApplied(change);
            masked.add(open ? change : change.masked());
        }
        return masked;
    }

    private static boolean holdsLastApplied(FieldChange change) {
        return (change.before() != null && change.before().toJson().contains("last-applied-configuration"))
                || (change.after() != null && change.after().toJson().contains("last-applied-configuration"));
    }
}
