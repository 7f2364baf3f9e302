package io.gitops4j.health.internal;

/** A rule that cannot be read; the message says what is wrong, never leaves {@code HealthRules.parse}. */
public final class RuleSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with this message. */
    public RuleSyntaxException(String message) {
        super(message, null, false, false);
    }
}
