package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.appset.RollingSync;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a set's rolling sync over its Applications as they are stored. Two annotations of the set say more than Argo CD
 * knows: {@code gitops4j.io/approved-steps}, a number, holds the steps behind it until somebody raises it; and
 * {@code gitops4j.io/rollback-on-failure: "true"} takes the whole wave back when one of its Applications becomes Degraded at the
 * new revision. Either way the steps behind wait, and a new revision starts again from the first.
 */
final class SetRollout {
    /** How many steps may begin. */
    static final String APPROVED = "gitops4j.io/approved-steps";

    /** Whether a wave that fails goes back to where it was. */
    static final String ROLLBACK = "gitops4j.io/rollback-on-failure";

    private final ApplicationSet set;
    private final RollingSync.Pass pass;
    private final List<Application> started;
    private final List<Application> applications;

    private SetRollout(
            ApplicationSet set, RollingSync.Pass pass, List<Application> started, List<Application> applications) {
        this.set = set;
        this.pass = pass;
        this.started = started;
        this.applications = applications;
    }

    static SetRollout pass(ApplicationSet set, List<Application> applications, Instant now) {
        Map<String, JsonObject> before = known(set);
        List<RollingSync.AppStatus> known = new ArrayList<>();
        before.values()
                .forEach(entry -> known.add(new RollingSync.AppStatus(
                        entry.text("application", ""),
                        entry.text("status", ""),
                        entry.text("message", ""),
                        texts(entry.array("targetRevisions")),
                        entry.text("step", ""))));
        List<RollingSync.AppState> states = new ArrayList<>();
        applications.forEach(application -> states.add(state(application, before.get(application.name()), now)));
        RollingSync.Pass pass = RollingSync.pass(approved(set), states, known);
        List<Application> started = new ArrayList<>();
        for (RollingSync.AppStatus status : pass.status()) {
            JsonObject old = before.get(status.app());
            boolean fresh = old == null || !old.text("status", "").equals("Pending");
            if (status.status().equals("Pending") && fresh) {
                applications.stream()
                        .filter(application -> application.name().equals(status.app()))
                        .forEach(started::add);
            }
        }
        return new SetRollout(set, pass, List.copyOf(started), List.copyOf(applications));
    }

    /** The steps, those that nobody has approved yet with room for none. */
    private static List<JsonObject> approved(ApplicationSet set) {
        String text = set.body().object("metadata").object("annotations").text(APPROVED, "");
        int most = text.isEmpty() ? Integer.MAX_VALUE : text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        List<JsonObject> steps = new ArrayList<>();
        for (JsonObject step : set.rollingSteps()) {
            steps.add(steps.size() < most ? step : step.with("maxUpdate", Json.of(0)));
        }
        return steps;
    }

    /**
     * The Applications of a wave that failed, with the revision that each goes back to: those of the step of an Application that
     * is Degraded at the revision that its last sync brought, which were synced to that revision themselves.
     */
    Map<Application, String> goingBack() {
        Map<Application, String> back = new LinkedHashMap<>();
        if (!"true".equals(set.body().object("metadata").object("annotations").text(ROLLBACK, ""))) {
            return back;
        }
        Set<String> failed = new LinkedHashSet<>();
        for (RollingSync.AppStatus status : pass.status()) {
            boolean degraded = applications.stream()
                    .anyMatch(application -> application.name().equals(status.app())
                            && application
                                    .status()
                                    .object("health")
                                    .text("status", "")
                                    .equals("Degraded")
                            && isAtItsRevision(application));
            if (degraded && status.status().equals("Progressing")) {
                failed.add(status.step());
            }
        }
        for (RollingSync.AppStatus status : pass.status()) {
            for (Application application : applications) {
                String before = previous(application);
                if (failed.contains(status.step())
                        && application.name().equals(status.app())
                        && isAtItsRevision(application)
                        && !before.isEmpty()) {
                    back.put(application, before);
                }
            }
        }
        return back;
    }

    /** Whether the last operation has ended and brought what the Application is to be at. */
    private static boolean isAtItsRevision(Application application) {
        JsonObject status = application.status();
        JsonObject operation = status.object("operationState");
        String wanted = status.object("sync").text("revision", "");
        return application.operation().isEmpty()
                && !operation.text("phase", "").equals("Running")
                && !wanted.isEmpty()
                && operation.object("syncResult").text("revision", "").equals(wanted);
    }

    /** The revision of the last deployment before that of the present one, {@code ""} for none. */
    private static String previous(Application application) {
        String now = application.status().object("sync").text("revision", "");
        String previous = "";
        for (Json item : application.status().array("history")) {
            String revision = item instanceof JsonObject entry ? entry.text("revision", "") : "";
            if (!revision.equals(now)) {
                previous = revision;
            }
        }
        return previous;
    }

    private static Map<String, JsonObject> known(ApplicationSet set) {
        Map<String, JsonObject> known = new LinkedHashMap<>();
        for (Json item : set.status().array("applicationStatus")) {
            if (item instanceof JsonObject entry) {
                known.put(entry.text("application", ""), entry);
            }
        }
        return known;
    }

