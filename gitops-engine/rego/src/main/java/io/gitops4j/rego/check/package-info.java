/**
 * What a set of modules means: names resolved, locals renamed, bodies reordered so that every variable is bound before it is
 * used, types and rules checked. Start with {@link io.gitops4j.rego.check.Checker}; the result is a
 * {@link io.gitops4j.rego.check.CheckedModules}, ready for an evaluator. Nothing is evaluated here.
 */
@NullMarked
package io.gitops4j.rego.check;

import org.jspecify.annotations.NullMarked;
