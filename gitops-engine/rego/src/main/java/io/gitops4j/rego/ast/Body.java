package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conjunction of expressions.
 *
 * @param exprs the expressions, in order
 */
public record Body(List<Expr> exprs) {

    /** A body of these expressions. */
    public Body {
        exprs = List.copyOf(exprs);
    }

    /** A body of one expression. */
    public static Body of(Expr expr) {
        return new Body(List.of(expr));
    }

    /** How many expressions. */
    public int size() {
        return exprs.size();
    }

    /** Where the first expression stands. */
    public Location location() {
        return exprs.isEmpty() ? Location.none() : exprs.get(0).location();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Body that && exprs.equals(that.exprs);
    }

    @Override
    public int hashCode() {
        return exprs.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Expr expr : exprs) {
            out.append(out.length() == 0 ? "" : "; ").append(expr);
        }
        return out.toString();
    }
}
