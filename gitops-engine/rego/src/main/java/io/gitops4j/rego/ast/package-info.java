/**
 * The syntax tree of Rego: immutable values with places. The parser ({@code io.gitops4j.rego.syntax}) makes it, the
 * checker ({@code io.gitops4j.rego.check}) rewrites it into the resolved form that an evaluator compiles. Start with
 * {@link io.gitops4j.rego.ast.Module}, {@link io.gitops4j.rego.ast.Rule}, {@link io.gitops4j.rego.ast.Expr} and
 * {@link io.gitops4j.rego.ast.Term}. Equality never looks at places.
 */
@NullMarked
package io.gitops4j.rego.ast;

import org.jspecify.annotations.NullMarked;
