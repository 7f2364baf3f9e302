package io.gitops4j.rollout.expr;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression: parsed once, evaluated often, safe to share between threads. It sees one name, {@code result}, and
 * the functions {@code asInt}, {@code asFloat}, {@code isNaN}, {@code isInf}, {@code isNil}, {@code default} beside the
 * builtins of the language; any other name is refused when it is compiled.
 *
 * <p>Values are {@code null}, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link java.util.List} and
 * {@link java.util.Map} with string keys, {@link java.time.Duration} and {@link Instant}.
 *
 * <p>Source: Rollouts §3.2.
 */
public final class Expression {
    private static final int MAX_LENGTH = 10_000;
    private static final long MAX_STEPS = 1_000_000;

    private final String text;
    private final Node root;

    private Expression(String text, Node root) {
        this.text = text;
        this.root = root;
    }

    /**
     * What an evaluation gave.
     *
     * @param value the value, when there is no error
     * @param error why there is none, {@code null} when there is one
     */
    public record Result(@Nullable Object value, @Nullable String error) {

        /** Whether the value is {@code true}. */
        public boolean isTrue() {
            return error == null && Boolean.TRUE.equals(value);
        }
    }

    /** The expression that {@code text} spells, or the problem {@code EXPRESSION} with its place. */
    public static Outcome<Expression> compile(String text) {
        if (text.length() > MAX_LENGTH) {
            return Outcome.failed(Problem.error("EXPRESSION", "the expression is longer than " + MAX_LENGTH));
        }
        try {
            return Outcome.of(new Expression(text, new Parser(text).parse()));
        } catch (ExpressionError error) {
            int at = Math.max(0, Math.min(error.position(), text.length()));
            int line = 1;
            int column = 1;
            for (int i = 0; i < at; i++) {
                boolean newline = text.charAt(i) == '\n';
                line += newline ? 1 : 0;
                column = newline ? 1 : column + 1;
            }
            return Outcome.failed(Problem.error("EXPRESSION", error.text()).at(Where.in("", text, line, column)));
        }
    }

    /** Evaluates with {@code result}; {@code now()} has no answer and is an error. */
    public Result evaluate(@Nullable Object result) {
        return evaluate(result, null);
    }

    /** Evaluates with {@code result} and the time that {@code now()} answers. */
    public Result evaluate(@Nullable Object result, @Nullable Instant now) {
        try {
            return new Result(root.eval(new Env(result, now, MAX_STEPS)), null);
        } catch (ExpressionError error) {
            return new Result(null, error.text());
        } catch (ArithmeticException error) {
            return new Result(null, "arithmetic: " + error.getMessage());
        }
    }

    /** Evaluates a condition: an error when the value is not a boolean. */
    public Result condition(@Nullable Object result, @Nullable Instant now) {
        Result given = evaluate(result, now);
        if (given.error() != null || given.value() instanceof Boolean) {
            return given;
        }
        return new Result(null, "expected bool, but got " + Values.typeName(given.value()));
    }

    /** The text that was compiled. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
