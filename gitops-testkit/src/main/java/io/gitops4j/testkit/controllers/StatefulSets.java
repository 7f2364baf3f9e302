package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the numbered pods of a StatefulSet, in order where it asks for it, and replaces them from the highest number down. */
final class StatefulSets implements Workloads.Controller {
    private static final String HASH = "controller-revision-hash";

    private final Client client;

    StatefulSets(Client client) {
        this.client = client;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject set) {
        if (Client.isDeleted(set)) {
            return null;
        }
        JsonObject spec = set.object("spec");
        String revision = Client.name(set) + "-" + Client.hash(spec.object("template"));
        int start = Client.number(spec.object("ordinals"), "start", 0);
        int replicas = Client.number(spec, "replicas", 1);
        TreeMap<Integer, JsonObject> pods = pods(set);
        boolean ordered = !spec.text("podManagementPolicy", "").equals("Parallel");
        boolean settled = fill(set, pods, revision, start, replicas, ordered);
        settled = settled && shrink(pods, start, replicas, ordered);
        if (settled) {
            update(set, pods, revision, start, replicas);
        }
        status(set, pods(set), revision, replicas);
        return null;
    }

    private TreeMap<Integer, JsonObject> pods(JsonObject set) {
        TreeMap<Integer, JsonObject> pods = new TreeMap<>();
        String prefix = Client.name(set) + "-";
        for (JsonObject pod : client.owned(Client.POD, set)) {
            String number = Client.name(pod).substring(prefix.length());
            pods.put(Integer.valueOf(number), pod);
        }
        return pods;
    }

    private boolean fill(
            JsonObject set,
            TreeMap<Integer, JsonObject> pods,
            String revision,
            int start,
            int replicas,
            boolean ordered) {
        boolean settled = true;
        for (int i = start; i < start + replicas; i++) {
            JsonObject pod = pods.get(i);
            if (pod == null) {
                create(set, revision, start, i);
                settled = false;
            }
            boolean ready = pod != null && Client.isReady(pod);
            settled &= ready;
            if (ordered && !ready) {
                return false;
            }
        }
        return settled;
    }

    private void create(JsonObject set, String revision, int start, int number) {
        JsonObject spec = set.object("spec");
        int partition = Client.number(spec.object("updateStrategy").object("rollingUpdate"), "partition", 0);
        String current = set.object("status").text("currentRevision", revision);
        boolean old = number < start + partition && !current.isEmpty();
        String name = Client.name(set) + "-" + number;
        JsonObject labels = JsonObject.builder()
                .put("apps.kubernetes.io/pod-index", Integer.toString(number))
                .put(HASH, old ? current : revision)
                .put("statefulset.kubernetes.io/pod-name", name)
                .build();
        JsonObject pod = Client.pod(set, spec.object("template"), name, labels);
        JsonObject podSpec = pod.object("spec").with("hostname", Json.of(name));
        for (Json item : spec.array("volumeClaimTemplates")) {
            podSpec = claim(set, (JsonObject) item, number, podSpec);
        }
        client.create(pod.with("spec", podSpec));
    }

    private JsonObject claim(JsonObject set, JsonObject template, int number, JsonObject podSpec) {
        String volume = Client.name(template);
        String name = volume + "-" + Client.name(set) + "-" + number;
        client.create(JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "PersistentVolumeClaim")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", name)
                                .put("namespace", Client.namespace(set))
                                .build())
                .put("spec", template.object("spec"))
                .build());
        JsonObject mounted = JsonObject.builder()
                .put("name", volume)
                .put("persistentVolumeClaim", JsonObject.of("claimName", Json.of(name)))
                .build();
        JsonArray.Builder volumes = JsonArray.builder();
        podSpec.array("volumes").forEach(item -> {
            if (!(item instanceof JsonObject v) || !v.text("name", "").equals(volume)) {
                volumes.add(item);
            }
        });
        return podSpec.with("volumes", volumes.add(mounted).build());
    }

    private boolean shrink(TreeMap<Integer, JsonObject> pods, int start, int replicas, boolean ordered) {
        List<Integer> extra = pods.descendingKeySet().stream()
                .filter(number -> number >= start + replicas || number < start)
                .toList();
        for (Integer number : extra) {
            JsonObject pod = pods.get(number);
            if (pod != null && !Client.isDeleted(pod)) {
                client.delete(pod, false);
            }
            if (ordered) {
                break;
            }
        }
        return extra.isEmpty();
    }

    private void update(JsonObject set, TreeMap<Integer, JsonObject> pods, String revision, int start, int replicas) {
        JsonObject strategy = set.object("spec").object("updateStrategy");
        if (!strategy.text("type", "").equals("RollingUpdate")) {
            return;
        }
        int partition = Client.number(strategy.object("rollingUpdate"), "partition", 0);
        for (int i = start + replicas - 1; i >= start + partition; i--) {
            JsonObject pod = pods.get(i);
            if (pod == null || !Client.isReady(pod)) {
                return;
            }
            if (!revisionOf(pod).equals(revision)) {
                client.delete(pod, false);
                return;
            }
        }
    }

    private static String revisionOf(JsonObject pod) {
        return pod.object("metadata").object("labels").text(HASH, "");
    }

    private void status(JsonObject set, TreeMap<Integer, JsonObject> pods, String revision, int replicas) {
        int ready = 0;
        int updated = 0;
        int total = 0;
        for (JsonObject pod : pods.values()) {
            total++;
            ready += Client.isReady(pod) ? 1 : 0;
            updated += revisionOf(pod).equals(revision) ? 1 : 0;
        }
        String before = set.object("status").text("currentRevision", "");
        boolean done = updated == replicas && ready == replicas && total == replicas;
        String current = before.isEmpty() || done ? revision : before;
        JsonObject.Builder status =
                JsonObject.builder().put("availableReplicas", ready).put("collisionCount", 0);
        int currentCount = current.equals(revision) ? updated : total - updated;
        put(status, "currentReplicas", currentCount);
        status.put("currentRevision", current).put("observedGeneration", Client.generation(set));
        put(status, "readyReplicas", ready);
        status.put("replicas", total).put("updateRevision", revision);
        put(status, "updatedReplicas", updated);
        client.status(set, status.build());
    }

    private static void put(JsonObject.Builder status, String key, int value) {
        if (value > 0) {
            status.put(key, value);
        }
    }
}
