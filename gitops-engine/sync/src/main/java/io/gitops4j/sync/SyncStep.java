package io.gitops4j.sync;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.sync.SyncAction.Kind;
import io.gitops4j.sync.SyncStatus.Stage;
import io.gitops4j.sync.SyncStatus.Wave;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The work of one step: takes the status apart, follows the stages until something has to be done or waited for. */
final class SyncStep {
    private static final String NOT_VALID = "one or more synchronization tasks are not valid";
    private static final String DRY_RUN_FAILED = "one or more objects failed to apply (dry run)";
    private static final String APPLY_FAILED = "one or more objects failed to apply";
    private static final String TASKS_FAILED = "one or more synchronization tasks completed unsuccessfully";

    private final SyncSpec spec;
    private final SyncObservation observation;
    private final Instant now;
    private final Map<String, TaskResult> results;
    private final Set<String> dryRuns;
    private final Set<String> deletedHooks;
    private final List<SyncAction> actions = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final Instant startedAt;
    private OperationPhase phase;
    private String message;
    private Stage stage;
    private @Nullable Wave wave;
    private @Nullable OperationPhase outcome;
    private @Nullable Instant finishedAt;
    private @Nullable Instant notBefore;
    private @Nullable Instant stepAt;
    private @Nullable Instant wakeAt;
    private boolean waiting;

    SyncStep(SyncSpec spec, SyncStatus status, SyncObservation observation, Instant now) {
        this.spec = spec;
        this.observation = observation;
        this.now = now;
        this.results = new LinkedHashMap<>(status.results());
        this.dryRuns = new LinkedHashSet<>(status.dryRuns());
        this.deletedHooks = new LinkedHashSet<>(status.deletedHooks());
        this.startedAt = status.startedAt();
        this.phase = status.phase();
        this.message = status.message();
        this.stage = status.stage();
        this.wave = status.wave();
        this.outcome = status.outcome();
        this.finishedAt = status.finishedAt();
        this.notBefore = status.notBefore();
        this.stepAt = status.stepAt();
    }

    SyncTransition run() {
        fold(observation.results());
        if (observation.terminate() && stage != Stage.CLEANUP) {
            terminate("Operation terminated");
        } else if (isOverdue() && stage != Stage.CLEANUP) {
            terminate("Operation exceeded its deadline of " + spec.settings().deadline() + " while " + waitedFor());
        } else if (isStepOverdue() && stage != Stage.CLEANUP) {
            terminate("Step " + waveName() + " exceeded its deadline of "
                    + spec.settings().stepDeadline() + " while " + waitedFor());
        }
        while (actions.isEmpty() && !waiting && stage != Stage.DONE) {
            advance();
        }
        if (waiting && !spec.settings().deadline().isZero()) {
            wakeBy(startedAt.plus(spec.settings().deadline()).plusNanos(1));
        }
        Instant began = stepAt;
        if (waiting && began != null && !spec.settings().stepDeadline().isZero()) {
            wakeBy(began.plus(spec.settings().stepDeadline()).plusNanos(1));
        }
        SyncStatus status = new SyncStatus(
                phase,
                message,
                stage,
                results,
                List.copyOf(dryRuns),
                List.copyOf(deletedHooks),
                wave,
                outcome,
                startedAt,
                finishedAt,
                notBefore,
                stepAt);
        return new SyncTransition(status, actions, wakeAt, trace);
    }

    private void wakeBy(Instant end) {
        wakeAt = wakeAt == null || end.isBefore(wakeAt) ? end : wakeAt;
    }

    private void advance() {
        switch (stage) {
            case NEW -> begin();
            case DRY_RUN -> dryRun();
            case READY -> nextWave();
            case PRUNE -> prune();
            case HOOK_DELETE -> deleteHooksBeforeCreation();
            case APPLY -> applyGroup();
            case SYNC_FAIL -> applySyncFail();
            case CLEANUP -> cleanUp();
            case DONE -> throw new IllegalStateException("a finished operation does not step");
        }
    }

