package io.gitops4j.health;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.Health.Status;
import io.gitops4j.health.internal.Verdict;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.HealthCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The health of an application: the worst of its resources, with what made it so.
 *
 * @param health status, and a message naming at most three causes
 * @param resources the health of every resource that has one, in the order given
 * @param causes every resource that is not healthy, worst first, then as given
 * @param error why a resource could not be judged, {@code ""} when all could
 */
public record ApplicationHealth(
        Health health, Map<ResourceKey, Health> resources, List<HealthCause> causes, String error) {
    private static final int NAMED_CAUSES = 3;
    private static final Comparator<HealthCause> WORST_FIRST =
            Comparator.comparing((HealthCause cause) -> cause.health().status()).reversed();
    private static final String HOOK = "argocd.argoproj.io/hook";
    private static final String HELM_HOOK = "helm.sh/hook";
    private static final String IGNORE = "argocd.argoproj.io/ignore-healthcheck";

    /** Copies of the collections are kept. */
    public ApplicationHealth {
        resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
        causes = List.copyOf(causes);
    }

    /**
     * One resource of an application.
     *
     * @param key group, kind, namespace, name
     * @param live the object in the cluster, {@code null} when it is missing
     * @param target the object in Git, {@code null} when it is not there
     */
    public record Resource(
            ResourceKey key,
            @Nullable JsonObject live,
            @Nullable JsonObject target) {}

    /**
     * The health over {@code resources} of the application {@code app}. Hooks, objects whose health is ignored by annotation, the
     * application itself, kinds without a check, and child applications that are missing or unknown do not count; a missing resource
     * counts only when all are missing.
     */
    public static ApplicationHealth of(ResourceKey app, List<Resource> resources, HealthChecks checks) {
        return judged(app, resources, checks::judge);
    }

    /** The same with another check. */
    public static ApplicationHealth of(ResourceKey app, List<Resource> resources, HealthCheck check) {
        return check instanceof HealthChecks own
                ? of(app, resources, own)
                : judged(app, resources, live -> check.assess(live).map(health -> new Verdict(health, false)));
    }

    private static ApplicationHealth judged(
            ResourceKey app, List<Resource> resources, Function<JsonObject, Optional<Verdict>> checks) {
        Map<ResourceKey, Health> each = new LinkedHashMap<>();
        List<HealthCause> causes = new ArrayList<>();
        String error = "";
        Status worst = Status.HEALTHY;
        boolean allMissing = !resources.isEmpty();
        for (Resource resource : resources) {
            if (isLeftOut(resource)) {
                allMissing = false;
                continue;
            }
            Optional<Verdict> verdict = verdict(app, resource, checks);
            allMissing &= resource.live() == null;
            if (verdict.isEmpty()) {
                continue;
            }
            Health health = verdict.get().health();
            each.put(resource.key(), health);
            if (verdict.get().error()) {
                error = failure(resource.key(), health);
            }
            if (health.status() != Status.HEALTHY) {
                causes.add(new HealthCause(resource.key(), health, below(resource)));
            }
            if (counts(resource.key(), health.status()) && HealthChecks.isWorse(worst, health.status())) {
                worst = health.status();
            }
        }
        worst = allMissing ? Status.MISSING : worst;
        causes.sort(WORST_FIRST);
        return new ApplicationHealth(new Health(worst, message(worst, causes)), each, causes, error);
    }

    private static Optional<Verdict> verdict(
            ResourceKey app, Resource resource, Function<JsonObject, Optional<Verdict>> checks) {
        JsonObject live = resource.live();
        if (live == null) {
            return Optional.of(new Verdict(new Health(Status.MISSING, ""), false));
        }
        ResourceKey key = resource.key();
        boolean self = isApplication(key)
                && key.name().equals(app.name())
                && key.namespace().equals(app.namespace());
        return self ? Optional.empty() : checks.apply(live);
    }

    /** What a child application says of its own resources. */
    private static List<HealthCause> below(Resource resource) {
        List<HealthCause> causes = new ArrayList<>();
        JsonObject live = resource.live();
        if (live == null || !isApplication(resource.key())) {
            return causes;
        }
        for (Json each : live.object("status").array("resources")) {
            JsonObject child = each instanceof JsonObject object ? object : JsonObject.empty();
            String wire = child.object("health").text("status", "");
            for (Status status : Status.values()) {
                if (status != Status.HEALTHY && status.wire().equals(wire)) {
                    ResourceKey key = new ResourceKey(
                            child.text("group", ""),
                            child.text("kind", ""),
                            child.text("namespace", ""),
                            child.text("name", ""));
                    causes.add(new HealthCause(
                            key, new Health(status, child.object("health").text("message", ""))));
                }
            }
        }
        causes.sort(WORST_FIRST);
        return causes;
    }

    private static boolean isLeftOut(Resource resource) {
        return isLeftOut(resource.live()) || isLeftOut(resource.target());
    }

    private static boolean isLeftOut(@Nullable JsonObject object) {
        if (object == null) {
            return false;
        }
        JsonObject annotations = object.object("metadata").object("annotations");
        return annotations.has(HOOK) || annotations.has(HELM_HOOK) || "true".equals(annotations.text(IGNORE));
    }

    private static boolean isApplication(ResourceKey key) {
        return key.group().equals("argoproj.io") && key.kind().equals("Application");
    }

    private static boolean counts(ResourceKey key, Status status) {
        return status != Status.MISSING && !(status == Status.UNKNOWN && isApplication(key));
    }

    private static String message(Status worst, List<HealthCause> causes) {
        if (worst == Status.HEALTHY || worst == Status.MISSING) {
            return "";
        }
        List<String> named = new ArrayList<>();
        for (HealthCause cause : causes) {
            if (cause.health().status() == worst && counts(cause.resource(), worst) && named.size() < NAMED_CAUSES) {
                named.add(cause.title());
            }
        }
        return "Caused by " + String.join(", ", named);
    }

    private static String failure(ResourceKey key, Health health) {
        return "failed to get resource health for \"" + key.kind() + "\" with name \"" + key.name()
                + "\" in namespace \"" + key.namespace() + "\": " + health.message();
    }
}