    private static RollingSync.AppState state(Application application, @Nullable JsonObject before, Instant now) {
        JsonObject status = application.status();
        JsonObject sync = status.object("sync");
        JsonObject operation = status.object("operationState");
        List<String> revisions = sync.has("revisions")
                ? texts(sync.array("revisions"))
                : sync.text("revision", "").isEmpty() ? List.of() : List.of(sync.text("revision", ""));
        Instant asked = before == null ? now : time(before.text("lastTransitionTime", ""), now);
        boolean error = status.array("conditions").items().stream()
                .anyMatch(item -> item instanceof JsonObject condition
                        && condition.text("type", "").equals("InvalidSpecError"));
        return new RollingSync.AppState(
                application.name(),
                application.labels(),
                status.object("health").text("status", ""),
                sync.text("status", ""),
                revisions,
                operation.text("phase", ""),
                !operation.isEmpty()
                        && !time(operation.text("startedAt", ""), Instant.EPOCH).isBefore(asked),
                error);
    }

    private static Instant time(String text, Instant otherwise) {
        try {
            return text.isEmpty() ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(String.valueOf(item.textOrNull())));
        return List.copyOf(texts);
    }

    /** The Applications whose sync begins now. */
    List<Application> started() {
        return started;
    }

    /** Whether an Application is not yet healthy at its revision. */
    boolean isGoing() {
        return pass.status().stream().anyMatch(app -> !app.status().equals("Healthy"));
    }

    /** The set's status with where each Application stands, and whether the rollout goes on. */
    JsonObject status(JsonObject status, Instant now) {
        Map<String, JsonObject> before = known(set);
        JsonArray.Builder entries = JsonArray.builder();
        boolean going = isGoing();
        for (RollingSync.AppStatus app : pass.status()) {
            JsonObject old = before.get(app.app());
            boolean moved = old == null || !old.text("status", "").equals(app.status());
            entries.add(JsonObject.builder()
                    .put("application", app.app())
                    .put(
                            "lastTransitionTime",
                            moved || old == null ? now.toString() : old.text("lastTransitionTime", now.toString()))
                    .put("message", app.message())
                    .put("status", app.status())
                    .put("step", app.step())
                    .put(
                            "targetRevisions",
                            JsonArray.of(app.revisions().stream().map(Json::of).toList()))
                    .build());
        }
        JsonObject condition = SetStatus.condition(
                set,
                "RolloutProgressing",
                going,
                going ? "ApplicationSetModified" : "ApplicationSetRolloutComplete",
                going
                        ? "ApplicationSet is performing rollout of step applications"
                        : "ApplicationSet rollout is complete",
                now);
        JsonArray.Builder conditions = JsonArray.builder();
        status.array("conditions").forEach(conditions::add);
        return status.with("applicationStatus", entries.build())
                .with("conditions", conditions.add(condition).build());
    }

    /** The names of the Applications whose turn it is when the set is deleted. */
    static Set<String> nextToDelete(ApplicationSet set, List<Application> there) {
        Set<String> names = new LinkedHashSet<>();
        there.forEach(application -> names.add(application.name()));
        if (!set.deletesInReverse()) {
            return names;
        }
        List<RollingSync.AppState> states = new ArrayList<>();
        there.forEach(application -> states.add(state(application, null, Instant.EPOCH)));
        List<List<String>> steps = new ArrayList<>(
                RollingSync.pass(set.rollingSteps(), states, List.of()).steps());
        Collections.reverse(steps);
        Set<String> stepless = new LinkedHashSet<>(names);
        steps.forEach(stepless::removeAll);
        for (List<String> step : steps) {
            if (!step.isEmpty()) {
                return new LinkedHashSet<>(step);
            }
        }
        return stepless;
    }

    /** The Application with auto-sync off: the set says when. */
    static JsonObject withoutAutoSync(JsonObject application) {
        JsonObject spec = application.object("spec");
        return spec.has("syncPolicy")
                ? application.with(
                        "spec",
                        spec.with("syncPolicy", spec.object("syncPolicy").without("automated")))
                : application;
    }

    /** The Application with the sync that takes it back. */
    static JsonObject withRollback(Application application, @Nullable Application template, String revision) {
        JsonObject body = withSync(application, template);
        JsonObject operation = body.object("operation");
        JsonObject reason = JsonObject.of(
                "name", Json.of("Reason"), "value", Json.of("ApplicationSet took a wave back that had failed"));
        return body.with(
                "operation",
                operation
                        .with("info", JsonArray.of(List.of(reason)))
                        .with("sync", operation.object("sync").with("revision", revision)));
    }

    /** The Application with the sync that the set asks for. */
    static JsonObject withSync(Application application, @Nullable Application template) {
        JsonObject policy = application.spec().object("syncPolicy");
        boolean prune = template != null
                && template.spec().object("syncPolicy").object("automated").bool("prune", false);
        JsonObject.Builder sync = JsonObject.builder();
        if (prune) {
            sync.put("prune", true);
        }
        if (!policy.array("syncOptions").isEmpty()) {
            sync.put("syncOptions", policy.array("syncOptions"));
        }
        JsonObject retry = policy.object("retry");
        JsonObject reason = JsonObject.of(
                "name",
                Json.of("Reason"),
                "value",
                Json.of("ApplicationSet RollingSync triggered a sync of this Application resource"));
        return application
                .body()
                .with(
                        "operation",
                        JsonObject.builder()
                                .put(
                                        "initiatedBy",
                                        JsonObject.of(
                                                "username",
                                                Json.of("applicationset-controller"),
                                                "automated",
                                                Json.of(true)))
                                .put("info", JsonArray.of(List.of(reason)))
                                .put("retry", retry.isEmpty() ? JsonObject.of("limit", Json.of(5)) : retry)
                                .put("sync", sync.build())
                                .build());
    }
}
