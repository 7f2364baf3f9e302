package io.gitops4j.engine;

import com.google.common.collect.ImmutableMap;
import io.gitops4j.app.Application;
import io.gitops4j.app.Pause;
import io.gitops4j.cluster.ApiException;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Tracing;
import io.gitops4j.sync.ApplicationStatus;
import io.gitops4j.sync.FailureClass;
import io.gitops4j.sync.OperationPhase;
import io.gitops4j.sync.OperationRequest;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.RetryPolicy;
import io.gitops4j.sync.SyncResult;
import io.gitops4j.sync.SyncRunner;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.sync.SyncSpec;
import io.gitops4j.sync.SyncStatus;
import io.gitops4j.sync.SyncTransition;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one application, one at a time: begun by the machine or by the {@code operation} field, kept in the journal
 * before every call, resumed from it by another controller.
 */
final class OperationLoop {
    /** By which a person confirms deletions: a time not before the start of the operation. */
    static final String APPROVED = "argocd.argoproj.io/deletion-approved";

    private static final int VERSION = 1;
    private static final Duration POLL = Duration.ofSeconds(30);

    private final ApplicationController controller;
    private final ApplicationLoop loop;
    private boolean journalRead;
    private @Nullable OperationRequest wanted;
    private int wantedRetries;
    private @Nullable Open open;
    private @Nullable Instant retryAt;
    private @Nullable Problem unreadable;

    /** An operation that goes on. */
    private static final class Open {
        final OperationRequest request;
        final Plan plan;
        final JsonArray tasks;
        SyncStatus status;
        int retries;
        int writes;
        boolean forGood;
        boolean recorded;

        Open(OperationRequest request, Plan plan, SyncStatus status, int retries) {
            this.request = request;
            this.plan = plan;
            this.tasks = JsonArray.of(
                    plan.spec().tasks().stream().map(task -> Json.of(task.id())).toList());
            this.status = status;
            this.retries = retries;
        }
    }

    OperationLoop(ApplicationController controller, ApplicationLoop loop) {
        this.controller = controller;
        this.loop = loop;
    }

    boolean isOpen() {
        return open != null || (retryAt != null && wanted != null);
    }

    /** Why nothing may be synced: a record of an operation that cannot be read. */
    @Nullable
    Problem unreadable() {
        return unreadable;
    }

    /** Whether there is an operation to begin, to resume or to go on with. */
    boolean isDue(Instant now) {
        if (open != null || wanted != null || !journalRead) {
            return true;
        }
        return !loop.application().operation().isEmpty() || isTerminating(now);
    }

    private boolean isTerminating(Instant now) {
        JsonObject state = loop.application().status().object("operationState");
        return state.text("phase", "").equals("Terminating")
                && !now.isBefore(Instant.parse(state.text("startedAt", Instant.EPOCH.toString())));
    }

    /** Asks for an operation of the machine. */
    void begin(OperationRequest request, int retries) {
        wanted = request;
        wantedRetries = retries;
    }

    /** Goes on with what there is; when to step again at the latest. */
    @Nullable
    Instant step(ClusterLane lane, Instant now) {
        if (!journalRead) {
            journalRead = true;
            unreadable = null;
            resume(lane, now);
        }
        Open going = open;
        if (going != null) {
            return drive(going, lane, now);
        }
        Application application = loop.application();
        OperationRequest asked = wanted;
        if (asked == null && !application.operation().isEmpty()) {
            asked = new OperationRequest(application.operation());
            wantedRetries = 0;
        }
        Instant retry = retryAt;
        if (asked != null && retry != null && now.isBefore(retry) && !isTerminating(now)) {
            return retry;
        }
        retryAt = null;
        wanted = null;
        if (asked != null) {
            start(asked, wantedRetries, now, lane);
            Open started = open;
            return started == null ? null : drive(started, lane, now);
        }
        if (isTerminating(now)) {
            // nothing is running any more that could be ended
            JsonObject state = application.status().object("operationState");
            loop.persist(
                    application
                            .status()
                            .with(
                                    "operationState",
                                    state.with("phase", "Failed")
                                            .with("message", "Operation terminated")
                                            .with("finishedAt", now.toString())),
                    now);
        }
        return null;
    }

