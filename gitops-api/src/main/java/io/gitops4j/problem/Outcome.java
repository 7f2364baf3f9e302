package io.gitops4j.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a stage made of an input: a value and the problems found on the way. There is a value exactly when no problem is an
 * error.
 *
 * @param <T> the value
 */
public final class Outcome<T> {
    private final @Nullable T value;
    private final List<Problem> problems;

    private Outcome(@Nullable T value, List<Problem> problems) {
        this.value = value;
        this.problems = problems;
    }

    /** A value without problems. */
    public static <T> Outcome<T> of(T value) {
        return new Outcome<>(value, List.of());
    }

    /**
     * A value with warnings.
     *
     * @throws IllegalArgumentException when one of them is an error
     */
    public static <T> Outcome<T> of(T value, List<Problem> warnings) {
        for (Problem problem : warnings) {
            if (problem.isError()) {
                throw new IllegalArgumentException("an outcome with an error has no value: " + problem);
            }
        }
        return new Outcome<>(value, List.copyOf(warnings));
    }

    /** No value, for this reason. */
    public static <T> Outcome<T> failed(Problem problem) {
        return failed(List.of(problem));
    }

    /**
     * No value, for these reasons.
     *
     * @throws IllegalArgumentException when none of them is an error
     */
    public static <T> Outcome<T> failed(List<Problem> problems) {
        for (Problem problem : problems) {
            if (problem.isError()) {
                return new Outcome<>(null, List.copyOf(problems));
            }
        }
        throw new IllegalArgumentException("a failed outcome needs an error: " + problems);
    }

    /** Whether there is a value. */
    public boolean ok() {
        return value != null;
    }

    /** The value, if there is one. */
    public Optional<T> value() {
        return Optional.ofNullable(value);
    }

    /** The value, or {@code null} when there is none. */
    public @Nullable T orNull() {
        return value;
    }

    /** All problems, in the order found. */
    public List<Problem> problems() {
        return problems;
    }

    /** The problems that withhold the value. */
    public List<Problem> errors() {
        return problems.stream().filter(Problem::isError).toList();
    }

    /**
     * The value.
     *
     * @throws ProblemException holding all problems, when there is none
     */
    public T orThrow() {
        if (value == null) {
            throw new ProblemException(problems);
        }
        return value;
    }

    /** The value changed by {@code function}, with the same problems. */
    public <R> Outcome<R> map(Function<? super T, ? extends R> function) {
        return value == null ? retyped() : new Outcome<>(function.apply(value), problems);
    }

    /** The next stage's outcome for the value, with the problems of both. */
    public <R> Outcome<R> then(Function<? super T, Outcome<R>> function) {
        if (value == null) {
            return retyped();
        }
        Outcome<R> next = function.apply(value);
        if (problems.isEmpty()) {
            return next;
        }
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(next.problems);
        return new Outcome<>(next.value, List.copyOf(all));
    }

    private <R> Outcome<R> retyped() {
        return new Outcome<>(null, problems);
    }

    @Override
    public String toString() {
        return value == null ? "failed " + problems : problems.isEmpty() ? "ok" : "ok " + problems;
    }
}
