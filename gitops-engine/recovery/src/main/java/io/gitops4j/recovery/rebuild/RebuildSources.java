package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects of a rebuild come from: Git, and only where Git does not answer and it is allowed, the renders that a snapshot
 * kept. Source: secrets-dr-security §4.7 DR40.
 */
public final class RebuildSources {
    private final List<RebuildTarget> targets = new ArrayList<>();
    private final Map<String, Problem> unavailable = new LinkedHashMap<>();
    private final List<Problem> notes = new ArrayList<>();
    private final @Nullable CachedRenders cache;

    private RebuildSources(@Nullable CachedRenders cache) {
        this.cache = cache;
    }

    /** Git alone. */
    public static RebuildSources gitOnly() {
        return new RebuildSources(null);
    }

    /** Git, and a snapshot's renders where Git does not answer. */
    public static RebuildSources allowingCachedRenders(CachedRenders cache) {
        return new RebuildSources(cache);
    }

    /** Adds an Application as Git has it, or the kept render, or the reason why there is neither. */
    public RebuildSources add(String application, Outcome<RebuildTarget> fromGit) {
        RebuildTarget target = fromGit.orNull();
        if (target != null) {
            targets.add(target);
            return this;
        }
        Problem reason = fromGit.errors().get(0);
        Outcome<RebuildTarget> kept = cache == null ? fromGit : cache.target(application);
        RebuildTarget cached = kept.orNull();
        if (cached == null) {
            unavailable.put(application, cache == null ? reason : kept.errors().get(0));
            notes.add(reason);
            return this;
        }
        targets.add(cached);
        notes.add(Problem.warning(
                "CACHED_RENDER",
                application + " comes from the render of " + cached.cachedRevision() + ", since Git does not answer: "
                        + reason.text()));
        notes.addAll(kept.problems());
        return this;
    }

    /** Adds all that a snapshot kept, for the case that not even the list of Applications can be read. */
    public RebuildSources addAllCached(Problem reason) {
        if (cache == null) {
            throw new IllegalStateException("cached renders are not allowed");
        }
        cache.applications().forEach(application -> add(application, Outcome.failed(reason)));
        return this;
    }

    /** What did not come from Git and why, as warnings; what cannot be had at all, as errors. */
    public List<Problem> notes() {
        return List.copyOf(notes);
    }

    /** The plan for what there is; see {@link RebuildPlan#of(List, List, Map)}. */
    public Outcome<RebuildPlan> plan(List<JsonObject> keys) {
        return RebuildPlan.of(targets, keys, unavailable);
    }
}
