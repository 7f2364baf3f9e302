package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.CommitVerifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether commits are signed as a project asks. */
final class CommitSignatures {
    private CommitSignatures() {}

    /** What was rendered, or error {@code SIGNATURE} for each commit that is not signed by a key of the project. */
    static Outcome<RenderedApplication> checked(
            RenderedApplication rendered, AppProject project, @Nullable CommitVerifier verifier) {
        if (project.signatureKeys().isEmpty()) {
            return Outcome.of(rendered);
        }
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < rendered.revisions().size(); i++) {
            String url = rendered.application().sources().get(i).repoUrl();
            String commit = rendered.revisions().get(i);
            String why = verifier == null ? "cannot be verified" : refusal(verifier.verify(url, commit), project);
            if (!why.isEmpty()) {
                problems.add(Problem.error("SIGNATURE", "commit " + commit + " of " + url + " " + why)
                        .hint("project " + project.name() + " asks for a signature by one of its keys"));
            }
        }
        return problems.isEmpty() ? Outcome.of(rendered) : Outcome.failed(problems);
    }

    private static String refusal(CommitVerifier.Verdict verdict, AppProject project) {
        return switch (verdict.result()) {
            case GOOD ->
                project.signatureKeys().contains(verdict.keyId())
                        ? ""
                        : "is signed by key " + verdict.keyId() + ", which the project does not list";
            case UNSIGNED -> "is not signed";
            case BAD -> "has a signature that does not fit it";
            case EXPIRED -> "is signed by key " + verdict.keyId() + ", which has expired";
            case REVOKED -> "is signed by key " + verdict.keyId() + ", which was revoked";
            case UNKNOWN_KEY -> "is signed by key " + verdict.keyId() + ", which is not known";
        };
    }
}
