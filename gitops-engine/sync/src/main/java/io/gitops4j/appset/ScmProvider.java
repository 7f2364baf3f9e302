package io.gitops4j.appset;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import java.util.List;
import java.util.Set;

/** Lists the repositories of an organization for {@code scmProvider} generators. */
@FunctionalInterface
public interface ScmProvider {

    /**
     * The repositories with their branches, one entry a branch, in any order.
     *
     * @param config the generator's block for this provider, such as {@code github}
     */
    Outcome<List<Repository>> repositories(JsonObject config);

    /**
     * A branch of a repository.
     *
     * @param id as the provider numbers it
     * @param url to clone from
     * @param sha commit of the branch
     * @param labels topics of the repository
     * @param paths files and directories that filters may ask for
     */
    record Repository(
            String organization,
            String name,
            String id,
            String url,
            String branch,
            String sha,
            List<String> labels,
            Set<String> paths) {

        /** A repository of these parts. */
        public Repository {
            labels = List.copyOf(labels);
            paths = java.util.Collections.unmodifiableSet(new java.util.TreeSet<>(paths));
        }
    }

    /** A provider that always knows these. */
    static ScmProvider of(List<Repository> repositories) {
        List<Repository> known = List.copyOf(repositories);
        return config -> Outcome.of(known);
    }
}
