package io.gitops4j.engine;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitRepository;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Revisions as a person types them: what {@link GitRepository#resolve} knows, with {@code ~N} for the N-th first parent and
 * {@code ^N} for the N-th parent behind it, as often as wanted ({@code HEAD~2}, {@code main^}, {@code v1.0^2~3}). What needs the
 * log of a work tree ({@code HEAD@{1}}), a search ({@code :/text}) or a range ({@code a..b}) is refused, {@code BAD_REF}.
 */
public final class RevisionSyntax {
    private static final Pattern STEP = Pattern.compile("([~^])(\\d{0,6})");
    private static final int MOST = 10_000;

    private RevisionSyntax() {}

    /**
     * The commit that {@code revision} names. Problems, beside those of {@link GitRepository#resolve}: {@code BAD_REF}, and
     * {@code GIT_REVISION_UNKNOWN} where the history ends before.
     */
    public static Outcome<String> commit(GitRepository repository, String revision) {
        if (revision.contains("@{") || revision.startsWith(":") || revision.contains("..") || revision.contains("^{")) {
            return Outcome.failed(
                    Problem.error("BAD_REF", "'" + revision + "' names no commit without a work tree and its log")
                            .hint("a branch, a tag, a commit, or one of them with ~N or ^N behind it, such as HEAD~1"));
        }
        int end = end(revision);
        if (end == revision.length()) {
            return repository.resolve(revision);
        }
        String name = end == 0 ? "HEAD" : revision.substring(0, end);
        String steps = revision.substring(end);
        return repository.resolve(name).then(commit -> walk(repository, revision, commit, steps));
    }

    private static int end(String revision) {
        for (int i = 0; i < revision.length(); i++) {
            if (revision.charAt(i) == '~' || revision.charAt(i) == '^') {
                // a semver range begins with one of them
                boolean range = i == 0 && revision.length() > 1 && revision.indexOf('.') > 0;
                return range ? revision.length() : i;
            }
        }
        return revision.length();
    }

    private static Outcome<String> walk(GitRepository repository, String revision, String from, String steps) {
        Matcher matcher = STEP.matcher(steps);
        String at = from;
        int read = 0;
        while (read < steps.length()) {
            if (!matcher.find(read) || matcher.start() != read) {
                return Outcome.failed(Problem.error(
                                "BAD_REF", "'" + revision + "' cannot be read from '" + steps.substring(read) + "' on")
                        .hint("~N and ^N, such as HEAD~1 or main^2"));
            }
            read = matcher.end();
            int count = matcher.group(2).isEmpty() ? 1 : Integer.parseInt(matcher.group(2));
            boolean back = matcher.group(1).equals("~");
            int hops = back ? Math.min(count, MOST) : Math.min(count, 1);
            for (int i = 0; i < hops; i++) {
                List<String> parents = parents(repository, at);
                int parent = back ? 0 : count - 1;
                if (parent >= parents.size()) {
                    return Outcome.failed(Problem.error(
                                    "GIT_REVISION_UNKNOWN",
                                    "'" + revision + "' goes beyond the history: " + at + " has "
                                            + (parents.isEmpty() ? "no parent" : parents.size() + " parents"))
                            .hint("name a commit, or fetch more of the history"));
                }
                at = parents.get(parent);
            }
        }
        return Outcome.of(at);
    }

    private static List<String> parents(GitRepository repository, String commit) {
        try {
            return repository.commit(commit).parents();
        } catch (GitOpsException notThere) {
            return List.of();
        }
    }
}
