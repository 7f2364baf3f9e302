package io.gitops4j.rego.builtin;

/**
 * A builtin's error. Without strict errors the calling expression is undefined; with them it is reported after the evaluation.
 */
public final class BuiltinException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean typeError;
    private final boolean fatal;
    private final boolean conflict;

    private BuiltinException(String message, boolean typeError, boolean fatal) {
        this(message, typeError, fatal, false);
    }

    private BuiltinException(String message, boolean typeError, boolean fatal, boolean conflict) {
        super(message, null, false, false);
        this.conflict = conflict;
        this.typeError = typeError;
        this.fatal = fatal;
    }

    /** Any failure but an operand of a wrong type. */
    public static BuiltinException of(String message) {
        return new BuiltinException(message, false, false);
    }

    /** An operand of a wrong type. */
    public static BuiltinException type(String message) {
        return new BuiltinException(message, true, false);
    }

    /** A failure that ends the query in any mode. */
    public static BuiltinException halt(String message) {
        return new BuiltinException(message, false, true);
    }

    /** Two results where one is allowed; ends the query in any mode. */
    public static BuiltinException conflict(String message) {
        return new BuiltinException(message, false, true, true);
    }

    /** The text. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** Whether an operand has a wrong type. */
    public boolean isTypeError() {
        return typeError;
    }

    /** Whether the query ends. */
    public boolean isFatal() {
        return fatal;
    }

    /** Whether there were two results where one is allowed. */
    public boolean isConflict() {
        return conflict;
    }
}
