package io.gitops4j.appset;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What generators read: clusters, repositories, and whatever a caller plugs in. */
public interface GeneratorSources {

    /**
     * A cluster that is registered.
     *
     * @param labels of its registration
     * @param annotations of its registration
     */
    record ClusterEntry(String name, String server, String project, JsonObject labels, JsonObject annotations) {}

    /** The registered clusters, in any order. */
    List<ClusterEntry> clusters();

    /** The files of a repository at a revision. */
    Outcome<SourceTree> tree(String repoUrl, String revision);

    /**
     * The parameter sets of a generator that this library does not know: {@code scmProvider}, {@code pullRequest},
     * {@code clusterDecisionResource}, {@code plugin}.
     *
     * @param type its name
     * @param generator its body
     */
    default Outcome<List<JsonObject>> external(String type, JsonObject generator) {
        return Outcome.failed(Problem.error("APPSET_GENERATOR", "no source is plugged in for generator " + type));
    }

    /**
     * What is plugged in for the generators that ask someone else; {@code null} where {@link #external} answers them instead.
     */
    default @Nullable ExternalGenerators externals() {
        return null;
    }
}
