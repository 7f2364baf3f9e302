package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletion of pods that PodDisruptionBudgets may forbid. How many disruptions a budget allows is counted at once, from the pods
 * that it selects; in a real cluster a controller counts and writes {@code status}.
 */
final class Evictions {
    private static final Set<String> NOT_COUNTED = Set.of("Pending", "Succeeded", "Failed");

    private final ServerState server;
    private final Deletes deletes;

    Evictions(ServerState server, Deletes deletes) {
        this.server = server;
        this.deletes = deletes;
    }

    ApiResponse evict(WriteContext write) {
        String namespace = write.request.ref().namespace();
        JsonObject pod =
                server.store.get(write.type, namespace, write.request.ref().name());
        if (pod != null && isCounted(pod)) {
            allow(write.type, namespace, pod);
        }
        return deletes.delete(write);
    }

    /** What has not started or has ended, and what goes anyway, is evicted without asking. */
    private static boolean isCounted(JsonObject pod) {
        return !NOT_COUNTED.contains(pod.object("status").text("phase", ""))
                && !pod.object("metadata").has("deletionTimestamp");
    }

    private void allow(ResourceType pods, String namespace, JsonObject pod) {
        List<JsonObject> budgets = budgets(namespace, pod);
        if (budgets.size() > 1) {
            throw Refusals.internal(
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        if (budgets.isEmpty()) {
            return;
        }
        JsonObject budget = budgets.get(0);
        JsonObject spec = budget.object("spec");
        LabelSelector selector = selector(spec);
        int expected = 0;
        int healthy = 0;
        for (JsonObject other : objects(pods, namespace)) {
            if (selector != null && selector.matches(other.object("metadata").object("labels")) && isCounted(other)) {
                expected++;
                healthy += isReady(other) ? 1 : 0;
            }
        }
        int wanted = spec.has("maxUnavailable")
                ? expected - share(spec.get("maxUnavailable"), expected)
                : share(spec.get("minAvailable"), expected);
        boolean alwaysIfUnready = spec.text("unhealthyPodEvictionPolicy", "").equals("AlwaysAllow");
        boolean free = isReady(pod) ? healthy > wanted : alwaysIfUnready || healthy >= wanted;
        if (!free) {
            throw Refusals.of(
                    429,
                    "TooManyRequests",
                    "Cannot evict pod as it would violate the pod's disruption budget.",
                    JsonObject.of(
                            "causes",
                            JsonArray.of(JsonObject.of(
                                    "reason",
                                    Json.of("DisruptionBudget"),
                                    "message",
                                    Json.of("The disruption budget "
                                            + budget.object("metadata").text("name", "") + " needs " + wanted
                                            + " healthy pods and has " + healthy + " currently")))));
        }
    }

    private List<JsonObject> budgets(String namespace, JsonObject pod) {
        ResourceType type = server.types.named("policy", "poddisruptionbudgets");
        List<JsonObject> matching = new ArrayList<>();
        for (JsonObject budget : type == null ? List.<JsonObject>of() : objects(type, namespace)) {
            LabelSelector selector = selector(budget.object("spec"));
            if (selector != null && selector.matches(pod.object("metadata").object("labels"))) {
                matching.add(budget);
            }
        }
        return matching;
    }

    private List<JsonObject> objects(ResourceType type, String namespace) {
        List<JsonObject> objects = new ArrayList<>();
        server.store.of(type).objects().forEach((key, object) -> {
            if (key.namespace().equals(namespace)) {
                objects.add(object);
            }
        });
        return objects;
    }

    private static @Nullable LabelSelector selector(JsonObject spec) {
        return spec.has("selector") ? LabelSelector.of(spec.object("selector")).orNull() : null;
    }

    private static boolean isReady(JsonObject pod) {
        return Checks.objects(pod.object("status").array("conditions")).stream()
                .anyMatch(condition -> condition.text("type", "").equals("Ready")
                        && condition.text("status", "").equals("True"));
    }

    /** A number or a percentage, rounded up. */
    private static int share(@Nullable Json value, int of) {
        if (value instanceof JsonNumber number) {
            return number.intValueOr(0);
        }
        String text = value == null ? null : value.textOrNull();
        if (text == null || !text.endsWith("%")) {
            return 0;
        }
        String percent = text.substring(0, text.length() - 1);
        return percent.isEmpty() || percent.length() > 4 || !percent.chars().allMatch(Character::isDigit)
                ? 0
                : (of * Integer.parseInt(percent) + 99) / 100;
    }
}
