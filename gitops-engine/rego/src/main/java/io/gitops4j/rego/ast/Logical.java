package io.gitops4j.rego.ast;

/**
 * {@code a and b}, {@code a or b}. Each operand is a body whose declarations stay inside; it holds when it has a solution,
 * and is not tried again for others. Chains nest to the left.
 *
 * @param isOr whether this is {@code or}
 * @param left the first operand
 * @param leftExplicit whether the first operand was written in braces
 * @param right the second operand, evaluated only when needed
 * @param rightExplicit whether the second operand was written in braces
 * @param location where it stands
 */
public record Logical(
        boolean isOr, Body left, boolean leftExplicit, Body right, boolean rightExplicit, Location location)
        implements Statement {

    @Override
    public String toString() {
        return operand(left, leftExplicit) + (isOr ? " or " : " and ") + operand(right, rightExplicit);
    }

    private static String operand(Body body, boolean explicit) {
        return explicit || body.size() != 1 ? "{ " + body + " }" : body.toString();
    }
}
