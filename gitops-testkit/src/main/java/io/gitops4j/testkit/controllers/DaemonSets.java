package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps one pod of a DaemonSet on every node; a cluster without Nodes counts as one node. */
final class DaemonSets implements Workloads.Controller {
    private static final String HASH = "controller-revision-hash";

    private final Client client;

    DaemonSets(Client client) {
        this.client = client;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject set) {
        if (Client.isDeleted(set)) {
            return null;
        }
        JsonObject spec = set.object("spec");
        String revision = Client.hash(spec.object("template"));
        List<JsonObject> known = client.list(Client.NODE, "");
        List<String> nodes = known.isEmpty()
                ? List.of("node-1")
                : known.stream().map(Client::name).toList();
        Map<String, JsonObject> byNode = new LinkedHashMap<>();
        for (JsonObject pod : client.owned(Client.POD, set)) {
            byNode.put(pod.object("spec").text("nodeName", ""), pod);
        }
        int ready = 0;
        int updated = 0;
        int busy = 0;
        for (String node : nodes) {
            JsonObject pod = byNode.get(node);
            if (pod == null) {
                create(set, node, revision);
                busy++;
                continue;
            }
            boolean current =
                    pod.object("metadata").object("labels").text(HASH, "").equals(revision);
            ready += Client.isReady(pod) ? 1 : 0;
            updated += current ? 1 : 0;
            busy += Client.isReady(pod) ? 0 : 1;
        }
        roll(set, byNode, nodes, revision, busy);
        client.status(
                set,
                JsonObject.builder()
                        .put("currentNumberScheduled", byNode.size())
                        .put("desiredNumberScheduled", nodes.size())
                        .put("numberAvailable", ready)
                        .put("numberMisscheduled", 0)
                        .put("numberReady", ready)
                        .put("numberUnavailable", nodes.size() - ready)
                        .put("observedGeneration", Client.generation(set))
                        .put("updatedNumberScheduled", updated)
                        .build());
        return null;
    }

    private void create(JsonObject set, String node, String revision) {
        JsonObject pod =
                Client.pod(set, set.object("spec").object("template"), "", JsonObject.of(HASH, Json.of(revision)));
        client.create(pod.with(
                        "metadata",
                        pod.object("metadata").without("name").with("generateName", Json.of(Client.name(set) + "-")))
                .with("spec", pod.object("spec").with("nodeName", Json.of(node))));
    }

    private void roll(JsonObject set, Map<String, JsonObject> byNode, List<String> nodes, String revision, int busy) {
        JsonObject strategy = set.object("spec").object("updateStrategy");
        if (!strategy.text("type", "").equals("RollingUpdate")) {
            return;
        }
        int allowed = Math.max(
                1, Deployments.share(strategy.object("rollingUpdate").get("maxUnavailable"), nodes.size(), true));
        for (JsonObject pod : byNode.values()) {
            boolean current =
                    pod.object("metadata").object("labels").text(HASH, "").equals(revision);
            if (!current && !Client.isDeleted(pod) && (busy < allowed || !Client.isReady(pod))) {
                client.delete(pod, false);
                busy++;
            }
        }
    }
}
