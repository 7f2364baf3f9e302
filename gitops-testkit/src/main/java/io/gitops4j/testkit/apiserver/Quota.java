package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses what would exceed a ResourceQuota of the namespace: numbers of objects, and requests and limits of pods. */
final class Quota {
    private final ServerState server;

    Quota(ServerState server) {
        this.server = server;
    }

    void check(WriteContext write, @Nullable JsonObject old, JsonObject object) {
        ResourceType quotas = server.types.named("", "resourcequotas");
        if (old != null
                || !write.type.namespaced()
                || quotas == null
                || server.store.of(quotas).objects().isEmpty()) {
            return;
        }
        String namespace = object.object("metadata").text("namespace", "");
        for (var entry : List.copyOf(server.store.of(quotas).objects().entrySet())) {
            if (entry.getKey().namespace().equals(namespace)) {
                check(write, entry.getKey(), entry.getValue(), object);
            }
        }
    }

    private void check(WriteContext write, ObjectKey key, JsonObject quota, JsonObject object) {
        JsonObject hard = quota.object("spec").object("hard");
        JsonObject used = quota.object("status").object("used");
        List<String> requested = new ArrayList<>();
        List<String> before = new ArrayList<>();
        List<String> limited = new ArrayList<>();
        boolean concerned = false;
        for (int i = 0; i < hard.size(); i++) {
            String name = hard.keyAt(i);
            Quantity asked = amount(write.type, name, object);
            Quantity limit = Quantity.of(hard.valueAt(i)).orNull();
            if (asked == null || limit == null) {
                continue;
            }
            concerned = true;
            Quantity sum = usage(write.type, name, key.namespace());
            if (sum.plus(asked).compareTo(limit) > 0) {
                requested.add(name + "=" + asked);
                before.add(name + "=" + sum);
                limited.add(name + "=" + limit);
            }
            used = used.with(name, Json.of(sum.plus(asked).toString()));
        }
        if (!requested.isEmpty()) {
            throw Refusals.forbidden(
                    write.type,
                    object.object("metadata").text("name", ""),
                    "exceeded quota: " + key.name() + ", requested: " + String.join(",", requested) + ", used: "
                            + String.join(",", before) + ", limited: " + String.join(",", limited));
        }
        if (concerned && !write.isDryRun()) {
            ResourceType quotas = server.types.named("", "resourcequotas");
            JsonObject status = quota.object("status").with("hard", hard).with("used", used);
            if (quotas != null) {
                server.put(quotas, key, quota, quota.with("status", status));
            }
        }
    }

    private Quantity usage(ResourceType type, String name, String namespace) {
        Quantity sum = Quantity.parse("0").orThrow();
        for (var entry : server.store
                .of(type)
                .objects()
                .tailMap(new ObjectKey(namespace, ""), true)
                .entrySet()) {
            if (!entry.getKey().namespace().equals(namespace)) {
                break;
            }
            Quantity each = amount(type, name, entry.getValue());
            sum = each == null ? sum : sum.plus(each);
        }
        return sum;
    }

    /** What one object counts for; {@code null} when the quota does not concern its kind. */
    private static @Nullable Quantity amount(ResourceType type, String name, JsonObject object) {
        String resource = type.qualifiedResource();
        if (name.equals(type.group().isEmpty() ? type.plural() : "") || name.equals("count/" + resource)) {
            return Quantity.parse("1").orThrow();
        }
        if (!resource.equals("pods")) {
            return null;
        }
        String part = name.startsWith("limits.") ? "limits" : "requests";
        String what = name.startsWith("limits.") || name.startsWith("requests.")
                ? name.substring(name.indexOf('.') + 1)
                : name;
        if (!what.equals("cpu") && !what.equals("memory") && !what.equals("ephemeral-storage")) {
            return null;
        }
        Quantity sum = Quantity.parse("0").orThrow();
        for (JsonObject container : Checks.objects(object.object("spec").array("containers"))) {
            Json value = container.object("resources").object(part).get(what);
            Quantity each = value == null ? null : Quantity.of(value).orNull();
            sum = each == null ? sum : sum.plus(each);
        }
        return sum;
    }
}