    // ---- the beginning

    private void start(OperationRequest request, int retries, Instant now, ClusterLane lane) {
        Application application = loop.application();
        String actor = request.isAutomated() ? "automated" : request.actor();
        controller.log.append(now, loop.name(), "BEGIN", "sync by " + (actor.isEmpty() ? "a person" : actor));
        Optional<Problem> refused = request.isAutomated() ? Optional.empty() : refusal(request, now);
        Outcome<Plan> planned = refused.isPresent()
                ? Outcome.failed(refused.get())
                : plan(request, request.revisions(), null, now, lane);
        SyncStatus begun = SyncStatus.begun(now);
        Plan plan = planned.orNull();
        if (plan == null) {
            end(request, refusedResult(request, planned.problems(), now), retries, now);
            return;
        }
        Open started = new Open(request, plan, begun, retries);
        keep(started, begun, now);
        open = started;
        loop.persist(
                application
                        .withStatus(ApplicationStatus.running(application, request, begun, retries))
                        .withOperation(JsonObject.empty()),
                now);
        controller.event(
                now,
                "OperationStarted",
                loop.name(),
                JsonObject.of("revision", Json.of(plan.revision()), "initiatedBy", Json.of(actor)));
    }

    private Optional<Problem> refusal(OperationRequest request, Instant now) {
        Application application = loop.application();
        Outcome<Optional<Pause>> pause = Pause.of(application, now);
        if (!pause.ok()) {
            return Optional.of(pause.problems().get(0));
        }
        if (pause.orThrow().isPresent()) {
            return Optional.of(
                    Problem.error("SYNC_PAUSED", pause.orThrow().get().toString()));
        }
        if (!controller.windowAllows(application, true, null, now)) {
            return Optional.of(Problem.error("SYNC_WINDOW", "a sync window of the project blocks"));
        }
        return controller.gitops.unauthorized(request.actor(), "sync", application);
    }

    private Outcome<Plan> plan(
            OperationRequest request,
            List<String> revisions,
            @Nullable List<String> resumed,
            Instant startedAt,
            ClusterLane lane) {
        Application application = loop.application();
        SyncSettings settings = request.settings(application);
        return controller
                .gitops
                .render(application, revisions, loop.lastSource())
                .then(rendered -> loop.plan(rendered, lane, loop.comparer(false), builder -> {
                    builder.settings(settings).selection(request.selection()).now(startedAt);
                    if (resumed != null) {
                        builder.resuming(resumed);
                    }
                }));
    }

    private SyncResult refusedResult(OperationRequest request, List<Problem> problems, Instant now) {
        String revision = String.join(",", request.revisions());
        SyncSpec nothing = new SyncSpec("", List.of(), ImmutableMap.of(), SyncSettings.defaults(), "");
        Plan plan = new Plan(loop.application().name(), revision, List.of(), nothing, List.of());
        SyncStatus status = new SyncStatus(
                OperationPhase.FAILED,
                problems.get(0).toString(),
                SyncStatus.Stage.DONE,
                new LinkedHashMap<>(),
                List.of(),
                List.of(),
                null,
                null,
                now,
                now,
                null);
        return new SyncResult(plan, status, 0, problems, false);
    }

    // ---- going on

