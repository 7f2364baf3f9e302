package io.gitops4j.testkit.controllers;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rolls a Deployment out over ReplicaSets, one a template, within maxSurge and maxUnavailable. */
final class Deployments implements Workloads.Controller {
    private static final String HASH = "pod-template-hash";
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private final Client client;

    Deployments(Client client) {
        this.client = client;
    }

    @Override
    public @Nullable Instant reconcile(JsonObject deployment) {
        if (Client.isDeleted(deployment)) {
            return null;
        }
        List<JsonObject> sets = client.owned(Client.REPLICA_SET, deployment);
        JsonObject template = deployment.object("spec").object("template");
        JsonObject current = sets.stream()
                .filter(set -> plain(set.object("spec").object("template")).equals(template))
                .findFirst()
                .orElse(null);
        boolean paused = deployment.object("spec").bool("paused", false);
        if (current == null && !paused) {
            current = createSet(deployment, template, sets);
            sets = client.owned(Client.REPLICA_SET, deployment);
        }
        if (current != null && !paused) {
            revise(deployment, current, sets);
            roll(deployment, current, sets);
        } else if (current != null) {
            scale(current, replicas(deployment));
        }
        return status(deployment, current);
    }

    private static JsonObject plain(JsonObject template) {
        JsonObject metadata = template.object("metadata");
        return template.with(
                "metadata", metadata.with("labels", metadata.object("labels").without(HASH)));
    }

    private @Nullable JsonObject createSet(JsonObject deployment, JsonObject template, List<JsonObject> sets) {
        String hash = Client.hash(template);
        JsonObject spec = deployment.object("spec");
        JsonObject selector = spec.object("selector");
        JsonObject labels = template.object("metadata").object("labels").with(HASH, Json.of(hash));
        JsonObject hashed =
                template.with("metadata", template.object("metadata").with("labels", labels));
        JsonObject.Builder set = JsonObject.builder()
                .put("replicas", 0)
                .put(
                        "selector",
                        selector.with(
                                "matchLabels", selector.object("matchLabels").with(HASH, Json.of(hash))))
                .put("template", hashed);
        if (spec.has("minReadySeconds")) {
            set.put("minReadySeconds", Client.number(spec, "minReadySeconds", 0));
        }
        JsonObject annotations = JsonObject.of(REVISION, Json.of(Integer.toString(latest(sets) + 1)));
        return client.create(JsonObject.builder()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet")
                .put(
                        "metadata",
                        Client.metadata(deployment, Client.name(deployment) + "-" + hash, labels, annotations)
                                .build())
                .put("spec", set.build())
                .build());
    }

    private static int revision(JsonObject set) {
        String text = set.object("metadata").object("annotations").text(REVISION, "0");
        return text.chars().allMatch(Character::isDigit) && text.length() < 9 ? Integer.parseInt(text) : 0;
    }

    private static int latest(List<JsonObject> sets) {
        return sets.stream().mapToInt(Deployments::revision).max().orElse(0);
    }

    /** A template that comes back gets the next revision. */
    private void revise(JsonObject deployment, JsonObject current, List<JsonObject> sets) {
        int revision = revision(current);
        int latest = latest(sets);
        if (revision < latest) {
            revision = latest + 1;
            annotate(current, revision);
        }
        if (!deployment
                .object("metadata")
                .object("annotations")
                .text(REVISION, "")
                .equals(Integer.toString(revision))) {
            annotate(deployment, revision);
        }
    }

    private void annotate(JsonObject object, int revision) {
        JsonObject annotations = JsonObject.of(REVISION, Json.of(Integer.toString(revision)));
        client.patch(object, "", JsonObject.of("metadata", JsonObject.of("annotations", annotations)));
    }

