package io.gitops4j.health.internal;

import io.gitops4j.json.JsonObject;

/** A compiled expression over an object, as a yes or no. */
public final class Condition {
    private final Expression expression;
    private final int slots;

    private Condition(Expression expression, int slots) {
        this.expression = expression;
        this.slots = slots;
    }

    /**
     * The condition that {@code text} spells.
     *
     * @throws RuleSyntaxException saying what is wrong in it
     */
    public static Condition parse(String text) {
        Scope scope = new Scope();
        Expression expression = ExpressionParser.parse(text, scope);
        return new Condition(expression, scope.size());
    }

    /** Whether it holds for {@code object}. */
    public boolean holds(JsonObject object) {
        return expression.holds(new Frame(object, slots));
    }
}
