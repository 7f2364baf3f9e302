package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;

/** An error that ends an evaluation. */
public final class EvalException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /** Two results where one is allowed. */
    public static final String CONFLICT = "eval_conflict_error";
    /** An operand of a wrong type. */
    public static final String TYPE = "eval_type_error";
    /** A builtin failed. */
    public static final String BUILTIN = "eval_builtin_error";
    /** Replaced data that cannot be merged with rules. */
    public static final String WITH_MERGE = "eval_with_merge_error";
    /** Cancelled by the host. */
    public static final String CANCEL = "eval_cancel_error";
    /** A limit was reached. */
    public static final String LIMIT = "eval_limit_error";
    /** Should have been refused before. */
    public static final String INTERNAL = "eval_internal_error";

    private final String code;
    private transient Location location;

    /** An error with a code, a text and a place. */
    public EvalException(String code, String message, Location location) {
        super(message, null, false, false);
        this.code = code;
        this.location = location;
    }

    /** The code. */
    public String code() {
        return code;
    }

    /** The place. */
    public Location location() {
        return location;
    }

    /** The same with the place of the rule that was evaluated, where it has none of its own. */
    EvalException within(Location rule) {
        if (location.row() == 0) {
            location = rule;
        }
        return this;
    }

    /** The text without place and code. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** {@code file:row: code: text}. */
    public String display() {
        String place = location.file().isEmpty() ? location.text() : location.fileAndRow();
        return (place.isEmpty() ? "" : place + ": ") + code + ": " + text();
    }
}
