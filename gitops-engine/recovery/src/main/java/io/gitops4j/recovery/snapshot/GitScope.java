package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.diff.DiffEngine;
import io.gitops4j.diff.DiffResult;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The usual scope: what the Applications bring is left to Git, unless it has drifted; a drifted object is kept in its live form.
 */
public final class GitScope implements SnapshotScope {
    private final DiffEngine diff;
    private final Map<ResourceKey, Wanted> wanted = new LinkedHashMap<>();

    private record Wanted(String app, JsonObject object) {}

    /** A scope that compares with this engine. */
    public GitScope(DiffEngine diff) {
        this.diff = diff;
    }

    /** Adds what an Application brings, with namespaces filled in. */
    public GitScope application(String app, List<JsonObject> objects) {
        objects.forEach(object -> wanted.put(ObjectRef.of(object).key(), new Wanted(app, object)));
        return this;
    }

    @Override
    public Optional<String> heldByGit(JsonObject live) {
        Wanted known = wanted.get(ObjectRef.of(live).key());
        if (known == null) {
            return Optional.empty();
        }
        DiffResult result = diff.diff(known.object(), live).orNull();
        return result == null || result.drifted() ? Optional.empty() : Optional.of(known.app());
    }
}
