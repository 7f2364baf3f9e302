package io.gitops4j.rollout.expr;

/** Why an expression does not compile or has no value; never leaves the package. */
final class ExpressionError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final int position;

    ExpressionError(String text) {
        this(text, -1);
    }

    ExpressionError(String text, int position) {
        super(text, null, false, false);
        this.text = text;
        this.position = position;
    }

    String text() {
        return text;
    }

    int position() {
        return position;
    }
}
