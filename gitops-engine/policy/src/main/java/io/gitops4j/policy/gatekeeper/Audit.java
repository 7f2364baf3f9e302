package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Audits again and again, looking only at objects that changed since. A result is kept as long as the object, its Namespace and the
 * policies are equal, and, where a policy refers to other objects, those too. What is kept grows with the violations, not with objects
 * times constraints. Not thread-safe.
 */
public final class Audit {
    private Map<ResourceKey, Kept> kept = new LinkedHashMap<>();
    private @Nullable Gatekeeper last;
    private int reviewed;

    /** What was found about an object. */
    private record Kept(JsonObject body, @Nullable JsonObject namespace, List<Violation> violations) {}

    /** What the constraints of {@code client} have against all objects, as {@link Gatekeeper#audit} says it. */
    public List<Violation> run(Gatekeeper client, ManifestSet objects) {
        Gatekeeper before = last;
        boolean sameRules = before != null && (before == client || client.judgesAs(before));
        Map<ResourceKey, Kept> now = new LinkedHashMap<>();
        List<Violation> all = new ArrayList<>();
        reviewed = 0;
        for (Manifest manifest : objects) {
            JsonObject namespace = client.namespaceOf(manifest.body());
            Kept old = sameRules && !manifest.name().isEmpty() ? kept.get(manifest.key()) : null;
            boolean same = old != null
                    && (old.body() == manifest.body() || old.body().equals(manifest.body()))
                    && java.util.Objects.equals(old.namespace(), namespace);
            Kept result = same && old != null ? old : review(client, manifest.body(), namespace);
            now.put(manifest.key(), result);
            all.addAll(result.violations());
        }
        kept = now;
        last = client;
        return List.copyOf(all);
    }

    private Kept review(Gatekeeper client, JsonObject body, @Nullable JsonObject namespace) {
        reviewed++;
        return new Kept(body, namespace, client.review(body));
    }

    /** How many objects the last run had to look at. */
    public int reviewed() {
        return reviewed;
    }
}
