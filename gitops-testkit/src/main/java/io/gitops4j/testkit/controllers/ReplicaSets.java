package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps as many pods as a ReplicaSet asks for; the ones that are not ready go first. */
final class ReplicaSets implements Workloads.Controller {
    private final Client client;

    ReplicaSets(Client client) {
        this.client = client;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject set) {
        JsonObject spec = set.object("spec");
        List<JsonObject> pods = new ArrayList<>(client.owned(Client.POD, set).stream()
                .filter(pod -> !Client.isDeleted(pod) && !Client.isFinished(pod))
                .toList());
        int wanted = Client.isDeleted(set) ? pods.size() : Client.number(spec, "replicas", 1);
        if (pods.size() < wanted) {
            for (int i = pods.size(); i < wanted; i++) {
                client.create(pod(set, spec.object("template")));
            }
        } else if (pods.size() > wanted) {
            pods.sort(Comparator.comparing((JsonObject pod) -> Client.isReady(pod))
                    .thenComparing(Client::name, Comparator.reverseOrder()));
            pods.subList(0, pods.size() - wanted).forEach(pod -> client.delete(pod, false));
            pods = pods.subList(pods.size() - wanted, pods.size());
        }
        return status(set, pods);
    }

    private static JsonObject pod(JsonObject set, JsonObject template) {
        JsonObject pod = Client.pod(set, template, "", JsonObject.empty());
        JsonObject metadata =
                pod.object("metadata").without("name").with("generateName", Json.of(Client.name(set) + "-"));
        return pod.with("metadata", metadata);
    }

    private @Nullable Instant status(JsonObject set, List<JsonObject> pods) {
        int minReady = Client.number(set.object("spec"), "minReadySeconds", 0);
        int ready = 0;
        int available = 0;
        Instant next = null;
        for (JsonObject pod : pods) {
            Instant since = Client.readySince(pod);
            if (since == null) {
                continue;
            }
            ready++;
            Instant due = since.plusSeconds(minReady);
            if (due.isAfter(client.now())) {
                next = next == null || due.isBefore(next) ? due : next;
            } else {
                available++;
            }
        }
        JsonObject.Builder status = JsonObject.builder();
        if (available > 0) {
            status.put("availableReplicas", available);
        }
        if (!pods.isEmpty()) {
            status.put("fullyLabeledReplicas", pods.size());
        }
        status.put("observedGeneration", Client.generation(set));
        if (ready > 0) {
            status.put("readyReplicas", ready);
        }
        client.status(set, status.put("replicas", pods.size()).build());
        return next;
    }
}
