package io.gitops4j.conformance.health;

import io.gitops4j.cluster.Health;
import io.gitops4j.health.ApplicationHealth;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Our answer to one case, by its sub-family. */
final class HealthAnswers {
    private HealthAnswers() {}

    static Json answer(String family, JsonObject in) {
        try {
            return switch (family) {
                case "health-builtin" -> builtin(in.object("object"));
                case "health-custom" -> custom(in.object("object"));
                case "health-worse" -> worse(in);
                case "apphealth" -> application(in);
                case "action-discovery" -> ActionAnswers.discovery(in.object("object"));
                case "action" -> ActionAnswers.run(in);
                default -> JsonObject.of("crash", Json.of("unknown family " + family));
            };
        } catch (RuntimeException | StackOverflowError e) {
            return JsonObject.of("crash", Json.of(String.valueOf(e)));
        }
    }

    private static Json builtin(JsonObject object) {
        HealthChecks checks = HealthChecks.builtIn();
        Optional<Health> health = checks.assess(object);
        Optional<String> error = checks.error(object);
        return JsonObject.builder()
                .put("error", text(error.orElse(null)))
                .putIfPresent("message", health.map(Health::message).orElse(null))
                .put("status", text(health.map(each -> each.status().wire()).orElse(null)))
                .build();
    }

    private static Json custom(JsonObject object) {
        Optional<Health> health = HealthChecks.standardRules().assess(object);
        return JsonObject.builder()
                .put("message", health.map(Health::message).orElse(""))
                .put("status", text(health.map(each -> each.status().wire()).orElse(null)))
                .build();
    }

    private static Json worse(JsonObject in) {
        return JsonObject.of(
                "worse", Json.of(HealthChecks.isWorse(status(in.text("current", "")), status(in.text("new", "")))));
    }

    private static Health.Status status(String wire) {
        for (Health.Status status : Health.Status.values()) {
            if (status.wire().equals(wire)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no health status: " + wire);
    }

    private static Json application(JsonObject in) {
        JsonObject app = in.object("app");
        ResourceKey key =
                new ResourceKey("argoproj.io", "Application", app.text("namespace", ""), app.text("name", ""));
        List<ApplicationHealth.Resource> resources = new ArrayList<>();
        for (Json each : in.array("resources")) {
            JsonObject resource = (JsonObject) each;
            resources.add(new ApplicationHealth.Resource(
                    new ResourceKey(
                            resource.text("group", ""),
                            resource.text("kind", ""),
                            resource.text("namespace", ""),
                            resource.text("name", "")),
                    object(resource.get("live")),
                    object(resource.get("target"))));
        }
        ApplicationHealth health = ApplicationHealth.of(key, resources, HealthChecks.standard());
        JsonArray.Builder each = JsonArray.builder();
        for (ApplicationHealth.Resource resource : resources) {
            Health own = health.resources().get(resource.key());
            each.add(
                    own == null
                            ? Json.nul()
                            : JsonObject.builder()
                                    .put("message", own.message())
                                    .put("status", own.status().wire())
                                    .build());
        }
        return JsonObject.builder()
                .put("error", text(health.error().isEmpty() ? null : health.error()))
                .put("message", health.health().message())
                .put("resources", each.build())
                .put("status", health.health().status().wire())
                .build();
    }

    private static @Nullable JsonObject object(@Nullable Json value) {
        return value instanceof JsonObject object ? object : null;
    }

    private static Json text(@Nullable String text) {
        return text == null ? Json.nul() : Json.of(text);
    }
}
