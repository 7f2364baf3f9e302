package io.gitops4j.engine;

import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Outcome;
import java.util.List;
import java.util.function.Function;

/** Changes what was rendered by the mutations that the host asked for. */
final class Mutations {
    private Mutations() {}

    static Outcome<RenderedApplication> apply(
            RenderedApplication rendered, List<Function<ManifestSet, Outcome<ManifestSet>>> mutations) {
        Outcome<ManifestSet> objects = ManifestSet.of(rendered.manifests());
        for (Function<ManifestSet, Outcome<ManifestSet>> mutation : mutations) {
            objects = objects.then(mutation);
        }
        return objects.map(changed -> new RenderedApplication(
                rendered.application(), changed.manifests(), rendered.revisions(), rendered.filesRead()));
    }
}
