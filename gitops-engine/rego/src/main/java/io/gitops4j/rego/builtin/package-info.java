/**
 * The builtin functions of Rego, one class a family, and what is needed to add one's own. A builtin is a function from values to a value;
 * it reports wrong operands by {@link io.gitops4j.rego.builtin.BuiltinException} and has no way to a clock, a network or randomness but
 * through {@link io.gitops4j.rego.builtin.BuiltinContext}. Start reading at {@link io.gitops4j.rego.builtin.Builtins}.
 */
@NullMarked
package io.gitops4j.rego.builtin;

import org.jspecify.annotations.NullMarked;