    private @Nullable Instant drive(Open going, ClusterLane lane, Instant now) {
        Application application = loop.application();
        SyncRunner runner = controller
                .gitops
                .runner(application, lane.cluster(), lane.kinds())
                .orThrow();
        SyncRunner.Control control =
                new SyncRunner.Control(isTerminating(now), isApproved(going.status.startedAt()), status -> {
                    going.status = status;
                    keep(going, status, now);
                });
        if (!going.recorded) {
            loop.runs(lane, going.plan);
            Problem refused = recorded(runner, going.plan);
            if (refused != null) {
                open = null;
                return end(going.request, refusedResult(going.request, List.of(refused), now), going.retries, now);
            }
            going.recorded = true;
        }
        SyncTransition transition;
        try (Tracing.Span span = controller.tracing().begin("sync.Sync", ImmutableMap.of("application", loop.name()))) {
            transition = untilItWaits(runner, going, now, control);
            span.attribute("phase", transition.status().phase().wire());
        } finally {
            going.writes += runner.writes();
        }
        going.status = transition.status();
        going.forGood = runner.failedForGood();
        if (!going.status.phase().completed()) {
            loop.persist(ApplicationStatus.running(application, going.request, going.status, going.retries), now);
            Instant poll = now.plus(POLL);
            Instant wakeAt = transition.wakeAt();
            return wakeAt == null || poll.isBefore(wakeAt) ? poll : wakeAt;
        }
        if (lane.index().inventory(application.name()).isPresent()) {
            runner.settle(going.plan, key -> lane.isTaken(key, application.name()));
        }
        SyncResult result = new SyncResult(going.plan, going.status, going.writes, List.of(), going.forGood);
        open = null;
        return again(going, result, now) ? retryAt : end(going.request, result, going.retries, now);
    }

