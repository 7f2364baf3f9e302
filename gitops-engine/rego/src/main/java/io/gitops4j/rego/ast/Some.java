package io.gitops4j.rego.ast;

import java.util.List;

/**
 * {@code some x, y} or {@code some k, v in xs}. Gone after the check.
 *
 * @param symbols variables; or one call of {@code internal.member_2} or {@code internal.member_3}
 * @param location where it stands
 */
public record Some(List<Term> symbols, Location location) implements Statement {

    /** A declaration of these symbols. */
    public Some {
        symbols = List.copyOf(symbols);
    }

    @Override
    public String toString() {
        return Printer.some(this);
    }
}
