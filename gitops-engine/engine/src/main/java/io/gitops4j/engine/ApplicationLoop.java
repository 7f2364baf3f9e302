package io.gitops4j.engine;

import com.google.common.collect.ImmutableMap;
import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.app.Pause;
import io.gitops4j.app.Pin;
import io.gitops4j.cluster.Health;
import io.gitops4j.health.ApplicationHealth;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.sync.ApplicationMachine;
import io.gitops4j.sync.ApplicationMachine.Action;
import io.gitops4j.sync.ApplicationMachine.Kind;
import io.gitops4j.sync.ApplicationMachine.Observation;
import io.gitops4j.sync.ApplicationMachine.Transition;
import io.gitops4j.sync.ApplicationStatus;
import io.gitops4j.sync.OperationRequest;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.PlanStep;
import io.gitops4j.sync.Refresh;
import io.gitops4j.sync.ResourcePages;
import io.gitops4j.sync.ResourceTracking;
import io.gitops4j.sync.SyncResult;
import io.gitops4j.sync.SyncSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One application under a controller: asks its machine what to do and does it. */
final class ApplicationLoop {
    private static final int MOST_TURNS = 20;

    private final ApplicationController controller;
    private final String name;
    private final OperationLoop operations;
    private Application application;
    private List<Problem> invalid = List.of();
    private ApplicationMachine.Spec spec;
    private ApplicationMachine.Status status;
    private @Nullable RenderedApplication rendered;
    private @Nullable Outcome<RenderedApplication> lastSource;
    private @Nullable Compared last;
    private @Nullable RememberingComparer comparer;
    private @Nullable SyncResult finished;
    private Refresh.@Nullable Level requested;
    private @Nullable Instant failingSince;
    private HealthCheck check = live -> Optional.empty();
    private int sourceFailures;
    private boolean gone;

    ApplicationLoop(ApplicationController controller, Application application) {
        this.controller = controller;
        this.name = application.qualifiedName();
        this.application = application;
        this.spec = spec(application);
        this.status = ApplicationMachine.Status.resumed(spec);
        this.operations = new OperationLoop(controller, this);
    }

    private ApplicationMachine.Spec spec(Application of) {
        return new ApplicationMachine.Spec(
                of, controller.resync, controller.healing, of.qualifiedName().hashCode(), true);
    }

    String name() {
        return name;
    }

    Application application() {
        return application;
    }

    /** All resources of the last comparison; empty before the first. */
    Optional<ResourcePages> pages(int bytes) {
        Compared known = last;
        return known == null
                ? Optional.empty()
                : known.plan()
                        .value()
                        .map(plan -> ResourcePages.of(ApplicationStatus.allResources(plan, check), bytes));
    }

    boolean isGone() {
        return gone;
    }

    boolean isOperating() {
        return operations.isOpen();
    }

    void request(Refresh.Level level) {
        Refresh.Level before = requested;
        if (before == null || before.compareTo(level) < 0) {
            requested = level;
        }
    }

    /** Takes the application as the store has it now. */
    void take(Application stored, List<Problem> problems) {
        if (!ours(stored).equals(ours(application))) {
            // a pin, a pause or a dependency counts at once
            request(Refresh.Level.LATEST);
        }
        application = stored;
        spec = spec(stored);
        invalid = problems.stream().anyMatch(Problem::isError) ? List.copyOf(problems) : List.of();
    }

    private static JsonObject ours(Application of) {
        JsonObject annotations = of.body().object("metadata").object("annotations");
        JsonObject.Builder ours = JsonObject.builder();
        annotations.forEach((key, value) -> {
            if (key.startsWith("gitops4j.io/")) {
                ours.put(key, value);
            }
        });
        return ours.build();
    }

