package io.gitops4j.rego.ast;

import org.jspecify.annotations.Nullable;

/**
 * A variable, by name. The parser gives every wildcard a name of its own, {@code $0}, {@code $1}, …; the checker renames
 * what a body declares to {@code __local0__}, {@code __local1__}, …
 *
 * @param name the name
 * @param location where it stands
 */
public record Var(String name, Location location) implements Term {

    /** The document root {@code data}. */
    public static final String DATA = "data";

    /** The document root {@code input}. */
    public static final String INPUT = "input";

    /** A variable that stands in no text. */
    public static Var of(String name) {
        return new Var(name, Location.none());
    }

    /** Whether it was written {@code _}. */
    public boolean isWildcard() {
        return name.startsWith("$");
    }

    /** Whether a stage made it. */
    public boolean isGenerated() {
        return name.startsWith("__local");
    }

    /** Whether it is {@code data} or {@code input}. */
    public boolean isRootDocument() {
        return name.equals(DATA) || name.equals(INPUT);
    }

    @Override
    public TermKind kind() {
        return TermKind.VAR;
    }

    @Override
    public Var at(Location place) {
        return new Var(name, place);
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Var that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return isWildcard() ? "_" : name;
    }
}
