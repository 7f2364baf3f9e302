package io.gitops4j.policy.cel.expression;

import org.jspecify.annotations.Nullable;

/**
 * What an evaluation gave.
 *
 * @param value CEL's value, {@code null} when it failed
 * @param error why it failed, in the words of Kubernetes' CEL, {@code null} when it did not
 */
public record CelResult(@Nullable Object value, @Nullable String error) {

    /** Whether it failed. */
    public boolean failed() {
        return error != null;
    }

    /** Whether the value is {@code true}. */
    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    /** The value if it is a string, else {@code null}. */
    public @Nullable String text() {
        return value instanceof String text ? text : null;
    }
}