    private void fold(List<SyncAction.Result> done) {
        for (SyncAction.Result result : done) {
            String id = result.taskId();
            switch (result.kind()) {
                case DRY_RUN -> {
                    dryRuns.add(id);
                    if (!result.ok()) {
                        results.put(id, TaskResult.failed(result.message()));
                    }
                }
                case DELETE_HOOK -> {
                    deletedHooks.add(id);
                    if (!result.ok() && stage != Stage.CLEANUP) {
                        results.put(id, TaskResult.failed(result.message()));
                    }
                }
                case PRUNE ->
                    results.put(
                            id,
                            result.ok()
                                    ? new TaskResult(TaskResult.Code.PRUNED, OperationPhase.SUCCEEDED, result.message())
                                    : TaskResult.failed(result.message()));
                case CREATE_NAMESPACE -> {
                    dryRuns.add(id);
                    if (!result.ok()) {
                        results.put(id, TaskResult.failed(result.message()));
                    }
                }
                case APPLY, SERVER_SIDE_APPLY, CREATE, REPLACE, RECREATE ->
                    results.put(
                            id,
                            result.ok()
                                    ? new TaskResult(TaskResult.Code.SYNCED, OperationPhase.RUNNING, result.message())
                                    : TaskResult.failed(result.message()));
            }
        }
    }

    // ---- before the first wave

    private void begin() {
        if (!spec.invalid().isEmpty()) {
            spec.invalid()
                    .forEach((id, why) -> results.put(id, new TaskResult(TaskResult.Code.SYNC_FAILED, null, why)));
            finish(
                    OperationPhase.FAILED,
                    NOT_VALID + ": "
                            + String.join("; ", new TreeSet<>(spec.invalid().values())));
            return;
        }
        if (!spec.namespaceTask().isEmpty() && !spec.settings().dryRun()) {
            SyncTask task = TaskOrder.byId(spec.tasks()).get(spec.namespaceTask());
            TaskResult result = results.get(spec.namespaceTask());
            if (result != null && result.unsuccessful()) {
                finish(OperationPhase.FAILED, "the namespace failed to apply" + reason(List.of(result)));
                return;
            }
            if (task != null && result == null && !dryRuns.contains(task.id())) {
                act(Kind.CREATE_NAMESPACE, task);
                return;
            }
        }
        go(results.isEmpty() ? Stage.DRY_RUN : Stage.READY);
    }

    private void dryRun() {
        List<TaskResult> failed = new ArrayList<>();
        for (SyncTask task : spec.tasks()) {
            TaskResult result = results.get(task.id());
            if (result != null && result.unsuccessful()) {
                failed.add(result);
            } else if (result == null
                    && !task.isPrune()
                    && !task.skipDryRun()
                    && (spec.settings().dryRun() || !spec.settings().off("DryRun", task.subject()))
                    && !task.id().equals(spec.namespaceTask())
                    && !dryRuns.contains(task.id())) {
                act(Kind.DRY_RUN, task);
            }
        }
        if (!actions.isEmpty()) {
            return;
        }
        if (!failed.isEmpty()) {
            finish(OperationPhase.FAILED, DRY_RUN_FAILED);
        } else if (spec.settings().dryRun()) {
            for (SyncTask task : spec.tasks()) {
                TaskResult.Code code = !task.isPrune()
                        ? TaskResult.Code.SYNCED
                        : pruneRefusal(task) == null ? TaskResult.Code.PRUNED : TaskResult.Code.PRUNE_SKIPPED;
                results.put(task.id(), new TaskResult(code, OperationPhase.SUCCEEDED, "(dry run)"));
            }
            finish(OperationPhase.SUCCEEDED, "successfully synced (no more tasks)");
        } else {
            go(Stage.READY);
        }
    }

    // ---- between waves

    private void nextWave() {
        refreshRunning();
        boolean manySteps = manySteps();
        List<SyncTask> awaited = new ArrayList<>();
        for (SyncTask task : spec.tasks()) {
            if (isRunning(task) && (manySteps || task.isHook())) {
                awaited.add(task);
            }
        }
        if (!awaited.isEmpty()) {
            await(awaited);
            return;
        }
        if (spec.tasks().stream().anyMatch(task -> task.phase() != SyncPhase.SYNC_FAIL && isUnsuccessful(task))) {
            fail(TASKS_FAILED);
            return;
        }
        SyncTask next = firstPending();
        if (next == null) {
            cleanUpFor(OperationPhase.SUCCEEDED, "successfully synced (no more tasks)");
            return;
        }
        if (isHeldBack(next)) {
            return;
        }
        List<SyncTask> going = spec.tasks().stream().filter(this::isStillGoing).toList();
        if (!going.isEmpty()) {
            await("deletion of", going);
            return;
        }
        if (notBefore != null && now.isBefore(notBefore)) {
            wakeAt = notBefore;
            waiting = true;
            return;
        }
        Wave following = new Wave(next.phase(), next.wave());
        if (!following.equals(wave) || stepAt == null) {
            stepAt = now;
        }
        wave = following;
        trace.add("wave " + next.phase().wire() + "/" + next.wave());
        go(Stage.PRUNE);
    }