    /** Records what is going to be written in the inventory; why that is refused for good, {@code null} when it is done. */
    private static @Nullable Problem recorded(SyncRunner runner, Plan plan) {
        try {
            runner.record(plan);
            return null;
        } catch (ApiException e) {
            if (FailureClass.of(e.status()) == FailureClass.PERMANENT) {
                return Problem.error("INVENTORY_REFUSED", "the inventory cannot be written: " + e.getMessage());
            }
            throw e;
        } catch (GitOpsException e) {
            if (e.code().equals("INVENTORY_SIZE")) {
                return Problem.error(e.code(), String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** A step ends at each wave; what needs no waiting for is not waited for, since no event would tell of it. */
    private static SyncTransition untilItWaits(SyncRunner runner, Open going, Instant now, SyncRunner.Control control) {
        SyncStatus before = going.status;
        SyncTransition transition = runner.drive(going.plan.spec(), before, now, control);
        while (!transition.status().phase().completed() && !transition.status().equals(before)) {
            before = transition.status();
            transition = runner.drive(
                    going.plan.spec(),
                    before,
                    now,
                    new SyncRunner.Control(false, control.deletionApproved(), control.keep()));
        }
        return transition;
    }

    /** Whether a failed operation of a person is tried again, as it asks to be. */
    private boolean again(Open going, SyncResult result, Instant now) {
        RetryPolicy policy = going.request.retry();
        boolean ended = going.status.message().startsWith("Operation terminated");
        if (going.request.isAutomated()
                || result.succeeded()
                || result.permanent()
                || ended
                || !policy.allows(going.retries)) {
            return false;
        }
        Instant due = policy.nextAt(now, going.retries, loop.name().hashCode());
        retryAt = due;
        wanted = policy.refresh() ? going.request : pinned(going);
        wantedRetries = going.retries + 1;
        controller.journal.clear(loop.name());
        Application application = loop.application();
        JsonObject status = ApplicationStatus.running(application, going.request, going.status, wantedRetries);
        JsonObject state = status.object("operationState");
        loop.persist(
                status.with(
                        "operationState",
                        state.with(
                                "message",
                                going.status.message() + ". Retrying attempt #" + wantedRetries + " at " + due)),
                now);
        return true;
    }

    /** The request at the revision that it was first made with. */
    private static OperationRequest pinned(Open going) {
        JsonObject sync = going.request.body().object("sync");
        List<Json> revisions = new ArrayList<>();
        for (String revision : going.plan.revision().split(",", -1)) {
            revisions.add(Json.of(revision));
        }
        return new OperationRequest(going.request.body().with("sync", sync.with("revisions", JsonArray.of(revisions))));
    }

    private @Nullable Instant end(OperationRequest request, SyncResult result, int retries, Instant now) {
        Application application = loop.application();
        loop.persist(
                application
                        .withStatus(ApplicationStatus.finished(application, request, result, retries))
                        .withOperation(JsonObject.empty()),
                now);
        controller.journal.clear(loop.name());
        String phase = result.problems().isEmpty() ? result.status().phase().wire() : "Failed";
        controller.log.append(
                now,
                loop.name(),
                "END",
                phase + ": "
                        + loop.application().status().object("operationState").text("message", ""));
        controller.event(
                now,
                "OperationCompleted",
                loop.name(),
                JsonObject.of("phase", Json.of(phase), "writes", Json.of(result.writes())));
        controller.metrics().count("argocd_app_sync_total", ImmutableMap.of("name", loop.name(), "phase", phase), 1);
        controller
                .metrics()
                .observe(
                        "argocd_app_sync_duration_seconds",
                        ImmutableMap.of("name", loop.name()),
                        Duration.between(result.status().startedAt(), now).toMillis() / 1000.0);
        boolean heals = request.isAutomated();
        loop.ended(result, heals || !(request.isPartial() || request.isDryRun()));
        return null;
    }

    private boolean isApproved(Instant startedAt) {
        String approved = loop.application().annotation(APPROVED);
        if (approved == null) {
            return false;
        }
        try {
            return !OffsetDateTime.parse(approved).toInstant().isBefore(startedAt);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    // ---- the journal

    private void keep(Open going, SyncStatus status, Instant now) {
        controller.journal.write(
                loop.name(),
                JsonObject.builder()
                        .put("version", VERSION)
                        .put("application", loop.name())
                        .put("writtenAt", now.toString())
                        .put("revision", going.plan.revision())
                        .put("retries", going.retries)
                        .put("operation", going.request.body())
                        .put("tasks", going.tasks)
                        .put("status", status.toJson())
                        .build());
    }

    /** Goes on with what another process began. A record that cannot be read stops the application's syncs until it is gone. */
    private void resume(ClusterLane lane, Instant now) {
        Optional<JsonObject> found = controller.journal.read(loop.name());
        if (found.isEmpty()) {
            return;
        }
        JsonObject record = found.get();
        try {
            if (!(record.get("version") instanceof JsonNumber version) || version.intValueOr(0) != VERSION) {
                throw new IllegalArgumentException("version " + record.get("version"));
            }
            SyncStatus status = SyncStatus.fromJson(record.object("status"));
            OperationRequest request = new OperationRequest(record.object("operation"));
            int retries = record.get("retries") instanceof JsonNumber number ? number.intValueOr(0) : 0;
            List<String> revisions = List.of(record.text("revision", "").split(",", -1));
            List<String> tasks = new ArrayList<>(status.results().keySet());
            record.array("tasks").forEach(id -> tasks.add(String.valueOf(id.textOrNull())));
            Outcome<Plan> planned = plan(request, revisions, tasks, status.startedAt(), lane);
            Plan plan = planned.orNull();
            controller.log.append(now, loop.name(), "RESUME", "operation of " + status.startedAt());
            if (plan == null) {
                end(request, refusedResult(request, planned.problems(), now), retries, now);
            } else {
                open = new Open(request, plan, status, retries);
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            journalRead = false;
            unreadable = Problem.error(
                            "SYNC_RECORD_UNREADABLE",
                            "RECORD_UNREADABLE: the record of an operation of " + loop.name()
                                    + " cannot be understood: " + e.getMessage())
                    .hint("look at the record in the journal; syncs go on when it is gone");
        }
    }
}
