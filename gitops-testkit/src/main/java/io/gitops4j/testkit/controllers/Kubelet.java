package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.controllers.PodPlan.End;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Scheduler and kubelet in one: gives pods a node and an address, starts them as planned, ends them when they are deleted. */
final class Kubelet implements Workloads.Controller {
    private final Client client;
    private final Function<JsonObject, PodPlan> plan;
    private int addresses;

    Kubelet(Client client, Function<JsonObject, PodPlan> plan) {
        this.client = client;
        this.plan = plan;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject pod) {
        if (Client.isDeleted(pod)) {
            if (pod.object("metadata").array("finalizers").isEmpty()) {
                client.delete(pod, true);
            }
            return null;
        }
        if (Client.isFinished(pod)) {
            return null;
        }
        if (!pod.object("spec").array("schedulingGates").isEmpty()) {
            return null;
        }
        if (pod.object("spec").text("nodeName", "").isEmpty()) {
            schedule(pod);
            return null;
        }
        JsonObject scheduled = Client.condition(pod, "PodScheduled");
        if (scheduled.isEmpty()) {
            client.status(pod, scheduled(pod));
            return null;
        }
        PodPlan planned = plan.apply(pod);
        Instant due = Instant.parse(scheduled.text("lastTransitionTime", client.nowText()))
                .plus(planned.after());
        if (client.now().isBefore(due)) {
            return due;
        }
        client.status(pod, ended(pod, planned.end()));
        return null;
    }

    private void schedule(JsonObject pod) {
        List<JsonObject> nodes = client.list(Client.NODE, "");
        String node = nodes.isEmpty()
                ? "node-1"
                : Client.name(nodes.get(Math.floorMod(Client.name(pod).hashCode(), nodes.size())));
        client.patch(pod, "", JsonObject.of("spec", JsonObject.of("nodeName", Json.of(node))));
    }

    private JsonObject scheduled(JsonObject pod) {
        JsonObject status = pod.object("status");
        return status.with("conditions", status.array("conditions").appended(condition("PodScheduled", true, "")));
    }

    private JsonObject condition(String type, boolean on, String reason) {
        JsonObject.Builder out = JsonObject.builder()
                .put("lastProbeTime", Json.nul())
                .put("lastTransitionTime", client.nowText())
                .put("status", on ? "True" : "False")
                .put("type", type);
        return reason.isEmpty() ? out.build() : out.put("reason", reason).build();
    }

    private JsonObject ended(JsonObject pod, End end) {
        boolean ready = end == End.READY;
        if (Client.isReady(pod) == ready && pod.object("status").has("containerStatuses")) {
            return pod.object("status");
        }
        String phase = switch (end) {
            case READY, RUNNING_NOT_READY, CRASH_LOOP -> "Running";
            case IMAGE_PULL_BACK_OFF -> "Pending";
            case SUCCEEDED -> "Succeeded";
            case FAILED -> "Failed";
        };
        JsonArray.Builder containers = JsonArray.builder();
        for (Json item : pod.object("spec").array("containers")) {
            containers.add(container((JsonObject) item, end));
        }
        String reason = ready ? "" : end == End.SUCCEEDED ? "PodCompleted" : "ContainersNotReady";
        addresses++;
        String address = "10.244." + (addresses >> 8 & 255) + "." + (addresses & 255);
        JsonObject status = pod.object("status");
        JsonArray conditions = JsonArray.of(
                Client.condition(pod, "PodScheduled"),
                condition("Initialized", true, ""),
                condition("ContainersReady", ready, reason),
                condition("Ready", ready, reason));
        JsonObject out = status.with("phase", Json.of(phase))
                .with("conditions", conditions)
                .with("startTime", Json.of(client.nowText()))
                .with("hostIP", Json.of("192.168.0.1"))
                .with("containerStatuses", containers.build());
        return end == End.IMAGE_PULL_BACK_OFF
                ? out
                : out.with("podIP", Json.of(address))
                        .with("podIPs", JsonArray.of(JsonObject.of("ip", Json.of(address))));
    }

    private JsonObject container(JsonObject container, End end) {
        String image = container.text("image", "");
        return JsonObject.builder()
                .put("name", container.text("name", ""))
                .put("image", image)
                .put("imageID", end == End.IMAGE_PULL_BACK_OFF ? "" : "fake://" + image)
                .put("lastState", JsonObject.empty())
                .put("ready", end == End.READY)
                .put("restartCount", end == End.CRASH_LOOP ? 3 : 0)
                .put("started", end == End.READY || end == End.RUNNING_NOT_READY)
                .put("state", state(end))
                .build();
    }

    private JsonObject state(End end) {
        return switch (end) {
            case READY, RUNNING_NOT_READY ->
                JsonObject.of("running", JsonObject.of("startedAt", Json.of(client.nowText())));
            case IMAGE_PULL_BACK_OFF -> waiting("ImagePullBackOff", "Back-off pulling image");
            case CRASH_LOOP -> waiting("CrashLoopBackOff", "back-off restarting failed container");
            case SUCCEEDED -> terminated(0, "Completed");
            case FAILED -> terminated(1, "Error");
        };
    }

    private static JsonObject waiting(String reason, String message) {
        return JsonObject.of(
                "waiting",
                JsonObject.builder()
                        .put("reason", reason)
                        .put("message", message)
                        .build());
    }

    private JsonObject terminated(int code, String reason) {
        String end = client.nowText();
        String start = Instant.parse(end).minus(Duration.ofSeconds(1)).toString();
        return JsonObject.of(
                "terminated",
                JsonObject.builder()
                        .put("exitCode", code)
                        .put("reason", reason)
                        .put("startedAt", start)
                        .put("finishedAt", end)
                        .build());
    }
}
