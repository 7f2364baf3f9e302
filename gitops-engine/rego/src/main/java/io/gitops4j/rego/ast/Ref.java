package io.gitops4j.rego.ast;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reference {@code head.a["b"][c]}: one term or more. The head is mostly a variable; it may be a call or a collection
 * ({@code [1, 2][i]}).
 *
 * @param terms head first
 * @param location where it stands
 */
public record Ref(List<Term> terms, Location location) implements Term {

    /** A reference of these terms. */
    public Ref {
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a reference has a head");
        }
        terms = List.copyOf(terms);
    }

    /** {@code data.a.b}: a variable followed by strings. */
    public static Ref of(String head, String... keys) {
        List<Term> terms = new ArrayList<>(keys.length + 1);
        terms.add(Var.of(head));
        for (String key : keys) {
            terms.add(new StringTerm(key, Location.none()));
        }
        return new Ref(terms, Location.none());
    }

    /** The first term. */
    public Term head() {
        return terms.get(0);
    }

    /** The last term. */
    public Term last() {
        return terms.get(terms.size() - 1);
    }

    /** How many terms, the head counted. */
    public int size() {
        return terms.size();
    }

    /** The term at {@code index}. */
    public Term get(int index) {
        return terms.get(index);
    }

    /** Whether the head is the variable {@code name}. */
    public boolean startsWithVar(String name) {
        return head() instanceof Var var && var.name().equals(name);
    }

    /** Whether the terms of {@code prefix} are this reference's first ones. */
    public boolean hasPrefix(Ref prefix) {
        return prefix.size() <= size() && terms.subList(0, prefix.size()).equals(prefix.terms);
    }

    /** Whether no term after the head varies. */
    public boolean isGround() {
        for (int i = 1; i < terms.size(); i++) {
            if (!terms.get(i).isConstant()) {
                return false;
            }
        }
        return true;
    }

    /** The longest prefix in which no term after the head varies. */
    public Ref groundPrefix() {
        for (int i = 1; i < terms.size(); i++) {
            if (!terms.get(i).isConstant()) {
                return prefix(i);
            }
        }
        return this;
    }

    /** The longest prefix of head and strings. */
    public Ref stringPrefix() {
        for (int i = 1; i < terms.size(); i++) {
            if (terms.get(i).kind() != TermKind.STRING) {
                return prefix(i);
            }
        }
        return this;
    }

    /** The first {@code length} terms. */
    public Ref prefix(int length) {
        return length == terms.size() ? this : new Ref(terms.subList(0, length), location);
    }

    /** This reference with one more term. */
    public Ref append(Term term) {
        List<Term> longer = new ArrayList<>(terms.size() + 1);
        longer.addAll(terms);
        longer.add(term);
        return new Ref(longer, location);
    }

    /** This reference with other terms. */
    public Ref withTerms(List<Term> newTerms) {
        return new Ref(newTerms, location);
    }

    @Override
    public TermKind kind() {
        return TermKind.REF;
    }

    @Override
    public Ref at(Location place) {
        return new Ref(terms, place);
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ref that && terms.equals(that.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    @Override
    public String toString() {
        return Printer.ref(this);
    }
}
