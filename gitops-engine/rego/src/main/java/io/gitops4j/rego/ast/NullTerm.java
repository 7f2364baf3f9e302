package io.gitops4j.rego.ast;

import org.jspecify.annotations.Nullable;

/**
 * {@code null}.
 *
 * @param location where it stands
 */
public record NullTerm(Location location) implements Term {

    @Override
    public TermKind kind() {
        return TermKind.NULL;
    }

    @Override
    public NullTerm at(Location place) {
        return new NullTerm(place);
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
        return other instanceof NullTerm;
    }

    @Override
    public int hashCode() {
        return 31;
    }

    @Override
    public String toString() {
        return "null";
    }
}
