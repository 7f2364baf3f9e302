package io.gitops4j.rego.ast;

import org.jspecify.annotations.Nullable;

/**
 * {@code true} or {@code false}.
 *
 * @param value the value
 * @param location where it stands
 */
public record BoolTerm(boolean value, Location location) implements Term {

    @Override
    public TermKind kind() {
        return TermKind.BOOLEAN;
    }

    @Override
    public BoolTerm at(Location place) {
        return new BoolTerm(value, place);
    }

    @Override
    public boolean isConstant() {
        return true;
    }

    @Override
    public boolean isScalar() {
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BoolTerm that && value == that.value;
    }

    @Override
    public int hashCode() {
        return Boolean.hashCode(value);
    }

    @Override
    public String toString() {
        return Boolean.toString(value);
    }
}