    /** Whether something that is only watched holds the wave of the next task, or ends the operation. */
    private boolean isHeldBack(SyncTask next) {
        List<SyncTask> held = new ArrayList<>();
        for (SyncTask task : spec.watched()) {
            int order = task.phase().compareTo(next.phase());
            boolean before = order < 0 || (order == 0 && task.wave() < next.wave());
            JsonObject live = before ? observation.live(task) : null;
            if (live == null) {
                continue;
            }
            OperationPhase verdict = verdict(task, observation.health().assess(live));
            if (verdict == OperationPhase.RUNNING) {
                held.add(task);
            } else if (verdict != OperationPhase.SUCCEEDED) {
                trace.add(task.key() + " " + verdict.wire());
                fail(TASKS_FAILED);
                return true;
            }
        }
        if (!held.isEmpty()) {
            await(held);
        }
        return !held.isEmpty();
    }

    private void refreshRunning() {
        for (SyncTask task : spec.tasks()) {
            TaskResult result = results.get(task.id());
            if (result == null || !result.running()) {
                continue;
            }
            JsonObject live = observation.live(task);
            if (live == null) {
                results.put(task.id(), new TaskResult(result.code(), OperationPhase.FAILED, task.key() + " is gone"));
                continue;
            }
            OperationPhase verdict = verdict(task, observation.health().assess(live));
            if (verdict != OperationPhase.RUNNING) {
                trace.add(task.key() + " " + verdict.wire());
            }
            results.put(task.id(), result.in(verdict));
        }
    }

    private static OperationPhase verdict(SyncTask task, Optional<Health> health) {
        if (health.isEmpty()) {
            return OperationPhase.SUCCEEDED;
        }
        return switch (health.get().status()) {
            case HEALTHY -> OperationPhase.SUCCEEDED;
            case DEGRADED -> OperationPhase.FAILED;
            case UNKNOWN -> task.isHook() ? OperationPhase.FAILED : OperationPhase.RUNNING;
            case PROGRESSING, SUSPENDED, MISSING -> OperationPhase.RUNNING;
        };
    }

    /** Whether there is more than one wave, so that each has to become healthy before the next. */
    private boolean manySteps() {
        Set<Wave> waves = new LinkedHashSet<>();
        for (SyncTask task : spec.tasks()) {
            waves.add(new Wave(task.phase(), task.wave()));
        }
        return waves.size() > 1;
    }

    private @Nullable SyncTask firstPending() {
        for (SyncTask task : spec.tasks()) {
            if (task.phase() != SyncPhase.SYNC_FAIL && !results.containsKey(task.id())) {
                return task;
            }
        }
        return null;
    }

    /** Whether the object was pruned and its finalizers still hold it. */
    private boolean isStillGoing(SyncTask task) {
        TaskResult result = results.get(task.id());
        return result != null && result.code() == TaskResult.Code.PRUNED && observation.live(task) != null;
    }

    // ---- inside a wave

    private void prune() {
        List<SyncTask> unconfirmed = inWave().stream()
                .filter(task -> task.isPrune() && !results.containsKey(task.id()) && lacksConsent(task))
                .toList();
        if (!unconfirmed.isEmpty()) {
            await("the confirmation to prune", unconfirmed);
            return;
        }
        List<SyncTask> failed = new ArrayList<>();
        for (SyncTask task : inWave()) {
            if (!task.isPrune()) {
                continue;
            }
            TaskResult result = results.get(task.id());
            if (result != null) {
                if (result.unsuccessful()) {
                    failed.add(task);
                }
                continue;
            }
            String refusal = pruneRefusal(task);
            if (refusal != null) {
                results.put(
                        task.id(), new TaskResult(TaskResult.Code.PRUNE_SKIPPED, OperationPhase.SUCCEEDED, refusal));
            } else if (task.subject().object("metadata").has("deletionTimestamp")) {
                results.put(
                        task.id(),
                        new TaskResult(TaskResult.Code.PRUNED, OperationPhase.SUCCEEDED, "already being deleted"));
            } else if (actions.size() < spec.settings().batch()) {
                act(Kind.PRUNE, task);
            }
        }
        if (!actions.isEmpty()) {
            return;
        }
        if (failed.isEmpty()) {
            go(Stage.HOOK_DELETE);
        } else {
            fail(APPLY_FAILED);
        }
    }

