package io.gitops4j.engine;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What is worth telling people when the status of an application changes, under the names of Argo CD's catalogue of triggers.
 * Each is fired once for what it tells: a sync that has succeeded is told once, and once more with the next revision.
 *
 * <p>Source: argocd §9.
 */
public final class StatusTriggers {
    private StatusTriggers() {}

    /**
     * Something to tell.
     *
     * @param trigger {@code on-sync-succeeded} and so on
     * @param data revision and message
     */
    public record Fired(String trigger, JsonObject data) {}

    /** What the change from one status to the next fires, in a fixed order. */
    public static List<Fired> between(JsonObject before, JsonObject after) {
        List<Fired> fired = new ArrayList<>();
        if (before.isEmpty() && !after.isEmpty()) {
            fire(fired, "on-created", after, "");
        }
        String sync = after.object("sync").text("status", "");
        if (sync.equals("Unknown") && !before.object("sync").text("status", "").equals("Unknown")) {
            fire(fired, "on-sync-status-unknown", after, firstCondition(after));
        }
        String health = after.object("health").text("status", "");
        if (health.equals("Degraded")
                && !before.object("health").text("status", "").equals("Degraded")) {
            fire(fired, "on-health-degraded", after, after.object("health").text("message", ""));
        }
        moved(fired, "sync", before, after);
        moved(fired, "health", before, after);
        JsonObject was = before.object("operationState");
        JsonObject is = after.object("operationState");
        boolean changed = !was.text("phase", "").equals(is.text("phase", ""))
                || !was.text("startedAt", "").equals(is.text("startedAt", ""));
        if (changed) {
            String trigger = switch (is.text("phase", "")) {
                case "Running" -> "on-sync-running";
                case "Succeeded" -> "on-sync-succeeded";
                case "Failed", "Error" -> "on-sync-failed";
                default -> "";
            };
            if (!trigger.isEmpty()) {
                fire(fired, trigger, after, is.text("message", ""));
            }
        }
        if (isDeployed(after) && !(isDeployed(before) && deployed(before).equals(deployed(after)))) {
            fire(fired, "on-deployed", after, "");
        }
        return List.copyOf(fired);
    }

    /** The audit event for a change of the sync or health status, in the words of Argo CD. */
    private static void moved(List<Fired> fired, String part, JsonObject before, JsonObject after) {
        String was = before.object(part).text("status", "");
        String is = after.object(part).text("status", "");
        if (!is.isEmpty() && !is.equals(was)) {
            fire(fired, "ResourceUpdated", after, "Updated " + part + " status: " + was + " -> " + is);
        }
    }

    private static boolean isDeployed(JsonObject status) {
        return status.object("operationState").text("phase", "").equals("Succeeded")
                && status.object("health").text("status", "").equals("Healthy");
    }

    private static String deployed(JsonObject status) {
        return status.object("operationState").object("syncResult").text("revision", "");
    }

    private static String firstCondition(JsonObject status) {
        return status.array("conditions").isEmpty()
                ? ""
                : ((JsonObject) status.array("conditions").get(0)).text("message", "");
    }

    private static void fire(List<Fired> fired, String trigger, JsonObject status, String message) {
        String revision = status.object("operationState").object("syncResult").text("revision", "");
        fired.add(new Fired(
                trigger,
                JsonObject.of(
                        "revision",
                        Json.of(revision.isEmpty() ? status.object("sync").text("revision", "") : revision),
                        "message",
                        Json.of(message))));
    }
}
