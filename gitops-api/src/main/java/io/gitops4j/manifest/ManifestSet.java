package io.gitops4j.manifest;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Manifests in order, no two with one {@link ResourceKey}. */
public final class ManifestSet implements Iterable<Manifest> {
    private static final ManifestSet EMPTY = new ManifestSet(new LinkedHashMap<>());

    private final Map<ResourceKey, Manifest> byKey;
    private int hash;

    private ManifestSet(Map<ResourceKey, Manifest> byKey) {
        this.byKey = byKey;
    }

    /** The set of nothing. */
    public static ManifestSet empty() {
        return EMPTY;
    }

    /**
     * The manifests in the order given. Two of one key are a problem {@code MANIFEST_DUPLICATE} that names both origins;
     * objects with generateName only are never duplicates.
     */
    public static Outcome<ManifestSet> of(List<Manifest> manifests) {
        Map<ResourceKey, Manifest> byKey = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        int unnamed = 0;
        for (Manifest manifest : manifests) {
            ResourceKey key = manifest.name().isEmpty()
                    ? new ResourceKey(
                            manifest.key().group(),
                            manifest.kind(),
                            manifest.namespace(),
                            manifest.metadata().text("generateName", "") + "*" + unnamed++)
                    : manifest.key();
            Manifest first = byKey.putIfAbsent(key, manifest);
            if (first != null) {
                problems.add(Problem.error(
                                "MANIFEST_DUPLICATE",
                                key + " is defined twice: in " + first.origin() + " and in " + manifest.origin())
                        .at(manifest.origin().where())
                        .hint("remove one of the two, or rename it"));
            }
        }
        return problems.isEmpty() ? Outcome.of(new ManifestSet(byKey)) : Outcome.failed(problems);
    }

    /** The manifest of {@code key}, or {@code null}. */
    public @Nullable Manifest get(ResourceKey key) {
        return byKey.get(key);
    }

    /** Whether there is a manifest of {@code key}. */
    public boolean has(ResourceKey key) {
        return byKey.containsKey(key);
    }

    /** The manifests in order. */
    public List<Manifest> manifests() {
        return List.copyOf(byKey.values());
    }

    /** The keys in order. */
    public List<ResourceKey> keys() {
        return List.copyOf(byKey.keySet());
    }

    /** How many there are. */
    public int size() {
        return byKey.size();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    @Override
    public Iterator<Manifest> iterator() {
        return manifests().iterator();
    }

    /** Same manifests in the same order. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ManifestSet that
                        && hashCode() == that.hashCode()
                        && manifests().equals(that.manifests()));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = manifests().hashCode() | 1;
            hash = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return byKey.keySet().toString();
    }
}