    private @Nullable String pruneRefusal(SyncTask task) {
        SyncSettings settings = spec.settings();
        if (settings.off("Prune", task.subject())) {
            return "ignored (no prune)";
        }
        if (!settings.prune()) {
            return "ignored (requires pruning)";
        }
        return null;
    }

    /** Whether the object waits for a person who says that it may go. */
    private boolean lacksConsent(SyncTask task) {
        return !observation.deletionApproved()
                && !spec.settings().confirmed()
                && pruneRefusal(task) == null
                && spec.settings().confirms("Prune", task.subject())
                && !task.subject().object("metadata").has("deletionTimestamp");
    }

    private void deleteHooksBeforeCreation() {
        List<SyncTask> going = new ArrayList<>();
        for (SyncTask task : inWave()) {
            JsonObject live = task.isHook() && !results.containsKey(task.id()) ? observation.live(task) : null;
            if (live == null || !isDeletedBeforeCreation(task) || isOwnHook(task, live)) {
                continue;
            }
            going.add(task);
            if (!deletedHooks.contains(task.id())) {
                act(Kind.DELETE_HOOK, task);
            }
        }
        if (!actions.isEmpty()) {
            return;
        }
        if (inWave().stream().anyMatch(task -> task.isHook() && isUnsuccessful(task))) {
            fail(APPLY_FAILED);
            return;
        }
        List<SyncTask> deletedNow = inWave().stream()
                .filter(task -> deletedHooks.contains(task.id()))
                .toList();
        boolean justDeleted = observation.results().stream().anyMatch(done -> done.kind() == Kind.DELETE_HOOK);
        if (!deletedNow.isEmpty() && justDeleted) {
            // the deletion needs a moment even where the object is gone at once
            go(results.isEmpty() ? Stage.NEW : Stage.READY);
            dryRuns.clear();
            await("deletion of hook", deletedNow);
        } else if (!going.isEmpty()) {
            go(Stage.READY);
            await("deletion of hook", going);
        } else {
            deletedHooks.clear();
            go(Stage.APPLY);
        }
    }

    private static boolean isDeletedBeforeCreation(SyncTask task) {
        return Hooks.deletePolicies(task.subject()).contains(Hooks.DeletePolicy.BEFORE_HOOK_CREATION);
    }

    /** Whether this operation made the hook before a crash: then it is not made a second time. */
    private boolean isOwnHook(SyncTask task, JsonObject live) {
        return SyncOperation.isHookOf(live, spec.id() + "/" + task.phase().wire());
    }

    private void applyGroup() {
        List<SyncTask> inWave = inWave();
        if (awaitsDefinitions(inWave)) {
            return;
        }
        applyNextKind(inWave);
        if (!actions.isEmpty()) {
            return;
        }
        if (inWave.stream().anyMatch(this::isUnsuccessful)) {
            fail(APPLY_FAILED);
            return;
        }
        if (firstPending() == null && inWave.stream().noneMatch(SyncTask::isHook)) {
            cleanUpFor(OperationPhase.SUCCEEDED, "successfully synced (all tasks run)");
            return;
        }
        if (!spec.settings().waveDelay().isZero()) {
            notBefore = now.plus(spec.settings().waveDelay());
            wakeAt = notBefore;
        }
        go(Stage.READY);
        await(inWave);
    }

    /** Whether what comes next has to wait for a definition that was applied but is not yet served. */
    private boolean awaitsDefinitions(List<SyncTask> inWave) {
        java.time.Duration patience = spec.settings().definitionWait();
        Instant began = stepAt;
        if (patience.isZero() || began == null || firstPending() == null) {
            return false;
        }
        List<SyncTask> open = new ArrayList<>();
        for (SyncTask task : inWave) {
            TaskResult result = results.get(task.id());
            if (result != null
                    && result.code() == TaskResult.Code.SYNCED
                    && !result.unsuccessful()
                    && task.key().kind().equals("CustomResourceDefinition")
                    && !isEstablished(observation.live(task))) {
                open.add(task);
            }
        }
        if (open.isEmpty()) {
            return false;
        }
        Instant end = began.plus(patience);
        if (now.isBefore(end)) {
            await("the establishment of", open);
            wakeBy(end);
            return true;
        }
        for (SyncTask task : open) {
            results.put(task.id(), TaskResult.failed(task.key().name() + " was not established within " + patience));
        }
        fail(APPLY_FAILED);
        return true;
    }

