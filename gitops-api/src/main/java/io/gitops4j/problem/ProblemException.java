package io.gitops4j.problem;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by {@link Outcome#orThrow()} only: holds every problem of the outcome. */
public final class ProblemException extends GitOpsException {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    /** An exception for these problems. */
    public ProblemException(List<Problem> problems) {
        super(
                problems.stream()
                        .filter(Problem::isError)
                        .map(Problem::code)
                        .findFirst()
                        .orElse("PROBLEM"),
                problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All problems, warnings too, in the order found. */
    public List<Problem> problems() {
        return problems;
    }
}
