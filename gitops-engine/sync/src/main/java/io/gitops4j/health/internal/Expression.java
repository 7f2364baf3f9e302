package io.gitops4j.health.internal;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression. What is missing or null evaluates to {@code null}, and so does everything reached through it; {@code null}
 * and {@code false} count as false, every other value as true. Evaluation never fails.
 */
public interface Expression {

    /** The value over {@code frame}; {@code null} for what is missing. */
    @Nullable
    Json value(Frame frame);

    /** Whether the value counts as true. */
    default boolean holds(Frame frame) {
        return truthy(value(frame));
    }

    /** The value as text for a message: strings as they are, nothing for a missing value, JSON for the rest. */
    default String text(Frame frame) {
        return textOf(value(frame));
    }

    /** Whether a value counts as true. */
    static boolean truthy(@Nullable Json value) {
        return value != null && value != JsonBool.FALSE;
    }

    /** The text of a value in a message. */
    static String textOf(@Nullable Json value) {
        if (value == null) {
            return "";
        }
        String text = value.textOrNull();
        if (text != null) {
            return text;
        }
        return value instanceof JsonNumber number ? number.lexeme() : value.toJson();
    }
}
