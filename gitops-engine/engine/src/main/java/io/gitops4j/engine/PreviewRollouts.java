package io.gitops4j.engine;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which rollouts a change starts: those whose pods change, by their own template or by that of the workload they refer to. */
final class PreviewRollouts {
    private PreviewRollouts() {}

    static List<String> starting(Map<ResourceKey, Manifest> was, Map<ResourceKey, Manifest> is) {
        List<String> starting = new ArrayList<>();
        is.forEach((key, manifest) -> {
            JsonObject now = manifest.body();
            Manifest before = was.get(key);
            JsonObject old = before == null ? null : before.body();
            if (!key.kind().equals("Rollout") || !key.group().equals("argoproj.io") || old == null) {
                return;
            }
            if (!Objects.equals(template(key, old, was), template(key, now, is))) {
                starting.add(key + ", " + way(now.object("spec").object("strategy")));
            }
        });
        return List.copyOf(starting);
    }

    private static @Nullable Json template(ResourceKey key, JsonObject rollout, Map<ResourceKey, Manifest> objects) {
        JsonObject spec = rollout.object("spec");
        JsonObject workload = spec.object("workloadRef");
        if (workload.isEmpty()) {
            return spec.get("template");
        }
        String apiVersion = workload.text("apiVersion", "");
        int slash = apiVersion.indexOf('/');
        Manifest referred = objects.get(new ResourceKey(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                workload.text("kind", ""),
                key.namespace(),
                workload.text("name", "")));
        return referred == null ? null : referred.body().object("spec").get("template");
    }

    private static String way(JsonObject strategy) {
        if (strategy.get("blueGreen") instanceof JsonObject) {
            return "blue-green";
        }
        List<String> steps = new ArrayList<>();
        for (Json item : strategy.object("canary").array("steps")) {
            if (item instanceof JsonObject step && step.size() > 0) {
                String name = step.keyAt(0);
                Json value = step.valueAt(0);
                steps.add(value instanceof JsonObject ? name : name + " " + value.toJson());
            }
        }
        return "canary" + (steps.isEmpty() ? " without steps" : ": " + String.join(", ", steps));
    }
}
