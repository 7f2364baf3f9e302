package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code {a, b}} or {@code set()}. Repeated items are kept as written until evaluation.
 *
 * @param items the items, in the order written
 * @param location where it stands
 */
public record SetTerm(List<Term> items, Location location) implements Term {

    /** A collection of these items. */
    public SetTerm {
        items = List.copyOf(items);
    }

    @Override
    public TermKind kind() {
        return TermKind.SET;
    }

    @Override
    public SetTerm at(Location place) {
        return new SetTerm(items, place);
    }

    @Override
    public boolean isConstant() {
        return Constants.all(items);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SetTerm that && items.equals(that.items);
    }

    @Override
    public int hashCode() {
        return items.hashCode() + 83;
    }

    @Override
    public String toString() {
        return items.isEmpty() ? "set()" : Printer.list("{", items, "}");
    }
}
