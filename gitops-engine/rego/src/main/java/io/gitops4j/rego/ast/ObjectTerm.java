package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"k": v}}. Of repeated constant keys the parser keeps the last value.
 *
 * @param entries the entries, in the order written
 * @param location where it stands
 */
public record ObjectTerm(List<Entry> entries, Location location) implements Term {

    /** An object of these entries. */
    public ObjectTerm {
        entries = List.copyOf(entries);
    }

    /** One key with its value. */
    public record Entry(Term key, Term value) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entry that && key.equals(that.key) && value.equals(that.value);
        }

        @Override
        public int hashCode() {
            return key.hashCode() * 31 + value.hashCode();
        }
    }

    /** The value under an equal key, or {@code null}. */
    public @Nullable Term get(Term key) {
        for (Entry entry : entries) {
            if (entry.key.equals(key)) {
                return entry.value;
            }
        }
        return null;
    }

    @Override
    public TermKind kind() {
        return TermKind.OBJECT;
    }

    @Override
    public ObjectTerm at(Location place) {
        return new ObjectTerm(entries, place);
    }

    @Override
    public boolean isConstant() {
        for (Entry entry : entries) {
            if (!entry.key.isConstant() || !entry.value.isConstant()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ObjectTerm that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode() + 3;
    }

    @Override
    public String toString() {
        return Printer.object(this);
    }
}
