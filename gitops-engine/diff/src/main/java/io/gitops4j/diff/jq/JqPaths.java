package io.gitops4j.diff.jq;

import io.gitops4j.diff.PathExpressions;
import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Path expressions in jq. An expression is read as the argument of {@code del}, and what the whole gives for an object is the
 * object without the paths. A program that takes more than {@link #MAX_STEPS} steps is stopped with {@code JQ_LIMIT}, as is one that
 * recurses too deeply.
 */
public final class JqPaths implements PathExpressions {
    /** Most steps that one expression takes on one object. */
    public static final int MAX_STEPS = 1_000_000;

    @Override
    public Outcome<PathExpression> compile(String expression) {
        Node program;
        try {
            program = new JqParser("del(" + expression + ")").parse();
        } catch (JqError e) {
            return Outcome.failed(Problem.error("JQ_SYNTAX", e.text()));
        }
        return Outcome.of(value -> run(program, value));
    }

    private static Outcome<Json> run(Node program, Json value) {
        List<Json> results = new ArrayList<>();
        try {
            program.eval(Env.root(new Budget(MAX_STEPS)), Val.plain(value), val -> results.add(val.value()));
        } catch (Budget.Spent e) {
            return Outcome.failed(Problem.error("JQ_LIMIT", "the expression takes too many steps")
                    .hint("an expression may take " + MAX_STEPS + " steps on one object"));
        } catch (JqError e) {
            return Outcome.failed(Problem.error("JQ_RUNTIME", e.text()));
        } catch (Node.Break e) {
            return Outcome.failed(Problem.error("JQ_RUNTIME", "break without a label"));
        } catch (StackOverflowError e) {
            return Outcome.failed(Problem.error("JQ_LIMIT", "too deep a recursion"));
        }
        return results.size() == 1
                ? Outcome.of(results.get(0))
                : Outcome.failed(
                        Problem.error("JQ_RUNTIME", "the expression gave " + results.size() + " results, not one"));
    }
}