    private static boolean isEstablished(@Nullable JsonObject definition) {
        if (definition == null) {
            return false;
        }
        for (Json item : definition.object("status").array("conditions")) {
            if (item instanceof JsonObject condition
                    && "Established".equals(condition.text("type"))
                    && "True".equals(condition.text("status"))) {
                return true;
            }
        }
        return false;
    }

    /** Asks for the apply of the tasks of the next kind: kinds one after the other, the objects of a kind side by side. */
    private void applyNextKind(List<SyncTask> tasks) {
        String kind = null;
        for (SyncTask task : tasks) {
            if (task.isPrune() || results.containsKey(task.id())) {
                continue;
            }
            boolean full = actions.size() == spec.settings().batch();
            if (full || (kind != null && !kind.equals(task.key().kind()))) {
                return;
            }
            kind = task.key().kind();
            // Whether anything is there makes a difference only for these; a read for each batch of others would be
            // many lists.
            boolean looksFirst = task.isHook() || spec.settings().on("Replace", task.subject());
            JsonObject live = looksFirst ? observation.live(task) : null;
            if (live != null && task.isHook() && isOwnHook(task, live)) {
                results.put(
                        task.id(), new TaskResult(TaskResult.Code.SYNCED, OperationPhase.RUNNING, "already created"));
                kind = actions.isEmpty() ? null : kind;
            } else {
                act(applyKind(task, live), task);
            }
        }
    }

    private Kind applyKind(SyncTask task, @Nullable JsonObject live) {
        SyncSettings settings = spec.settings();
        JsonObject target = task.subject();
        if (settings.on("Replace", target)) {
            if (live == null) {
                return Kind.CREATE;
            }
            return settings.on("Force", target) ? Kind.RECREATE : Kind.REPLACE;
        }
        return settings.on("ServerSideApply", target) ? Kind.SERVER_SIDE_APPLY : Kind.APPLY;
    }

    // ---- the end

    /** Runs the hooks for failure, and when there are none left, ends the operation. */
    private void fail(String why) {
        message = why;
        boolean hooksLeft = spec.tasks().stream()
                .anyMatch(task -> task.phase() == SyncPhase.SYNC_FAIL && !results.containsKey(task.id()));
        if (hooksLeft) {
            deletedHooks.clear();
            go(Stage.SYNC_FAIL);
        } else if (why.equals(APPLY_FAILED) && spec.tasks().stream().anyMatch(this::isRunning)) {
            go(Stage.READY);
            await(spec.tasks().stream().filter(this::isRunning).toList());
        } else {
            finishFailed(why);
        }
    }

    private void applySyncFail() {
        List<SyncTask> hooks = spec.tasks().stream()
                .filter(task -> task.phase() == SyncPhase.SYNC_FAIL)
                .toList();
        for (SyncTask task : hooks) {
            JsonObject live = results.containsKey(task.id()) ? null : observation.live(task);
            if (live != null
                    && isDeletedBeforeCreation(task)
                    && !isOwnHook(task, live)
                    && !deletedHooks.contains(task.id())) {
                act(Kind.DELETE_HOOK, task);
            }
        }
        if (!actions.isEmpty()) {
            return;
        }
        applyNextKind(hooks);
        if (!actions.isEmpty()) {
            return;
        }
        go(Stage.READY);
        await(spec.tasks().stream()
                .filter(task -> task.phase() == SyncPhase.SYNC_FAIL || isRunning(task))
                .toList());
    }

    private void finishFailed(String why) {
        List<TaskResult> failed = new ArrayList<>();
        List<TaskResult> failedHooks = new ArrayList<>();
        for (SyncTask task : spec.tasks()) {
            TaskResult result = results.get(task.id());
            if (result != null && result.unsuccessful()) {
                (task.phase() == SyncPhase.SYNC_FAIL ? failedHooks : failed).add(result);
            }
        }
        String whole = why + reason(failed);
        if (!reason(failedHooks).isEmpty()) {
            whole += "\none or more SyncFail hooks failed" + reason(failedHooks);
        }
        cleanUpFor(OperationPhase.FAILED, whole);
    }

