package io.gitops4j.rego.ast;

/**
 * The inside of <code>not { body }</code>, and of every {@code not} under {@code import future.keywords.not}. The expression
 * that holds it is negated: it succeeds when the body has no solution. What the body declares stays inside.
 *
 * @param body the negated body
 * @param explicit whether braces were written
 * @param location where it stands
 */
public record NotBody(Body body, boolean explicit, Location location) implements Statement {

    @Override
    public String toString() {
        return "{ " + body + " }";
    }
}
