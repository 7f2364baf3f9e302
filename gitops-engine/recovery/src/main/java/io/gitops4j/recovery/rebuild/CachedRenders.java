package io.gitops4j.recovery.rebuild;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.snapshot.RenderEntry;
import io.gitops4j.recovery.snapshot.SecretOpener;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotReader;
import io.gitops4j.recovery.snapshot.VerifyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the newest snapshot kept of the renders of Applications: stands in where Git cannot be reached. */
public final class CachedRenders {
    private final SnapshotReader reader;
    private final Map<String, RenderEntry> entries = new TreeMap<>();

    private CachedRenders(SnapshotReader reader, List<RenderEntry> renders) {
        this.reader = reader;
        renders.forEach(render -> entries.put(render.app(), render));
    }

    /**
     * The renders of the newest snapshot.
     *
     * @return the problems of {@link SnapshotChain#verify()} for a store that is not as it was written
     */
    public static Outcome<CachedRenders> of(SnapshotChain chain, @Nullable SecretOpener opener) {
        VerifyResult verified = chain.verify();
        if (!verified.ok()) {
            return Outcome.failed(
                    verified.problems().stream().filter(Problem::isError).toList());
        }
        return chain.head().map(manifest -> new CachedRenders(new SnapshotReader(chain, opener), manifest.renders()));
    }

    /** The Applications that there are renders of. */
    public List<String> applications() {
        return List.copyOf(entries.keySet());
    }

    /**
     * An Application as it was rendered, marked as such. Problems: {@code NO_CACHED_RENDER}, {@code NO_IDENTITY} and others of the
     * cipher; a warning {@code RENDER_WITHOUT_SECRETS}.
     */
    public Outcome<RebuildTarget> target(String application) {
        RenderEntry entry = entries.get(application);
        if (entry == null) {
            return Outcome.failed(
                    Problem.error("NO_CACHED_RENDER", "the newest snapshot holds no render of " + application));
        }
        List<Problem> warnings = new ArrayList<>();
        if (entry.leftOut() > 0) {
            warnings.add(Problem.warning(
                    "RENDER_WITHOUT_SECRETS",
                    "the kept render of " + application + " lacks " + entry.leftOut() + " Secrets"));
        }
        return reader.read(entry)
                .then(objects -> Outcome.of(
                        new RebuildTarget(application, entry.namespace(), entry.dependsOn(), objects, entry.revision()),
                        warnings));
    }
}