    /** Does what is due; when to step again at the latest. */
    @Nullable
    Instant step(Instant now) {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            if (!invalid.isEmpty() && !application.isDeleting()) {
                persist(ApplicationStatus.notCompared(application, invalid, now), now);
                return null;
            }
            Outcome<ClusterLane> found = controller.lane(application, now);
            ClusterLane lane = found.orNull();
            if (application.isDeleting() && !operations.isOpen()) {
                return delete(lane, now);
            }
            if (lane == null) {
                persist(ApplicationStatus.notCompared(application, found.problems(), now), now);
                return now.plus(controller.resync);
            }
            if (!lane.isUp()) {
                persist(ApplicationStatus.notCompared(application, List.of(lane.failure()), now), now);
                return lane.retryAt();
            }
            try {
                if (operations.isDue(now)) {
                    Instant wakeAt = operations.step(lane, now);
                    lane.succeeded();
                    Problem unreadable = operations.unreadable();
                    if (unreadable != null) {
                        persist(ApplicationStatus.notCompared(application, List.of(unreadable), now), now);
                        return now.plus(controller.resync);
                    }
                    if (gone || operations.isOpen()) {
                        return wakeAt;
                    }
                    continue;
                }
                Transition transition = compareIfDue(lane, now);
                lane.succeeded();
                if (!operations.isOpen() && !operations.isDue(now)) {
                    return transition.wakeAt();
                }
            } catch (GitOpsException e) {
                lane.failed(e, now);
                controller.log.append(now, name, "CLUSTER_FAILED", e.code());
            }
        }
        return now.plusSeconds(1);
    }

    private Transition compareIfDue(ClusterLane lane, Instant now) {
        Optional<Refresh> refresh = Refresh.due(application, status.comparedAt(), controller.resync, requested, now);
        SyncResult ended = finished;
        Transition first =
                ApplicationMachine.step(spec, status, new Observation(null, ended, refresh.isPresent(), true), now);
        status = first.status();
        finished = null;
        if (first.actions().isEmpty()) {
            return first;
        }
        requested = null;
        return compare(lane, refresh.orElse(new Refresh(Refresh.Level.RECENT, false, "due")), now);
    }

    private Transition compare(ClusterLane lane, Refresh refresh, Instant now) {
        long began = controller.gitops.rendersMade();
        if (application.annotation(Refresh.ANNOTATION) != null) {
            persist(application.withoutAnnotation(Refresh.ANNOTATION), now);
        }
        if (refresh.hard()) {
            controller.gitops.forgetRenders();
        }
        Outcome<RenderedApplication> source = source(refresh, now);
        RenderedApplication wanted = source.orNull();
        if (wanted == null) {
            return withoutSource(source.problems(), now);
        }
        failingSince = null;
        sourceFailures = 0;
        Foreboding.rewritten(controller, application, rendered, wanted, now);
        rendered = wanted;
        lastSource = source;
        AppProject project = controller.gitops.project(application.project());
        Compared before = last;
        boolean again = before != null
                && controller.gitops.isRepeatable(project)
                && before.holds(application, wanted, project, lane);
        check = lane.objects()::health;
        Outcome<Plan> compared = again && before != null ? before.plan() : plan(wanted, lane);
        Outcome<Optional<Pause>> pause = Pause.of(application, now);
        boolean held = !pause.ok() || pause.orThrow().isPresent();
        boolean window = controller.windowAllows(application, false, null, now);
        Outcome<Optional<String>> needs = controller.waitsFor(application);
        boolean waits = !needs.ok() || needs.orThrow().isPresent();
        Transition decided = ApplicationMachine.step(
                spec, status, new Observation(compared, null, false, window && !held && !waits), now);
        status = decided.status();
        Plan plan = compared.orNull();
        List<Problem> problems = new ArrayList<>(source.problems());
        problems.addAll(compared.problems());
        problems.addAll(pause.problems());
        problems.addAll(needs.problems());
        if (plan == null) {
            last = null;
            persist(ApplicationStatus.notCompared(application, problems, now), now);
            controller.log.append(now, name, "NOT_COMPARED", problems.get(0).toString());
            return decided;
        }
        wants(lane, plan);
        handOver(lane, plan);
        if (decided.blocked()) {
            problems.add(Problem.error("SYNC_BLOCKED", decided.reason()));
        }
        Foreboding.mutationLoop(plan, status.healAttempts()).ifPresent(problems::add);
        problems.addAll(Orphans.conditions(project, application, lane));
        if (!again || before == null || !before.isShown(application, problems)) {
            ApplicationHealth health = health(plan);
            persist(
                    ApplicationStatus.bounded(
                            ApplicationStatus.compared(application, plan, check, health.health(), problems, now),
                            ApplicationStatus.MAX_BYTES),
                    now);
        }
        last = Compared.of(application, wanted, project, lane, compared, problems);
        controller.metrics().count("argocd_app_reconcile", ImmutableMap.of("project", application.project()), 1);
        if (held && plan.outOfSync()) {
            String why = pause.ok()
                    ? pause.orThrow().map(Pause::toString).orElse("")
                    : pause.problems().get(0).text();
            controller.log.append(now, name, "PAUSED", why);
        } else if (waits && plan.outOfSync()) {
            String why = needs.ok()
                    ? needs.orThrow().orElse("")
                    : needs.problems().get(0).text();
            controller.log.append(now, name, "WAITS", why);
        } else if (!decided.actions().isEmpty() || plan.outOfSync() || decided.blocked()) {
            String what = decided.actions().isEmpty() ? "NONE" : "SYNC";
            controller.log.append(now, name, what, decided.reason());
        }
        if (controller.gitops.rendersMade() > began) {
            controller.metrics().count("argocd_git_request_total", ImmutableMap.of("request_type", "render"), 1);
        }
        for (Action action : decided.actions()) {
            if (action.kind() == Kind.SYNC) {
                operations.begin(
                        OperationRequest.automated(
                                application, plan.revision(), action.resources(), status.healAttempts()),
                        status.failures());
            }
        }
        return decided;
    }

    private Outcome<Plan> plan(RenderedApplication wanted, ClusterLane lane) {
        SyncSettings whole =
                SyncSettings.of(application.syncPolicy()).withPrune(true).withAllowEmpty(true);
        RememberingComparer comparer = comparer(true);
        return plan(wanted, lane, comparer, request -> request.settings(whole));
    }

    /** A plan over the summaries of what is there; what has to be compared anew is read whole. */
    Outcome<Plan> plan(
            RenderedApplication wanted,
            ClusterLane lane,
            @Nullable RememberingComparer by,
            Consumer<PlanRequest.Builder> says) {
        RememberingComparer reading = by == null
                ? null
                : by.reading((target, live) -> lane.objects().whole(target.text("apiVersion", ""), live));
        return lane.objects()
                .reading(
                        lane.index().of(application.name(), wanted.keys(lane.kinds())),
                        () -> controller.gitops.plan(
                                wanted, lane.index(), lane.cluster(), lane.kinds(), reading, request -> {
                                    request.claims(key -> lane.claimedBy(key, application.name()));
                                    says.accept(request);
                                }));
    }

    /** The comparison that remembers what it found for the same two objects; {@code null} where the rules are in disorder. */
    @Nullable
    RememberingComparer comparer(boolean begins) {
        RememberingComparer known = comparer;
        if (known == null || !known.isFor(application)) {
            known = controller
                    .gitops
                    .comparer(application)
                    .map(by -> new RememberingComparer(application, by))
                    .orNull();
            comparer = known;
        } else if (begins) {
            known.begin();
        }
        return known;
    }

    private Outcome<RenderedApplication> source(Refresh refresh, Instant now) {
        List<String> revisions = Pin.of(application, now).map(Pin::revisions).orElse(List.of());
        RenderedApplication last = rendered;
        if (last != null
                && last.application().sources().equals(application.sources())
                && revisions.isEmpty()
                && refresh.level().compareTo(Refresh.Level.LATEST) < 0) {
            revisions = last.revisions();
        } else {
            try {
                controller.fetch(application, refresh.level() == Refresh.Level.FORCED, now);
            } catch (GitOpsException e) {
                return Outcome.failed(Problem.error(e.code(), String.valueOf(e.getMessage())));
            }
        }
        return controller.gitops.render(application, revisions, refresh.hard() ? null : lastSource);
    }

    /** A source that fails leaves the last good status in place for a while; nothing is synced or pruned meanwhile. */
    private Transition withoutSource(List<Problem> found, Instant now) {
        List<Problem> problems = Foreboding.gone(application, found);
        Transition failed = ApplicationMachine.step(
                spec, status, new Observation(Outcome.failed(problems), null, false, true), now);
        status = failed.status();
        Instant since = failingSince == null ? now : failingSince;
        failingSince = since;
        boolean hadStatus =
                !application.status().object("sync").text("revision", "").isEmpty()
                        || application.status().object("sync").has("revisions");
        boolean passing = problems.stream().anyMatch(p -> p.code().startsWith("GIT_"));
        if (!passing || !hadStatus || !now.isBefore(since.plus(controller.grace))) {
            persist(ApplicationStatus.notCompared(application, problems, now), now);
        }
        controller.log.append(now, name, "NO_SOURCE", problems.get(0).toString());
        requested = Refresh.Level.LATEST;
        status = status.notCompared();
        Instant again = now.plus(Foreboding.sourcePause(sourceFailures++));
        return new Transition(status, List.of(), again, failed.reason(), failed.blocked());
    }

    /** What another application has taken over and recorded goes out of the inventory of this one. */
    private void handOver(ClusterLane lane, Plan plan) {
        boolean taken = lane.index().inventory(application.name()).isPresent()
                && plan.steps().stream()
                        .anyMatch(step -> step.task().isPrune()
                                && step.action() == PlanStep.Action.NOOP
                                && lane.isTaken(step.task().key(), application.name()));
        if (taken) {
            controller.gitops.keeper(lane.cluster()).narrow(plan, key -> lane.isTaken(key, application.name()));
        }
    }

    private void wants(ClusterLane lane, Plan plan) {
        Set<ResourceKey> keys = new LinkedHashSet<>();
        for (PlanStep step : plan.steps()) {
            if (!step.task().isPrune() && !step.task().isHook()) {
                keys.add(step.task().key());
            }
        }
        lane.wants(application.name(), keys);
    }

    /** Hooks are in no inventory: without a mark on them it has to be noted whose they are. */
    void runs(ClusterLane lane, Plan plan) {
        if (controller.gitops.tracking().method() == ResourceTracking.Method.INVENTORY) {
            Set<ResourceKey> hooks = new LinkedHashSet<>();
            plan.steps().stream()
                    .filter(step -> step.task().isHook())
                    .forEach(step -> hooks.add(step.task().key()));
            lane.runs(application.name(), hooks);
        }
    }

    private ApplicationHealth health(Plan plan) {
        List<ApplicationHealth.Resource> resources = new ArrayList<>();
        for (PlanStep step : plan.steps()) {
            if (!step.task().isHook()) {
                resources.add(new ApplicationHealth.Resource(
                        step.task().key(), step.task().live(), step.task().target()));
            }
        }
        ResourceKey self = new ResourceKey("argoproj.io", "Application", application.namespace(), application.name());
        return ApplicationHealth.of(self, resources, check);
    }

    private @Nullable Instant delete(@Nullable ClusterLane lane, Instant now) {
        if (lane != null && !lane.isUp()) {
            persist(
                    application
                            .status()
                            .with(
                                    "conditions",
                                    io.gitops4j.app.Conditions.of(
                                            List.of(Problem.error(
                                                    "DELETION_UNREACHABLE",
                                                    lane.failure().text())),
                                            application.status().array("conditions"),
                                            now)),
                    now);
            return lane.retryAt();
        }
        try {
            return new ApplicationDeletion(controller, this, rendered).step(lane, now);
        } catch (GitOpsException e) {
            if (lane != null) {
                lane.failed(e, now);
            }
            return now.plusSeconds(5);
        }
    }

    // ---- for the operation

    @Nullable
    RenderedApplication rendered() {
        return rendered;
    }

    @Nullable
    Outcome<RenderedApplication> lastSource() {
        return lastSource;
    }

    /** Takes the end of an operation; one of the whole application counts as an attempt at its revision. */
    void ended(SyncResult result, boolean counts) {
        if (counts) {
            finished = result;
        } else {
            status = status.stopped();
        }
        request(Refresh.Level.RECENT);
    }

    /** Stores a status, when more than the time of the comparison differs. */
    void persist(JsonObject next, Instant now) {
        JsonObject before = application.status();
        if (before.without("reconciledAt").equals(next.without("reconciledAt"))) {
            return;
        }
        persist(application.withStatus(next), now);
    }

    void persist(Application next, Instant now) {
        Application before = application;
        Optional<Application> stored = controller.store.write(before, next);
        if (stored.isEmpty()) {
            gone = true;
            return;
        }
        application = stored.get();
        spec = spec(application);
        controller.changed(name);
        for (StatusTriggers.Fired fired : StatusTriggers.between(before.status(), application.status())) {
            controller.event(now, fired.trigger(), name, fired.data());
            controller.log.append(now, name, fired.trigger(), fired.data().text("message", ""));
        }
        Health.Status known = Health.Status.UNKNOWN;
        if (!before.status().object("health").equals(application.status().object("health"))) {
            controller
                    .metrics()
                    .gauge(
                            "argocd_app_info",
                            ImmutableMap.of(
                                    "name", name,
                                    "health_status",
                                            application
                                                    .status()
                                                    .object("health")
                                                    .text("status", known.wire()),
                                    "sync_status",
                                            application.status().object("sync").text("status", "Unknown")),
                            1);
        }
    }
}
