package io.gitops4j.rego.ast;

import org.jspecify.annotations.Nullable;

/**
 * A string.
 *
 * @param value the value
 * @param location where it stands
 */
public record StringTerm(String value, Location location) implements Term {

    /** A string; equal ones share their characters with the keys of documents. */
    public StringTerm {
        value = value.intern();
    }

    @Override
    public TermKind kind() {
        return TermKind.STRING;
    }

    @Override
    public StringTerm at(Location place) {
        return new StringTerm(value, place);
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
        return other instanceof StringTerm that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return Printer.quote(value);
    }
}
