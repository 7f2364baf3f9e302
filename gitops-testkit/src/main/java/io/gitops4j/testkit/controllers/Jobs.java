package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the pods of a Job until enough have ended well, or too many badly. */
final class Jobs implements Workloads.Controller {
    private final Client client;

    Jobs(Client client) {
        this.client = client;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject job) {
        if (Client.isDeleted(job)
                || !Client.condition(job, "Complete").isEmpty()
                || !Client.condition(job, "Failed").isEmpty()) {
            return null;
        }
        JsonObject spec = job.object("spec");
        List<JsonObject> pods = client.owned(Client.POD, job);
        int succeeded = count(pods, "Succeeded");
        int failed = count(pods, "Failed");
        int active = (int) pods.stream()
                .filter(pod -> !Client.isFinished(pod) && !Client.isDeleted(pod))
                .count();
        int completions = Client.number(spec, "completions", 1);
        boolean complete = succeeded >= completions;
        boolean broken = failed > Client.number(spec, "backoffLimit", 6);
        boolean suspended = spec.bool("suspend", false);
        if (broken || suspended || complete) {
            pods.stream().filter(pod -> !Client.isFinished(pod)).forEach(pod -> client.delete(pod, false));
            active = 0;
        } else {
            int wanted = Math.min(Client.number(spec, "parallelism", 1), completions - succeeded);
            for (int i = active; i < wanted; i++) {
                create(job, spec.object("template"), succeeded + failed + i);
                active++;
            }
        }
        status(job, active, succeeded, failed, complete, broken, suspended);
        return null;
    }

    private static int count(List<JsonObject> pods, String phase) {
        return (int) pods.stream()
                .filter(pod -> pod.object("status").text("phase", "").equals(phase))
                .count();
    }

    private void create(JsonObject job, JsonObject template, int index) {
        JsonObject labels = job.object("spec").text("completionMode", "").equals("Indexed")
                ? JsonObject.of("batch.kubernetes.io/job-completion-index", Json.of(Integer.toString(index)))
                : JsonObject.empty();
        JsonObject pod = Client.pod(job, template, "", labels);
        client.create(pod.with(
                "metadata",
                pod.object("metadata").without("name").with("generateName", Json.of(Client.name(job) + "-"))));
    }

    private void status(
            JsonObject job,
            int active,
            int succeeded,
            int failed,
            boolean complete,
            boolean broken,
            boolean suspended) {
        JsonObject.Builder status = JsonObject.builder();
        put(status, "active", active);
        String now = client.nowText();
        String start = job.object("status").text("startTime", now);
        if (complete) {
            status.put("completionTime", now);
            status.put("conditions", JsonArray.of(condition("Complete", "CompletionsReached", now)));
        } else if (broken) {
            status.put("conditions", JsonArray.of(condition("Failed", "BackoffLimitExceeded", now)));
        } else if (suspended) {
            JsonObject before = Client.condition(job, "Suspended");
            status.put(
                    "conditions",
                    JsonArray.of(before.isEmpty() ? condition("Suspended", "JobSuspended", now) : before));
        }
        put(status, "failed", failed);
        if (!suspended) {
            status.put("startTime", start);
        }
        put(status, "succeeded", succeeded);
        client.status(job, status.build());
    }

    private static void put(JsonObject.Builder status, String key, int value) {
        if (value > 0) {
            status.put(key, value);
        }
    }

    private static JsonObject condition(String type, String reason, String now) {
        return JsonObject.builder()
                .put("lastProbeTime", now)
                .put("lastTransitionTime", now)
                .put("reason", reason)
                .put("status", "True")
                .put("type", type)
                .build();
    }
}
