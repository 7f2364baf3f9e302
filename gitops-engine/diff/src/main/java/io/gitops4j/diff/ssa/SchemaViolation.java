package io.gitops4j.diff.ssa;

import java.io.Serial;

/** A value that its schema does not allow; caught where a public method returns an outcome. */
final class SchemaViolation extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String path;
    private final String text;

    SchemaViolation(String path, String text) {
        super(path.isEmpty() ? text : path + ": " + text, null, false, false);
        this.path = path;
        this.text = text;
    }

    /** Path and text. */
    String display() {
        return path.isEmpty() ? text : path + ": " + text;
    }

    /** The violation below a step. */
    SchemaViolation(String step, SchemaViolation below) {
        this(step + below.path, below.text);
    }
}
