package io.gitops4j.rego.ast;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * <code>{key: value | body}</code>.
 *
 * @param key the key
 * @param value the value
 * @param body the body
 * @param location where it stands
 */
public record ObjectComprehension(Term key, Term value, Body body, Location location) implements Term {

    @Override
    public TermKind kind() {
        return TermKind.OBJECT_COMPREHENSION;
    }

    @Override
    public ObjectComprehension at(Location place) {
        return new ObjectComprehension(key, value, body, place);
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ObjectComprehension that
                && key.equals(that.key)
                && value.equals(that.value)
                && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, value, body);
    }

    @Override
    public String toString() {
        return "{" + key + ": " + value + " | " + body + "}";
    }
}
