package io.gitops4j.benchmarks;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Deployments of an ordinary size (some 60 fields), all different. */
final class Deployments {
    private Deployments() {}

    static List<JsonObject> make(int count) {
        List<JsonObject> out = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            out.add(make("app-" + i, "ns-" + i % 100, i));
        }
        return out;
    }

    private static JsonObject make(String name, String namespace, int seed) {
        JsonObject labels = JsonObject.builder()
                .put("app.kubernetes.io/name", name)
                .put("app.kubernetes.io/part-of", "team-" + seed % 40)
                .put("tier", seed % 2 == 0 ? "web" : "worker")
                .build();
        JsonArray.Builder env = JsonArray.builder();
        for (int i = 0; i < 10; i++) {
            env.add(JsonObject.of("name", Json.of("VAR_" + i), "value", Json.of("value " + seed + "-" + i)));
        }
        JsonObject resources = JsonObject.builder()
                .put("limits", JsonObject.of("cpu", Json.of("500m"), "memory", Json.of("512Mi")))
                .put("requests", JsonObject.of("cpu", Json.of("100m"), "memory", Json.of("128Mi")))
                .build();
        JsonObject container = JsonObject.builder()
                .put("name", "main")
                .put("image", "images.example/team-" + seed % 40 + "/app:1." + seed % 9)
                .put("args", JsonArray.of(Json.of("--listen=:8080"), Json.of("--name=" + name)))
                .put("env", env.build())
                .put("ports", JsonArray.of(JsonObject.of("containerPort", Json.of(8080), "name", Json.of("http"))))
                .put("resources", resources)
                .build();
        JsonObject template = JsonObject.of(
                "metadata",
                JsonObject.of("labels", labels),
                "spec",
                JsonObject.of("containers", JsonArray.of(container), "terminationGracePeriodSeconds", Json.of(30)));
        JsonObject spec = JsonObject.builder()
                .put("replicas", seed % 5 + 1)
                .put("revisionHistoryLimit", 5)
                .put("selector", JsonObject.of("matchLabels", labels))
                .put("template", template)
                .build();
        JsonObject metadata = JsonObject.builder()
                .put("name", name)
                .put("namespace", namespace)
                .put("labels", labels)
                .put("annotations", JsonObject.of("team.example/revision", Json.of("r" + seed)))
                .build();
        return JsonObject.builder()
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("metadata", metadata)
                .put("spec", spec)
                .build();
    }
}