    /** The distinct messages of results in the order of the tasks. */
    private static String reason(List<TaskResult> failed) {
        Set<String> messages = new LinkedHashSet<>();
        for (TaskResult result : failed) {
            if (!result.message().isEmpty() && result.code() == TaskResult.Code.SYNC_FAILED) {
                messages.add(result.message());
            }
        }
        return messages.isEmpty() ? "" : ", reason: " + String.join(",", messages);
    }

    private boolean isOverdue() {
        java.time.Duration deadline = spec.settings().deadline();
        return !deadline.isZero() && now.isAfter(startedAt.plus(deadline));
    }

    private boolean isStepOverdue() {
        java.time.Duration most = spec.settings().stepDeadline();
        Instant began = stepAt;
        return !most.isZero() && began != null && now.isAfter(began.plus(most));
    }

    private String waveName() {
        Wave at = wave;
        return at == null ? "" : at.phase().wire() + "/" + at.number();
    }

    private String waitedFor() {
        return message.isEmpty() ? "it was running" : message;
    }

    private void terminate(String why) {
        trace.add(why);
        for (SyncTask task : spec.tasks()) {
            TaskResult result = results.get(task.id());
            if (result != null && result.running() && task.isHook()) {
                results.put(task.id(), new TaskResult(result.code(), OperationPhase.FAILED, "Terminated"));
                if (observation.live(task) != null) {
                    act(Kind.DELETE_HOOK, task);
                }
            }
        }
        outcome = OperationPhase.FAILED;
        message = why;
        phase = OperationPhase.TERMINATING;
        stage = Stage.CLEANUP;
    }

    private void cleanUpFor(OperationPhase end, String why) {
        outcome = end;
        message = why;
        deletedHooks.clear();
        go(Stage.CLEANUP);
    }

    private void cleanUp() {
        OperationPhase end = outcome == null ? OperationPhase.FAILED : outcome;
        Hooks.DeletePolicy due =
                end == OperationPhase.SUCCEEDED ? Hooks.DeletePolicy.HOOK_SUCCEEDED : Hooks.DeletePolicy.HOOK_FAILED;
        Set<io.gitops4j.manifest.ResourceKey> asked = new LinkedHashSet<>();
        for (SyncTask task : spec.tasks()) {
            if (task.isHook()
                    && results.containsKey(task.id())
                    && Hooks.deletePolicies(task.subject()).contains(due)
                    && !deletedHooks.contains(task.id())
                    && observation.live(task) != null
                    && asked.add(task.key())) {
                act(Kind.DELETE_HOOK, task);
            }
        }
        if (actions.isEmpty()) {
            finish(end, message);
        }
    }

    private void finish(OperationPhase end, String why) {
        go(Stage.DONE);
        phase = end;
        message = why;
        outcome = null;
        finishedAt = now;
        trace.add(end.wire() + ": " + why);
    }

    // ---- small things

    private List<SyncTask> inWave() {
        Wave at = wave;
        return at == null ? List.of() : spec.tasks().stream().filter(at::holds).toList();
    }

    private boolean isRunning(SyncTask task) {
        TaskResult result = results.get(task.id());
        return result != null && result.running();
    }

    private boolean isUnsuccessful(SyncTask task) {
        TaskResult result = results.get(task.id());
        return result != null && result.unsuccessful();
    }

    private void await(List<SyncTask> tasks) {
        for (SyncTask task : tasks) {
            if (task.isHook()) {
                await("completion of hook", first(task, tasks));
                return;
            }
        }
        await("healthy state of", tasks);
    }

    private static List<SyncTask> first(SyncTask first, List<SyncTask> tasks) {
        List<SyncTask> reordered = new ArrayList<>(tasks);
        reordered.remove(first);
        reordered.add(0, first);
        return reordered;
    }

    private void await(String what, List<SyncTask> tasks) {
        if (tasks.isEmpty()) {
            // resumed, and what was in work then needs nothing more
            return;
        }
        SyncTask first = tasks.get(0);
        message = "waiting for " + what + " " + first.key().group() + "/"
                + first.key().kind() + "/"
                + first.key().name()
                + (tasks.size() > 1 ? " and " + (tasks.size() - 1) + " more resources" : "");
        waiting = true;
    }

    private void act(Kind kind, SyncTask task) {
        actions.add(new SyncAction(kind, task));
    }

    private void go(Stage next) {
        SyncOperation.checkLegal(stage, next);
        stage = next;
    }
}
