package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * <code>$"text {expression}"</code>. The checker replaces it by a call of {@code internal.template_string} over an array of
 * strings and, for each expression, a set comprehension.
 *
 * @param parts text and expressions in turn
 * @param raw whether it was written with back quotes
 * @param location where it stands
 */
public record TemplateString(List<Part> parts, boolean raw, Location location) implements Term {

    /** A template of these parts. */
    public TemplateString {
        parts = List.copyOf(parts);
    }

    /** A piece of text, or an expression in braces: exactly one of both. */
    public record Part(@Nullable String text, @Nullable Expr expr) {}

    @Override
    public TermKind kind() {
        return TermKind.TEMPLATE_STRING;
    }

    @Override
    public TemplateString at(Location place) {
        return new TemplateString(parts, raw, place);
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TemplateString that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return Printer.template(this);
    }
}