    private void roll(JsonObject deployment, JsonObject current, List<JsonObject> sets) {
        int desired = replicas(deployment);
        List<JsonObject> old = new ArrayList<>();
        int total = 0;
        int available = 0;
        for (JsonObject set : sets) {
            total += replicas(set);
            available += available(set);
            if (!Client.name(set).equals(Client.name(current))) {
                old.add(set);
            }
        }
        JsonObject strategy = deployment.object("spec").object("strategy");
        if (strategy.text("type", "").equals("Recreate")) {
            old.forEach(set -> scale(set, 0));
            boolean gone =
                    old.stream().allMatch(set -> client.owned(Client.POD, set).isEmpty());
            if (gone) {
                scale(current, desired);
            }
            return;
        }
        JsonObject rolling = strategy.object("rollingUpdate");
        int surge = share(rolling.get("maxSurge"), desired, true);
        int unavailable = share(rolling.get("maxUnavailable"), desired, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        int now = replicas(current);
        if (now > desired || old.stream().allMatch(set -> replicas(set) == 0)) {
            scale(current, desired);
        } else if (now < desired) {
            scale(current, Math.min(desired, now + Math.max(0, desired + surge - total)));
        }
        scaleDown(old, current, available, desired - unavailable);
        cleanUp(deployment, old);
    }

    private void scaleDown(List<JsonObject> old, JsonObject current, int available, int minAvailable) {
        old.sort(Comparator.comparingInt(Deployments::revision));
        int spare = available - minAvailable;
        for (JsonObject set : old) {
            int replicas = replicas(set);
            int up = available(set);
            int sick = Math.max(0, replicas - up);
            int healthy = Math.min(replicas - sick, Math.max(0, spare));
            spare -= healthy;
            boolean settled = Client.number(set.object("status"), "observedGeneration", -1) == Client.generation(set);
            boolean moving = Client.number(current.object("status"), "replicas", 0) > 0;
            int next = replicas - healthy - (settled && moving ? sick : 0);
            scale(set, Math.max(0, next));
        }
    }

    private void cleanUp(JsonObject deployment, List<JsonObject> old) {
        int keep = Client.number(deployment.object("spec"), "revisionHistoryLimit", 10);
        List<JsonObject> idle = old.stream()
                .filter(set -> replicas(set) == 0 && Client.number(set.object("status"), "replicas", 0) == 0)
                .toList();
        for (int i = 0; i < idle.size() - keep; i++) {
            client.delete(idle.get(i), false);
        }
    }

    /** How many pods are available of those that the set is to keep. */
    private static int available(JsonObject set) {
        return Math.min(replicas(set), Client.number(set.object("status"), "availableReplicas", 0));
    }

    private static int replicas(JsonObject object) {
        return Client.number(object.object("spec"), "replicas", 1);
    }

    private void scale(JsonObject set, int replicas) {
        if (replicas(set) != replicas) {
            client.patch(set, "", JsonObject.of("spec", JsonObject.of("replicas", Json.of(replicas))));
        }
    }

    /** A number or a share of {@code of} pods, surge rounded up, unavailable rounded down. */
    static int share(@Nullable Json value, int of, boolean up) {
        if (value instanceof JsonNumber number) {
            return number.intValueOr(0);
        }
        String text = value == null ? null : value.textOrNull();
        if (text == null || !text.endsWith("%")) {
            return 0;
        }
        int percent = Integer.parseInt(text.substring(0, text.length() - 1));
        return up ? (of * percent + 99) / 100 : of * percent / 100;
    }

    private @Nullable Instant status(JsonObject before, @Nullable JsonObject known) {
        JsonObject deployment = client.get(Client.DEPLOYMENT, Client.namespace(before), Client.name(before));
        if (deployment == null) {
            return null;
        }
        int total = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (JsonObject set : client.owned(Client.REPLICA_SET, deployment)) {
            JsonObject status = set.object("status");
            int replicas = Client.number(status, "replicas", 0);
            total += replicas;
            ready += Client.number(status, "readyReplicas", 0);
            available += Client.number(status, "availableReplicas", 0);
            updated += known != null && Client.name(set).equals(Client.name(known)) ? replicas : 0;
        }
        int desired = replicas(deployment);
        JsonObject.Builder status = JsonObject.builder();
        put(status, "availableReplicas", available);
        Progress progress = progress(deployment, known, desired, total, available, updated);
        status.put("conditions", progress.conditions());
        status.put("observedGeneration", Client.generation(deployment));
        put(status, "readyReplicas", ready);
        put(status, "replicas", total);
        put(status, "unavailableReplicas", Math.max(0, Math.max(desired, total) - available));
        put(status, "updatedReplicas", updated);
        client.status(deployment, status.build());
        return progress.deadline();
    }

    private static void put(JsonObject.Builder status, String key, int value) {
        if (value > 0) {
            status.put(key, value);
        }
    }

    private record Progress(JsonArray conditions, @Nullable Instant deadline) {}

    private Progress progress(
            JsonObject deployment, @Nullable JsonObject current, int desired, int total, int available, int updated) {
        JsonObject rolling = deployment.object("spec").object("strategy").object("rollingUpdate");
        int minimum = desired - share(rolling.get("maxUnavailable"), desired, false);
        boolean up = available >= minimum;
        JsonObject availableNow = condition(
                deployment,
                "Available",
                up,
                up ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                up ? "Deployment has minimum availability." : "Deployment does not have minimum availability.");
        String name = current == null ? "" : Client.name(current);
        boolean complete = updated == desired && total == desired && available >= desired;
        JsonObject before = Client.condition(deployment, "Progressing");
        String counts = updated + "/" + total + "/" + available;
        JsonObject progressing;
        Instant deadline = null;
        if (complete) {
            progressing = condition(
                    deployment,
                    "Progressing",
                    true,
                    "NewReplicaSetAvailable",
                    "ReplicaSet \"" + name + "\" has successfully progressed.");
        } else {
            boolean moved = Client.number(deployment.object("status"), "observedGeneration", -1)
                            != Client.generation(deployment)
                    || !counts.equals(counts(deployment))
                    || before.isEmpty();
            String updatedAt = moved ? client.nowText() : before.text("lastUpdateTime", client.nowText());
            deadline = Instant.parse(updatedAt)
                    .plusSeconds(Client.number(deployment.object("spec"), "progressDeadlineSeconds", 600));
            boolean wasLate = !moved && before.text("reason", "").equals("ProgressDeadlineExceeded");
            boolean late = wasLate || !client.now().isBefore(deadline);
            progressing = late
                    ? condition(
                            deployment,
                            "Progressing",
                            false,
                            "ProgressDeadlineExceeded",
                            "ReplicaSet \"" + name + "\" has timed out progressing.")
                    : condition(
                                    deployment,
                                    "Progressing",
                                    true,
                                    "ReplicaSetUpdated",
                                    "ReplicaSet \"" + name + "\" is progressing.")
                            .with("lastUpdateTime", Json.of(updatedAt));
            deadline = late ? null : deadline;
        }
        return new Progress(JsonArray.of(availableNow, progressing), deadline);
    }

    private static String counts(JsonObject deployment) {
        JsonObject status = deployment.object("status");
        return Client.number(status, "updatedReplicas", 0) + "/" + Client.number(status, "replicas", 0) + "/"
                + Client.number(status, "availableReplicas", 0);
    }

    private JsonObject condition(JsonObject object, String type, boolean on, String reason, String message) {
        JsonObject before = Client.condition(object, type);
        String status = on ? "True" : "False";
        boolean same = before.text("status", "").equals(status);
        boolean unchanged = same
                && before.text("reason", "").equals(reason)
                && before.text("message", "").equals(message);
        return JsonObject.builder()
                .put(
                        "lastTransitionTime",
                        same ? before.text("lastTransitionTime", client.nowText()) : client.nowText())
                .put("lastUpdateTime", unchanged ? before.text("lastUpdateTime", client.nowText()) : client.nowText())
                .put("message", message)
                .put("reason", reason)
                .put("status", status)
                .put("type", type)
                .build();
    }
}
