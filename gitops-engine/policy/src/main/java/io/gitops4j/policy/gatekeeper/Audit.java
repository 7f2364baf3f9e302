package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.Violation;
import io.gitops4j.spi.TaskRunner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Audits again and again, looking only at objects that changed since. A result is kept as long as the object, its Namespace and the
 * policies are equal, and, where a policy refers to other objects, those too. What is kept grows with the violations, not with objects
 * times constraints. Not thread-safe itself; what there is to look at may be spread over threads by a {@link TaskRunner}.
 */
public final class Audit {
    private Map<ResourceKey, Kept> kept = new LinkedHashMap<>();
    private @Nullable Gatekeeper last;
    private int reviewed;

    /** What was found about an object. */
    private record Kept(JsonObject body, @Nullable JsonObject namespace, List<Violation> violations) {

        static Kept of(Gatekeeper client, JsonObject body) {
            return new Kept(body, client.namespaceOf(body), client.review(body));
        }
    }

    /** What the constraints of {@code client} have against all objects, as {@link Gatekeeper#audit(ManifestSet)} says it. */
    public List<Violation> run(Gatekeeper client, ManifestSet objects) {
        return run(client, objects, TaskRunner.sequential());
    }

    /** As {@link #run(Gatekeeper, ManifestSet)}, spread over what {@code tasks} has; the answer is the same for every runner. */
    public List<Violation> run(Gatekeeper client, ManifestSet objects, TaskRunner tasks) {
        Gatekeeper before = last;
        boolean sameRules = before != null && (before == client || client.judgesAs(before));
        List<Manifest> manifests = objects.manifests();
        List<@Nullable Kept> known = new ArrayList<>();
        List<Manifest> fresh = new ArrayList<>();
        for (Manifest manifest : manifests) {
            Kept old = sameRules && !manifest.name().isEmpty() ? kept.get(manifest.key()) : null;
            boolean same = old != null
                    && (old.body() == manifest.body() || old.body().equals(manifest.body()))
                    && Objects.equals(old.namespace(), client.namespaceOf(manifest.body()));
            known.add(same ? old : null);
            if (!same) {
                fresh.add(manifest);
            }
        }
        List<Kept> found = reviewed(client, fresh, tasks);
        Map<ResourceKey, Kept> now = new LinkedHashMap<>();
        List<Violation> all = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < manifests.size(); i++) {
            Kept old = known.get(i);
            Kept result = old == null ? found.get(next++) : old;
            now.put(manifests.get(i).key(), result);
            all.addAll(result.violations());
        }
        kept = now;
        last = client;
        reviewed = fresh.size();
        return List.copyOf(all);
    }

    private static List<Kept> reviewed(Gatekeeper client, List<Manifest> fresh, TaskRunner tasks) {
        List<Supplier<List<Kept>>> work = new ArrayList<>();
        for (int from = 0; from < fresh.size(); from += Gatekeeper.PIECE) {
            List<Manifest> some = fresh.subList(from, Math.min(from + Gatekeeper.PIECE, fresh.size()));
            work.add(() -> some.stream()
                    .map(manifest -> Kept.of(client, manifest.body()))
                    .toList());
        }
        List<Kept> results = new ArrayList<>(fresh.size());
        tasks.<List<Kept>>run(work, results::addAll);
        return results;
    }

    /** How many objects the last run had to look at. */
    public int reviewed() {
        return reviewed;
    }
}
