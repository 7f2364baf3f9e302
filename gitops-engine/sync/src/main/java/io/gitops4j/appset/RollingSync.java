package io.gitops4j.appset;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a rolling sync: which Applications of a set may sync now. A step opens when every Application of the steps
 * before it is healthy at its revision; within a step at most {@code maxUpdate} are on their way at a time. Pure: the same
 * Applications and statuses give the same pass, and a pass over its own result changes nothing until an Application moves.
 */
public final class RollingSync {

    /**
     * An Application as it is seen.
     *
     * @param health {@code Healthy}, {@code Progressing}, …
     * @param sync {@code Synced}, {@code OutOfSync} or {@code Unknown}
     * @param revisions that it is to be at
     * @param operationPhase of its last operation, {@code ""} for none
     * @param startedAfterPending whether that operation began after the set asked for it
     * @param specError whether it cannot sync at all
     */
    public record AppState(
            String name,
            JsonObject labels,
            String health,
            String sync,
            List<String> revisions,
            String operationPhase,
            boolean startedAfterPending,
            boolean specError) {}

    /** Where an Application stands in the rolling sync. */
    public record AppStatus(String app, String status, String message, List<String> revisions, String step) {
        AppStatus to(String newStatus, String why) {
            return new AppStatus(app, newStatus, why, revisions, step);
        }
    }

    /**
     * A pass.
     *
     * @param steps names of the Applications of each step
     * @param eligible names of those in open steps, sorted
     * @param status of every Application, in the order given
     */
    public record Pass(List<List<String>> steps, List<String> eligible, List<AppStatus> status) {}

    private RollingSync() {}

    /** One pass over the Applications. */
    public static Pass pass(List<JsonObject> steps, List<AppState> apps, List<AppStatus> known) {
        List<List<String>> members = members(steps, apps);
        Map<String, AppStatus> before = new LinkedHashMap<>();
        known.forEach(status -> before.put(status.app(), status));
        Map<String, AppStatus> now = new LinkedHashMap<>();
        for (AppState app : apps) {
            now.put(app.name(), moved(app, before.get(app.name()), step(members, app.name())));
        }
        List<String> eligible = new ArrayList<>(eligible(members, now));
        Map<String, AppStatus> started = new LinkedHashMap<>(now);
        for (int i = 0; i < members.size(); i++) {
            start(members.get(i), steps.get(i).get("maxUpdate"), i, eligible, started);
        }
        return new Pass(Collections.unmodifiableList(members), List.copyOf(eligible), List.copyOf(started.values()));
    }

    private static List<List<String>> members(List<JsonObject> steps, List<AppState> apps) {
        List<List<String>> members = new ArrayList<>();
        for (JsonObject step : steps) {
            List<String> names = new ArrayList<>();
            for (AppState app : apps) {
                if (matches(step, app.labels())) {
                    names.add(app.name());
                }
            }
            members.add(List.copyOf(names));
        }
        return members;
    }

    private static boolean matches(JsonObject step, JsonObject labels) {
        for (Json item : step.array("matchExpressions")) {
            JsonObject expression = item instanceof JsonObject object ? object : JsonObject.empty();
            String value = labels.text(expression.text("key", ""));
            boolean listed = value != null
                    && expression.array("values").items().stream().anyMatch(v -> value.equals(v.textOrNull()));
            boolean fits = switch (expression.text("operator", "")) {
                case "In" -> listed;
                case "NotIn" -> !listed;
                default -> false;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static int step(List<List<String>> members, String app) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).contains(app)) {
                return i;
            }
        }
        return -1;
    }

    private static AppStatus moved(AppState app, @Nullable AppStatus before, int step) {
        String stepName = step < 0 ? "-1" : Integer.toString(step + 1);
        AppStatus status = before == null
                ? new AppStatus(
                        app.name(),
                        "Waiting",
                        "No Application status found, defaulting status to Waiting",
                        app.revisions(),
                        stepName)
                : new AppStatus(app.name(), before.status(), before.message(), before.revisions(), stepName);
        if (!status.revisions().equals(app.revisions())) {
            status = new AppStatus(
                    app.name(),
                    "Waiting",
                    "Application has pending changes, setting status to Waiting",
                    app.revisions(),
                    stepName);
        }
        boolean healthy = app.health().equals("Healthy");
        boolean synced = app.sync().equals("Synced");
        return switch (status.status()) {
            case "Waiting" ->
                !synced
                        ? status
                        : healthy
                                ? status.to("Healthy", "Application resource has synced, updating status to Healthy")
                                : status.to(
                                        "Progressing",
                                        "Application resource has synced, updating status to Progressing");
            case "Pending" -> pending(app, status);
            case "Progressing" ->
                healthy && synced
                        ? status.to(
                                "Healthy",
                                "Application resource became Healthy, updating status from Progressing to Healthy")
                        : status;
            default -> status;
        };
    }

    private static AppStatus pending(AppState app, AppStatus status) {
        if (app.specError()) {
            return status.to(
                    "Progressing", "Application resource has error and cannot sync, updating status to Progressing");
        }
        if (app.startedAfterPending() && app.operationPhase().equals("Succeeded")) {
            return status.to(
                    "Progressing",
                    "Application resource completed a sync successfully, updating status from Pending to Progressing");
        }
        if (app.startedAfterPending() && List.of("Failed", "Error").contains(app.operationPhase())) {
            return status.to(
                    "Progressing",
                    "Application resource completed a sync, updating status from Pending to Progressing");
        }
        boolean running = app.operationPhase().equals("Running") || app.health().equals("Progressing");
        return running
                ? status.to(
                        "Progressing",
                        "Application resource became Progressing, updating status from Pending to Progressing")
                : status;
    }

    /** The Applications of all steps up to the first that is not wholly healthy. */
    private static TreeSet<String> eligible(List<List<String>> members, Map<String, AppStatus> now) {
        TreeSet<String> eligible = new TreeSet<>();
        for (List<String> step : members) {
            eligible.addAll(step);
            for (String name : step) {
                AppStatus status = now.get(name);
                if (status == null || !status.status().equals("Healthy")) {
                    return eligible;
                }
            }
        }
        return eligible;
    }

    private static void start(
            List<String> members,
            @Nullable Json maxUpdate,
            int step,
            List<String> eligible,
            Map<String, AppStatus> status) {
        long bound = bound(maxUpdate, members.size());
        long going = members.stream().filter(name -> isGoing(status.get(name))).count();
        for (String name : members) {
            AppStatus at = status.get(name);
            boolean own = at != null && at.step().equals(Integer.toString(step + 1));
            if (at != null && own && at.status().equals("Waiting") && eligible.contains(name) && going < bound) {
                status.put(
                        name,
                        at.to(
                                "Pending",
                                "Application moved to Pending status, watching for the Application resource to start"
                                        + " Progressing"));
                going++;
            }
        }
    }

    private static boolean isGoing(@Nullable AppStatus status) {
        return status != null
                && (status.status().equals("Pending") || status.status().equals("Progressing"));
    }

    /** A number, or a percentage rounded down but at least one; {@code 0%} is none; anything unreadable is one. */
    private static long bound(@Nullable Json maxUpdate, int members) {
        if (maxUpdate == null || maxUpdate.isNull()) {
            return members;
        }
        if (maxUpdate instanceof JsonNumber number) {
            return number.longValue();
        }
        String text = String.valueOf(maxUpdate.textOrNull());
        if (text.equals("0%")) {
            return 0;
        }
        try {
            int percent = text.endsWith("%") ? Integer.parseInt(text.substring(0, text.length() - 1)) : 0;
            return Math.max(1, (long) members * percent / 100);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
