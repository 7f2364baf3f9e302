package io.gitops4j.secrets.sops;

import io.gitops4j.problem.Problem;

/** Carries a problem out of a walk over a document; never leaves {@link Sops}. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    Refusal(String code, String text) {
        super(text, null, false, false);
        this.problem = Problem.error(code, text);
    }

    Problem problem() {
        return problem;
    }
}
