package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code [a, b]}.
 *
 * @param items the items, in the order written
 * @param location where it stands
 */
public record ArrayTerm(List<Term> items, Location location) implements Term {

    /** A collection of these items. */
    public ArrayTerm {
        items = List.copyOf(items);
    }

    @Override
    public TermKind kind() {
        return TermKind.ARRAY;
    }

    @Override
    public ArrayTerm at(Location place) {
        return new ArrayTerm(items, place);
    }

    @Override
    public boolean isConstant() {
        return Constants.all(items);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ArrayTerm that && items.equals(that.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode() + 65;
    }

    @Override
    public String toString() {
        return Printer.list("[", items, "]");
    }
}
