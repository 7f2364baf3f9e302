package io.gitops4j.helm;

import io.gitops4j.problem.Problem;

/** Ends a render with one problem. Never leaves this package. */
final class HelmFault extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    HelmFault(Problem problem) {
        super(problem.text(), null, false, false);
        this.problem = problem;
    }

    HelmFault(String code, String text) {
        this(Problem.error(code, text));
    }

    Problem problem() {
        return problem;
    }
}
