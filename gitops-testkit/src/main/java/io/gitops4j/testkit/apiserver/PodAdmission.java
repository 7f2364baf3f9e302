package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;

/** What the server's built-in admission does to a new Pod: priority and default tolerations. */
final class PodAdmission {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";

    private PodAdmission() {}

    static JsonObject create(ServerState server, JsonObject pod) {
        return Edit.into(pod, "spec", spec -> tolerations(priority(server, pod, spec)));
    }

    private static JsonObject priority(ServerState server, JsonObject pod, JsonObject spec) {
        ResourceType classes = server.types.named("scheduling.k8s.io", "priorityclasses");
        ResourceType pods = server.types.named("", "pods");
        String name = spec.text("priorityClassName", "");
        if (name.isEmpty() || classes == null || pods == null) {
            return Edit.byDefault(Edit.byDefault(spec, "priority", 0), "preemptionPolicy", "PreemptLowerPriority");
        }
        long value = 0;
        String policy = "PreemptLowerPriority";
        if (name.equals("system-cluster-critical")) {
            value = 2_000_000_000;
        } else if (name.equals("system-node-critical")) {
            value = 2_000_001_000;
        } else {
            JsonObject found = server.store.get(classes, "", name);
            if (found == null) {
                throw Refusals.forbidden(
                        pods,
                        pod.object("metadata").text("name", ""),
                        "no PriorityClass with name " + name + " was found");
            }
            value = found.get("value") instanceof JsonNumber n ? n.longValue() : 0;
            policy = found.text("preemptionPolicy", policy);
        }
        return Edit.byDefault(spec.with("priority", Json.of(value)), "preemptionPolicy", policy);
    }

    private static JsonObject tolerations(JsonObject spec) {
        JsonArray tolerations = spec.array("tolerations");
        for (String key : new String[] {NOT_READY, UNREACHABLE}) {
            if (!tolerates(tolerations, key)) {
                tolerations = tolerations.appended(JsonObject.builder()
                        .put("effect", "NoExecute")
                        .put("key", key)
                        .put("operator", "Exists")
                        .put("tolerationSeconds", 300)
                        .build());
            }
        }
        return spec.with("tolerations", tolerations);
    }

    private static boolean tolerates(JsonArray tolerations, String key) {
        for (Json each : tolerations) {
            if (each instanceof JsonObject toleration) {
                String itsKey = toleration.text("key", "");
                String effect = toleration.text("effect", "");
                if ((itsKey.equals(key) || itsKey.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@code Guaranteed} when every container's limits are its requests, {@code BestEffort} without any, else {@code Burstable}. */
    static String qosClass(JsonObject spec) {
        boolean any = false;
        boolean guaranteed = true;
        for (String list : new String[] {"containers", "initContainers"}) {
            for (Json each : spec.array(list)) {
                JsonObject resources = each instanceof JsonObject c ? c.object("resources") : JsonObject.empty();
                JsonObject limits = resources.object("limits");
                JsonObject requests = resources.object("requests");
                for (String name : new String[] {"cpu", "memory"}) {
                    Json limit = limits.get(name);
                    Json request = requests.get(name);
                    any |= limit != null || request != null;
                    guaranteed &= limit != null && (request == null || limit.equals(request));
                }
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
