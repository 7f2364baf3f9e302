package io.gitops4j.appset;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import java.util.List;

/** Lists open pull requests for {@code pullRequest} generators. */
@FunctionalInterface
public interface PullRequestProvider {
    /** The code of a problem that says that the repository is not there. */
    String REPOSITORY_NOT_FOUND = "REPOSITORY_NOT_FOUND";

    /**
     * The open pull requests, in any order.
     *
     * @param config the generator's block for this provider, such as {@code github}
     */
    Outcome<List<PullRequest>> pullRequests(JsonObject config);

    /** An open pull request. */
    record PullRequest(
            long number,
            String title,
            String branch,
            String targetBranch,
            String headSha,
            List<String> labels,
            String author) {

        /** A pull request of these parts. */
        public PullRequest {
            labels = List.copyOf(labels);
        }
    }

    /** A provider that always knows these. */
    static PullRequestProvider of(List<PullRequest> pullRequests) {
        List<PullRequest> known = List.copyOf(pullRequests);
        return config -> Outcome.of(known);
    }
}
