package io.gitops4j.rego.ast;

/**
 * What an {@link Expr} says: a term (a call among them), a declaration, a quantifier, a nested body.
 */
public sealed interface Statement permits Term, Some, Every, NotBody, Logical {

    /** Where it stands. */
    Location location();
}
